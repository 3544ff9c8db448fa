#!/usr/bin/env python3
"""Attack rtmp-top while others use it, over loopback.

    attacks.py [--server PATH] [--seconds 6] [--connections 50] [ATTACK ...]

For each attack a fresh server with one worker, so that who attacks stands in
the way of who asks, on one core; attackers and those who ask on the other.
Four clients ping about 17 times a second each; a fifth connects anew again
and again, from TCP connect to the answer to play, which is five answers.  Prints
a row an attack: pings, newcomers, resident memory before and at its peak,
connections of the attacker, and how the server ended them.  Exits with 1 if a
ping, a newcomer or the memory is above its bound, or if the server is gone.  Standard library only; attacks run at the
lowest priority, those who ask at the highest that is allowed.
"""
import argparse, json, multiprocessing, os, random, select, socket, struct, subprocess, sys, threading, time
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


# RTMP, as little as it takes

def string(s):
    return b"\2" + struct.pack(">H", len(s)) + s.encode()


def number(x):
    return b"\0" + struct.pack(">d", x)


def pairs(**values):
    body = b"".join(struct.pack(">H", len(k)) + k.encode() + string(v) for k, v in values.items())
    return body + b"\0\0\x09"


def header(csid, kind, length, stream=0, time=0):
    return bytes([csid]) + struct.pack(">I", time)[1:] + struct.pack(">I", length)[1:] + bytes([kind]) \
        + struct.pack("<I", stream)


def message(kind, body, csid=3, stream=0, time=0, chunk=128):
    parts = [body[i:i + chunk] for i in range(0, len(body), chunk)] or [b""]
    return header(csid, kind, len(body), stream, time) + bytes([0xC0 | csid]).join(parts)


def command(name, transaction, *values, stream=0):
    body = string(name) + number(transaction) + b"".join(values)
    return message(20, body, stream=stream)


NULL = b"\5"
CONNECT = command("connect", 1, b"\3" + pairs(app="live", tcUrl="rtmp://h/live", flashVer="attack"))
CREATE = command("createStream", 2, NULL)
BIG_CHUNKS = message(1, struct.pack(">I", 0xFFFFFF), csid=2)


def ping(n):
    return message(4, struct.pack(">HI", 6, n), csid=2)


class Peer:
    def __init__(self, port, timeout=10, receive_buffer=None):
        self.s = socket.socket()
        if receive_buffer:
            self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.s.settimeout(timeout)
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.s.connect(("127.0.0.1", port))
        self.data = b""

    def send(self, data):
        self.s.sendall(data)

    def until(self, sign):
        """Reads until these bytes came; everything up to them is gone then."""
        while sign not in self.data:
            more = self.s.recv(65536)
            if not more:
                raise ConnectionError
            self.data += more
        self.data = self.data[self.data.index(sign) + len(sign):]

    def handshake(self):
        self.send(b"\3" + bytes(8) + bytes(1528))
        got = b""
        while len(got) < 3073:
            more = self.s.recv(3073 - len(got))
            if not more:
                raise ConnectionError
            got += more
        self.send(got[1:1537])

    def connect(self):
        self.handshake()
        self.send(CONNECT)
        self.until(b"_result")
        return self

    def publish(self, name):
        self.connect()
        self.send(CREATE)
        self.until(b"_result")
        self.send(command("publish", 0, NULL, string(name), string("live"), stream=1))
        self.until(b"NetStream.Publish.Start")
        return self

    def play(self, name):
        self.connect()
        self.send(CREATE)
        self.until(b"_result")
        self.send(command("play", 0, NULL, string(name), stream=1))
        self.until(b"NetStream.Play.Start")
        return self

    def close(self):
        self.s.close()

    def reset(self):
        self.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.s.close()


# Attacks: `open` makes one connection, `data` is sent through all of them as fast as they take it.
# Whatever is closed comes back at once.

class Attack:
    """As many connections as it is given, each sending `data` over and over."""
    connections = None
    data = b""
    #: stop sending after so many bytes a connection, and sit there
    limit = None

    def begin(self, port, n):
        return Peer(port).connect()

    def bytes(self, n):
        return self.data

    def run(self, port, count, until, opened):
        live = {}
        poller = select.poll()
        n = 0
        while time.monotonic() < until:
            while len(live) < count and time.monotonic() < until:
                try:
                    peer = self.begin(port, n)
                except (OSError, ConnectionError):
                    break
                n += 1
                opened.value = n
                peer.s.setblocking(False)
                peer.sent, peer.out = 0, memoryview(self.bytes(n))
                live[peer.s.fileno()] = peer
                poller.register(peer.s, select.POLLIN | (select.POLLOUT if len(peer.out) else 0))
                if len(live) % 8 == 0:
                    break
            if not live:
                time.sleep(0.001)
                continue
            for fd, event in poller.poll(20):
                peer = live.get(fd)
                if peer is None:
                    continue
                try:
                    if event & (select.POLLIN | select.POLLHUP | select.POLLERR):
                        self.read(peer)
                    if event & select.POLLOUT:
                        at = peer.sent % len(peer.out)
                        peer.sent += peer.s.send(peer.out[at:at + 262144])
                        if self.limit and peer.sent >= self.limit:
                            poller.modify(peer.s, select.POLLIN)
                except BlockingIOError:
                    pass
                except (OSError, ConnectionError):
                    poller.unregister(fd)
                    del live[fd]
                    peer.close()

    def read(self, peer):
        if not peer.s.recv(262144):
            raise ConnectionError


class Flood(Attack):
    def __init__(self, data, publishes=False, limit=None, connections=None):
        self.data, self.publishes, self.limit, self.connections = data, publishes, limit, connections

    def begin(self, port, n):
        peer = Peer(port)
        return peer.publish("a%d" % n) if self.publishes else peer.connect()


class Fresh(Flood):
    """Without connect."""
    def begin(self, port, n):
        peer = Peer(port)
        peer.handshake()
        return peer


class Raw(Flood):
    """Without handshake."""
    def begin(self, port, n):
        return Peer(port)


class Churn(Attack):
    def __init__(self, depth, resets=False):
        self.depth, self.resets = depth, resets

    def run(self, port, count, until, opened):
        n = 0
        while time.monotonic() < until:
            try:
                peer = Peer(port)
                if self.depth == 1:
                    peer.send(b"\3" + bytes(1536))
                elif self.depth == 2:
                    peer.publish("churn%d" % n)
                peer.reset() if self.resets else peer.close()
                n += 1
                opened.value = n
            except (OSError, ConnectionError):
                time.sleep(0.001)


class Deaf(Attack):
    """Players that never read, of a stream of 8 Mbit/s."""
    connections = 300

    def begin(self, port, n):
        return Peer(port, receive_buffer=4096).play("loud")

    def run(self, port, count, until, opened):
        def publish():
            peer = Peer(port).publish("loud")
            peer.send(BIG_CHUNKS)
            n = 0
            start = time.monotonic()
            while time.monotonic() < until:
                body = (b"\x17" if n % 30 == 0 else b"\x27") + b"\1\0\0\0" + bytes(33000)
                peer.send(message(9, body, csid=6, stream=1, time=n * 33, chunk=0xFFFFFF))
                n += 1
                time.sleep(max(0, start + n / 30 - time.monotonic()))
        threading.Thread(target=publish, daemon=True).start()
        time.sleep(0.3)
        deaf = []
        while time.monotonic() < until:
            if len(deaf) < count:
                deaf.append(self.begin(port, 0))
                opened.value = len(deaf)
            else:
                time.sleep(0.05)


def csids():
    """More chunk streams than are allowed, by their dearest number."""
    return b"".join(b"\1" + struct.pack("<H", 700 * i & 0xFFFF) + header(0, 8, 1, 1)[1:] + b"\xaf"
                    for i in range(70))


def declared(kind, length, part, count):
    """Messages that are begun on many chunk streams, and never end."""
    return BIG_CHUNKS + b"".join(header(8 + i, kind, length, 1) + bytes(part) for i in range(count))


def interleaved(length, count):
    """Messages on many chunk streams that grow side by side by a chunk of 4 KiB, and never end."""
    size = 4096
    heads = b"".join(header(8 + i, 9, length, 1) + bytes(size) for i in range(count))
    tails = b"".join(bytes([0xC0 | 8 + i]) + bytes(size) for i in range(count))
    return message(1, struct.pack(">I", size), csid=2) + heads + tails * (length // size - 2)


def nested(depth):
    return b"\3" + b"\0\1a\3" * depth


def array_of_nulls(count):
    return b"\x0a" + struct.pack(">I", count) + NULL * count


def references(levels):
    """Arrays of two references to the one before: written out, 2 to the power of `levels`."""
    return b"\x0a" + struct.pack(">I", levels + 1) + b"\x0a\0\0\0\1\5" \
        + b"".join(b"\x0a\0\0\0\2" + struct.pack(">BHBH", 7, i, 7, i) for i in range(1, levels + 1))


def metadata(body):
    return message(18, string("@setDataFrame") + string("onMetaData") + body, csid=4, stream=1, chunk=0xFFFFFF)


ATTACKS = {
    "none": None,
    "commands": Flood(command("createStream", 7, NULL) * 2000),
    "unknown-commands": Flood(command("x" * 90, 7, NULL) * 2000),
    "publish-names": Flood(command("releaseStream", 7, NULL, string("n" * 90)) * 2000),
    "pings": Flood(ping(1) * 4000),
    "chunk-streams": Flood(csids()),
    "empty-messages": Flood(header(4, 8, 0, 1) + b"\xc4" * (1 << 20), publishes=True),
    "one-byte-chunks": Flood(message(1, b"\0\0\0\1", csid=2) + header(6, 9, 1 << 20, 1) + b"\x11"
                             + b"\xc6\x11" * (1 << 19), publishes=True),
    "control-messages": Flood(message(3, b"\0\0\0\1", csid=2) * 20000, publishes=True),
    "window-of-one": Flood(message(5, b"\0\0\0\1", csid=2) + message(8, b"\xaf\1" + bytes(98), 4, 1) * 2000,
                           publishes=True),
    "declared-early": Flood(declared(9, 65536, 2000, 50), limit=1 << 17, connections=1000),
    "declared-huge": Flood(declared(9, 10 << 20, (10 << 20) - 100, 2), publishes=True, limit=20_900_000),
    "interleaved-huge": Flood(interleaved(9 << 20, 2), publishes=True, limit=18 << 20),
    "amf-depth": Fresh(message(20, string("connect") + number(1) + nested(15000), chunk=128)),
    "amf-references": Flood(message(20, string("x") + number(0) + references(40)) * 500),
    "amf-array": Flood(message(20, string("x") + number(0) + array_of_nulls(60000)) * 4),
    "metadata-bombs": Flood(BIG_CHUNKS + metadata(array_of_nulls(120000)) * 4, publishes=True),
    "handshakes-slow": Raw(b"\3" + bytes(100), limit=101, connections=4000),
    "sockets-silent": Raw(b"\3", limit=1, connections=4000),
    "sessions-idle": Flood(ping(1), limit=1, connections=2000),
    "handshakes-garbage": Raw(b"\3" + random.Random(1).randbytes(1 << 18)),
    "other-protocols": Raw(b"GET / HTTP/1.1\r\n\r\n" + bytes(8000)),
    "windows-full": Flood(BIG_CHUNKS + b"".join(
        message(9, (b"\x27" if i else b"\x17") + b"\1\0\0\0" + bytes(500_000), 6, 1, i * 40, 0xFFFFFF)
        for i in range(40)), publishes=True, limit=20_000_000),
    "players-deaf": Deaf(),
    "churn-tcp": Churn(0),
    "churn-resets": Churn(1, resets=True),
    "churn-publish": Churn(2),
}


# Those who ask

def priority(nice):
    try:
        os.nice(nice)
    except OSError:
        pass


def ask(port, until, out, cpu):
    """Pings over four connections, each a little less often than its budget allows."""
    os.sched_setaffinity(0, {cpu})
    priority(-15)
    peers = [Peer(port).play("nobody%d" % i) for i in range(4)]
    out.send("ready")
    times, n = [], 0
    while time.monotonic() < until.value:
        peer = peers[n % 4]
        n += 1
        begin = time.perf_counter()
        try:
            peer.send(ping(n))
            peer.until(struct.pack(">HI", 7, n))
        except (OSError, ConnectionError) as error:
            out.send(("pinging client lost: %r" % error, times))
            return
        times.append((time.perf_counter() - begin) * 1000)
        time.sleep(max(0, 0.0148 - (time.perf_counter() - begin)))
    out.send(("", times))
    time.sleep(60)


def arrive(port, until, out, cpu):
    os.sched_setaffinity(0, {cpu})
    priority(-15)
    out.send("ready")
    times, failed, n = [], 0, 0
    while time.monotonic() < until.value:
        begin = time.perf_counter()
        n += 1
        try:
            peer = Peer(port, timeout=5).play("newcomer%d" % n)
            times.append((time.perf_counter() - begin) * 1000)
            peer.close()
        except (OSError, ConnectionError):
            failed += 1
        time.sleep(0.1)
    out.send(("%d newcomers refused" % failed if failed else "", times))


def attack(name, port, count, until, opened, cpu):
    os.sched_setaffinity(0, {cpu})
    priority(19)
    ATTACKS[name].run(port, count, until, opened)
    # What it holds stays until everything was measured.
    os._exit(0)


# The measurement

def status(pid, key):
    with open("/proc/%d/status" % pid) as f:
        for line in f:
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
    return 0.0


def quantile(values, q):
    values = sorted(values)
    return values[min(int(len(values) * q), len(values) - 1)] if values else float("nan")


def measure(name, a):
    server = subprocess.Popen(
        ["taskset", "-c", str(a.server_cpu), a.server, "--headless", "--listen", "127.0.0.1:0", "--threads", "1",
         "--log-level", "error"] + a.option, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    port = int(json.loads(server.stdout.readline())["listen"][0].rsplit(":", 1)[1])
    ends, deadline, measured = Counter(), multiprocessing.Value("d", 1e18), threading.Event()

    def read():
        for line in server.stdout:
            event = json.loads(line)
            if event["ev"] == "session.close" and not measured.is_set():
                ends[event["why"]] += 1
    reader = threading.Thread(target=read, daemon=True)
    reader.start()

    asked = []
    for who in (ask, arrive):
        here, there = multiprocessing.Pipe()
        process = multiprocessing.Process(target=who, args=(port, deadline, there, a.load_cpu), daemon=True)
        process.start()
        here.recv()
        asked.append((process, here))
    time.sleep(0.5)
    before = status(server.pid, "VmRSS")
    opened = multiprocessing.Value("i", 0)
    end = time.monotonic() + a.seconds
    deadline.value = end
    attacker = None
    if ATTACKS[name]:
        count = ATTACKS[name].connections or a.connections
        attacker = multiprocessing.Process(
            target=attack, args=(name, port, count, end + 0.2, opened, a.load_cpu), daemon=True)
        attacker.start()
    (ping_fault, pings), (new_fault, newcomers) = [pipe.recv() for _, pipe in asked]
    measured.set()
    alive = server.poll() is None
    peak = status(server.pid, "VmHWM") if alive else float("nan")
    for process in [p for p, _ in asked] + ([attacker] if attacker else []):
        process.kill()
        process.join()
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
    # A newcomer leaves by itself.
    ends["fin"] -= len(newcomers)
    ended = ", ".join("%s %d" % (why, n) for why, n in ends.most_common(3) if n > 0) or "–"
    faults = [f for f in (ping_fault, new_fault, "" if alive else "the server is gone") if f]
    row = dict(attack=name, pings=len(pings), ping_p50=quantile(pings, 0.5), ping_p99=quantile(pings, 0.99),
               ping_max=max(pings, default=float("nan")), newcomers=len(newcomers),
               newcomer_p50=quantile(newcomers, 0.5), newcomer_max=max(newcomers, default=float("nan")),
               rss_before=before, rss_peak=peak, connections=opened.value, ended=ended, faults=faults)
    if not row["newcomer_max"] < a.newcomer_ms:
        faults.append("newcomers")
    if not row["ping_max"] < a.ping_ms:
        faults.append("ping")
    if not peak < a.rss_mb:
        faults.append("memory")
    return row


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("attacks", nargs="*", metavar="ATTACK", help="of: " + " ".join(ATTACKS))
    p.add_argument("--server", default=os.path.join(ROOT, ".build/release/rtmp-top"))
    p.add_argument("--option", action="append", default=[], help="one more option of the server; repeatable")
    p.add_argument("--seconds", type=float, default=6)
    p.add_argument("--connections", type=int, default=50)
    p.add_argument("--server-cpu", type=int, default=0)
    p.add_argument("--load-cpu", type=int, default=1)
    p.add_argument("--ping-ms", type=float, default=50, help="of the slowest ping")
    p.add_argument("--newcomer-ms", type=float, default=500, help="of the slowest newcomer")
    p.add_argument("--rss-mb", type=float, default=1280, help="windows have 1 GiB, partial messages 256 MiB")
    p.add_argument("--json", action="store_true", help="a JSON line an attack, before the table")
    a = p.parse_args()
    unknown = [n for n in a.attacks if n not in ATTACKS]
    if unknown:
        p.error("no such attack: " + " ".join(unknown))
    failed = False
    print("| attack | ping p50 / p99 / max ms | newcomer p50 / max ms | memory before / peak MiB | connections | ended |")
    print("|---|---|---|---|---|---|", flush=True)
    for name in a.attacks or ATTACKS:
        r = measure(name, a)
        if a.json:
            print(json.dumps(r), file=sys.stderr)
        failed |= bool(r["faults"])
        print("| %s | %.2f / %.1f / %.1f | %.1f / %.0f | %.0f / %.0f | %d | %s |%s" % (
            name, r["ping_p50"], r["ping_p99"], r["ping_max"], r["newcomer_p50"], r["newcomer_max"], r["rss_before"],
            r["rss_peak"], r["connections"], r["ended"], " " + "; ".join(r["faults"]) if r["faults"] else ""), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
