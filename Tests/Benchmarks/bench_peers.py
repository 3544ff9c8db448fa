#!/usr/bin/env python3
"""Measure RTMP servers side by side on this machine, over loopback.

    bench_peers.py fanout --server A:PORT:CMD --server B:PORT:CMD --n 1,100,1000

A server is NAME:PORT:WHAT.  WHAT is a shell command that stays in the
foreground and listens on 127.0.0.1:PORT, or a process id already serving, or
@nginx[:CHUNK] (Debian's nginx with libnginx-mod-rtmp, configured here, with
that chunk size), or @floor:MS (loopfloor: bare sockets, no protocol, batches
of MS milliseconds, 0 for every message alone; fanout only).  The server
runs on core 0 (--server-cpu), the load tool on core 1 (--load-cpu).  Servers
are interleaved A B A B for --rounds rounds; a fresh server for each.

Scenarios: fanout (1 publisher, N players), ingest (N publishers, no players),
idle (N players on a name nobody publishes), churn (N connections/s),
slow (N players of whom --slow read slowly), flood (N bad connections, then a
healthy publisher and 50 players; --kind).

Each measurement holds a lock on --lock (flock), so other timed work waits.
Prints one JSON line per measurement, then a table of medians and ratios
against the first server.  Standard library only.
"""
import argparse, fcntl, json, os, re, signal, socket, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")


def build_tool(name):
    src = os.path.join(HERE, name + ".c")
    out = os.path.join(tempfile.gettempdir(), name + "-bench")
    if not os.path.exists(out) or os.path.getmtime(out) < os.path.getmtime(src):
        build = ["cc", "-O2", "-o", out + ".new", src]
        # rtmps:// where OpenSSL's headers are; the floor needs none.
        with_tls = build[:2] + ["-DTLS"] + build[2:] + ["-lssl", "-lcrypto"]
        if name != "rtmpload" or subprocess.run(with_tls, stderr=subprocess.DEVNULL).returncode != 0:
            subprocess.run(build, check=True)
        os.replace(out + ".new", out)
    return out


def nginx_command(port, work, chunk):
    d = os.path.join(work, "nginx-%d" % port)
    os.makedirs(d, exist_ok=True)
    conf = os.path.join(d, "nginx.conf")
    with open(conf, "w") as f:
        f.write("""daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
error_log %s/error.log error;
pid %s/nginx.pid;
events { worker_connections 18000; }
rtmp {
  access_log off;
  server {
    listen 127.0.0.1:%d;
    chunk_size %d;
    application live { live on; record off; }
  }
}
""" % (d, d, port, chunk))
    return "exec /usr/sbin/nginx -c %s -p %s" % (conf, d)


def tree(pid):
    kids = {}
    for p in os.listdir("/proc"):
        if p.isdigit():
            try:
                s = open("/proc/%s/stat" % p).read()
            except OSError:
                continue
            kids.setdefault(int(s.rsplit(")", 1)[1].split()[1]), []).append(int(p))
    out, todo = [], [pid]
    while todo:
        p = todo.pop()
        out.append(p)
        todo += kids.get(p, [])
    return out


def sample(pid):
    """CPU seconds, on-CPU ns, context switches, RSS of a process and its children."""
    r = dict(user=0.0, sys=0.0, oncpu=0.0, vol=0, invol=0, rss=0, hwm=0, threads=0)
    for p in tree(pid):
        try:
            s = open("/proc/%d/stat" % p).read().rsplit(")", 1)[1].split()
            r["user"] += (int(s[11]) + int(s[13])) / TICK
            r["sys"] += (int(s[12]) + int(s[14])) / TICK
            for t in os.listdir("/proc/%d/task" % p):
                base = "/proc/%d/task/%s/" % (p, t)
                r["oncpu"] += int(open(base + "schedstat").read().split()[0]) / 1e9
                st = open(base + "status").read()
                r["vol"] += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", st, re.M)[1])
                r["invol"] += int(re.search(r"^nonvoluntary_ctxt_switches:\s*(\d+)", st, re.M)[1])
                r["threads"] += 1
            st = open("/proc/%d/status" % p).read()
            r["rss"] += int(re.search(r"VmRSS:\s*(\d+)", st)[1])
            r["hwm"] += int(re.search(r"VmHWM:\s*(\d+)", st)[1])
        except (OSError, TypeError, IndexError):
            continue
    return r


def core(n):
    """busy seconds of one core: user nice system irq softirq"""
    for line in open("/proc/stat"):
        if line.startswith("cpu%d " % n):
            v = [int(x) for x in line.split()[1:]]
            return dict(busy=(v[0] + v[1] + v[2] + v[5] + v[6]) / TICK, softirq=v[6] / TICK, steal=v[7] / TICK)
    return dict(busy=0, softirq=0, steal=0)


def tcp_mem_kib():
    m = re.search(r"^TCP:.* mem (\d+)", open("/proc/net/sockstat").read(), re.M)
    return int(m[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


class Server:
    def __init__(self, spec, a):
        self.name, port, self.what = spec.split(":", 2)
        self.port, self.a, self.proc, self.pid = int(port), a, None, None
        self.scheme = "rtmps" if self.name.endswith("tls") else "rtmp"

    def start(self):
        w = self.what
        if w.isdigit():
            self.pid = int(w)
            return
        if w.startswith("@floor:"):
            return
        if w.startswith("@nginx"):
            w = nginx_command(self.port, self.a.work, int(w[7:] or self.a.chunk))
        log = open(os.path.join(self.a.work, self.name + ".log"), "ab")
        self.proc = subprocess.Popen(["taskset", "-c", self.a.server_cpu, "sh", "-c", w], stdout=log, stderr=log,
                                     stdin=subprocess.DEVNULL, start_new_session=True)
        self.pid = self.proc.pid
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                break
            except OSError:
                if self.proc.poll() is not None:
                    raise SystemExit("%s exited at start; see %s" % (self.name, log.name))
                time.sleep(0.05)
        time.sleep(0.5)

    def stop(self):
        if not self.proc:
            return
        pids = tree(self.pid)
        for sig, wait in ((signal.SIGTERM, 3), (signal.SIGKILL, 3)):
            for p in pids:
                try:
                    os.kill(p, sig)
                except ProcessLookupError:
                    pass
            end = time.time() + wait
            while time.time() < end and any(alive(p) for p in pids):
                self.proc.poll()
                time.sleep(0.05)
        self.proc.wait()
        self.proc = None


def alive(p):
    try:
        return open("/proc/%d/stat" % p).read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Load:
    """one rtmpload process; snapshot() asks it for its counters so far"""

    def __init__(self, a, mode, url, *args):
        cmd = ["taskset", "-c", a.load_cpu, a.tool, mode, url, "--seconds", "3600"] + [str(x) for x in args]
        i = [k for k, x in enumerate(cmd) if x == "--seconds"]
        if len(i) > 1:
            del cmd[i[0]:i[0] + 2]
        self.p = subprocess.Popen(cmd, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.final = None

    def line(self):
        s = self.p.stdout.readline()
        if not s:
            raise RuntimeError("load tool died, status %s" % self.p.wait())
        return json.loads(s)

    def snapshot(self):
        self.p.send_signal(signal.SIGUSR1)
        return self.line()

    def stop(self):
        if self.final is None:
            if self.p.poll() is None:
                self.p.terminate()
            last = None
            for s in self.p.stdout:
                last = json.loads(s)
            self.p.wait()
            self.final = last
        return self.final


def window(a, srv, loads, seconds):
    """CPU, counters and latency over a steady window"""
    b = [l.snapshot() for l in loads]
    s0, c0, l0, t0 = sample(srv.pid), core(int(a.server_cpu)), core(int(a.load_cpu)), time.monotonic()
    time.sleep(seconds)
    s1, c1, l1, t1 = sample(srv.pid), core(int(a.server_cpu)), core(int(a.load_cpu)), time.monotonic()
    e = [l.snapshot() for l in loads]
    dt = t1 - t0
    r = dict(window_s=round(dt, 3), server_cpu_s=round(s1["oncpu"] - s0["oncpu"], 4),
             server_user_s=round(s1["user"] - s0["user"], 2), server_sys_s=round(s1["sys"] - s0["sys"], 2),
             server_cpu_pct=round(100 * (s1["oncpu"] - s0["oncpu"]) / dt, 1),
             core_busy_pct=round(100 * (c1["busy"] - c0["busy"]) / dt, 1),
             core_softirq_pct=round(100 * (c1["softirq"] - c0["softirq"]) / dt, 1),
             load_core_busy_pct=round(100 * (l1["busy"] - l0["busy"]) / dt, 1),
             steal_s=round(c1["steal"] - c0["steal"] + l1["steal"] - l0["steal"], 2),
             ctx_vol_s=round((s1["vol"] - s0["vol"]) / dt, 1), ctx_invol_s=round((s1["invol"] - s0["invol"]) / dt, 1),
             rss_kib=s1["rss"], max_rss_kib=s1["hwm"], threads=s1["threads"], tcp_mem_kib=tcp_mem_kib())
    return r, b, e


def diff(b, e, k):
    return e.get(k, 0) - b.get(k, 0)


def scale(r, b, e):
    """the load tool answers a snapshot late when its core is full: bytes are
    counted over its own clock and scaled to the window the CPU was read over"""
    own = (e["t_ns"] - b["t_ns"]) / 1e9
    r["load_late_s"] = round(own - r["window_s"], 3)
    r["load_saturated"] = int(r["load_core_busy_pct"] > 95 or own > r["window_s"] * 1.1)
    return r["window_s"] / own


def media_args(a):
    return ["--fps", a.fps, "--video-kbps", a.video_kbps, "--audio-kbps", a.audio_kbps, "--gop", a.gop]


def settle(player, n, limit, field="got_media"):
    end, last, same = time.time() + limit, -1, 0
    while time.time() < end:
        time.sleep(0.5)
        s = player.snapshot()
        if s[field] >= n:
            break
        if s[field] == last and s["open"] + s["disconnected"] + s["connect_failed"] >= n:
            same += 1
            if same > 6:
                break
        else:
            same = 0
        last = s[field]
    time.sleep(2)


def floor(a, batch_ms, n):
    """the same bytes to as many sockets with nothing else around them"""
    out = subprocess.run([build_tool("loopfloor"), str(n), str(a.seconds), "writev", batch_ms, "copy",
                          a.server_cpu, a.load_cpu], capture_output=True, text=True, check=True).stdout
    r = json.loads(out)
    return dict(n=n, gb=r["gb"], cpu_s_per_gb=r["cpu_s_per_gb"], us_per_msg=r["us_per_msg"],
                server_cpu_pct=r["cpu_pct"], mbit_per_player=r["mbit_per_socket"])


def fanout(a, srv, n, slow=0):
    if srv.what.startswith("@floor:"):
        return floor(a, srv.what[7:], n)
    url = "%s://127.0.0.1:%d/live/bench" % (srv.scheme, srv.port)
    base = sample(srv.pid)
    pub = Load(a, "publish", url, *media_args(a))
    time.sleep(2.5)
    rss1 = sample(srv.pid)["rss"]
    args = ["--players", n, "--ramp", a.ramp, "--verify-every", a.verify_every, "--tick-ms", a.tick_ms, "--quiet"]
    if slow:
        args += ["--slow", slow, "--slow-kbps", a.slow_kbps]
    play = Load(a, "play", url, *args)
    try:
        settle(play, n - slow, n / a.ramp + 15)
        r, b, e = window(a, srv, [play, pub], a.seconds)
        fin, pf = play.stop(), pub.stop()
    finally:
        play.p.poll() is None and play.p.kill()
        pub.p.poll() is None and pub.p.kill()
    nbytes = diff(b[0], e[0], "bytes")
    if slow:
        nbytes += diff(b[0]["slow"], e[0]["slow"], "bytes")
    k = scale(r, b[0], e[0])
    nbytes, msgs = nbytes * k, diff(b[0], e[0], "messages") * k
    gb = nbytes / 1e9
    pubb = diff(b[1], e[1], "bytes") * scale(dict(r), b[1], e[1])
    r.update(
        n=n, players_open=e[0]["open"], gb=round(gb, 4), cpu_s_per_gb=round(r["server_cpu_s"] / gb, 3) if gb else None,
        core_s_per_gb=round(r["core_busy_pct"] * r["window_s"] / 100 / gb, 3) if gb else None,
        us_per_msg=round(r["server_cpu_s"] * 1e6 / msgs, 3) if msgs else None,
        msgs_s=round(msgs / r["window_s"]), mbit_per_player=round(nbytes * 8 / 1e6 / r["window_s"] / n, 3),
        pub_mbit=round(pubb * 8 / 1e6 / r["window_s"], 3),
        delivered_ratio=round(nbytes / (pubb * (n - slow)), 4) if pubb else None,
        load_cpu_s=round(diff(b[0], e[0], "cpu_s") + diff(b[1], e[1], "cpu_s"), 3),
        rss_per_player_kib=round((r["rss_kib"] - rss1) / n, 2), rss_start_kib=base["rss"],
        lat_p50=e[0]["latency_ms"]["p50"], lat_p90=e[0]["latency_ms"]["p90"], lat_p99=e[0]["latency_ms"]["p99"],
        lat_max=e[0]["latency_ms"]["max"], gaps=diff(b[0], e[0], "gaps"), corrupt=diff(b[0], e[0], "corrupt"),
        gaps_total=fin["gaps"], corrupt_total=fin["corrupt"], crc_checked=fin["crc_checked"],
        disconnected=fin["disconnected"], start_p50=fin["start_ms"]["p50"], start_p99=fin["start_ms"]["p99"],
        ttfm_p50=fin["first_media_ms"]["p50"], ttfm_p99=fin["first_media_ms"]["p99"],
        ttff_p50=fin["first_keyframe_ms"]["p50"], ttff_p99=fin["first_keyframe_ms"]["p99"],
        ttff_n=fin["first_keyframe_ms"]["n"], cached_frames=fin["cached_frames"], ts_shifts=fin["ts_shifts"],
        pub_max_lag_ms=pf["max_lag_ms"], pub_late=pf["late_over_20ms"], pub_stalls=pf["stalls"])
    if slow:
        s = fin["slow"]
        r["slow"] = {k: s[k] for k in ("players", "bytes", "gaps", "disconnected", "corrupt", "play_started")}
        r["slow"]["lat_p99"] = s["latency_ms"]["p99"]
    return r


def ingest(a, srv, n):
    url = "rtmp://127.0.0.1:%d/live/in" % srv.port
    base = sample(srv.pid)
    pub = Load(a, "publish", url, "--streams", n, "--suffix", "--ramp", 200, *media_args(a))
    try:
        time.sleep(n / 200 + 3)
        r, b, e = window(a, srv, [pub], a.seconds)
        fin = pub.stop()
    finally:
        pub.p.poll() is None and pub.p.kill()
    k = scale(r, b[0], e[0])
    gb = diff(b[0], e[0], "bytes") * k / 1e9
    r.update(n=n, publishing=e[0]["publishing"], gb=round(gb, 4), cpu_s_per_gb=round(r["server_cpu_s"] / gb, 3),
             us_per_msg=round(r["server_cpu_s"] * 1e6 / max(1, diff(b[0], e[0], "frames") * k), 3),
             rss_per_stream_kib=round((r["rss_kib"] - base["rss"]) / n, 1), disconnected=fin["disconnected"],
             pub_stalls=fin["stalls"], pub_max_lag_ms=fin["max_lag_ms"])
    return r


def idle(a, srv, n):
    url = "rtmp://127.0.0.1:%d/live/nobody" % srv.port
    base = sample(srv.pid)
    mem0 = tcp_mem_kib()
    play = Load(a, "play", url, "--players", n, "--ramp", a.ramp, "--quiet")
    try:
        settle(play, n, n / a.ramp + 15, "play_started")
        r, b, e = window(a, srv, [play], min(a.seconds, 5))
        fin = play.stop()
    finally:
        play.p.poll() is None and play.p.kill()
    r.update(n=n, play_started=fin["play_started"], rss_start_kib=base["rss"],
             rss_per_player_kib=round((r["rss_kib"] - base["rss"]) / n, 2),
             tcp_mem_per_player_kib=round((r["tcp_mem_kib"] - mem0) / n, 2),
             start_p50=fin["start_ms"]["p50"], start_p99=fin["start_ms"]["p99"])
    return r


def churn(a, srv, rate):
    url = "%s://127.0.0.1:%d/live/bench" % (srv.scheme, srv.port)
    pub = Load(a, "publish", url, *media_args(a))
    time.sleep(2.5)
    s0, l0, t0 = sample(srv.pid), core(int(a.load_cpu)), time.monotonic()
    args = ["--media"] if a.media else []
    c = Load(a, "churn", url, "--rate", rate, "--seconds", a.seconds, "--timeout", 5, "--quiet", *args)
    fin = c.line()
    c.p.wait()
    s1, l1, dt = sample(srv.pid), core(int(a.load_cpu)), time.monotonic() - t0
    pub.stop()
    cpu = s1["oncpu"] - s0["oncpu"]
    return dict(n=rate, completed_per_s=fin["completed_per_s"], completed=fin["completed"], attempted=fin["attempted"],
                failed=fin["failed_connect"] + fin["failed_timeout"] + fin["failed_closed"],
                start_p50=fin["start_ms"]["p50"], start_p99=fin["start_ms"]["p99"],
                server_cpu_pct=round(100 * cpu / dt, 1), cpu_us_per_conn=round(cpu * 1e6 / max(1, fin["completed"]), 1),
                load_core_busy_pct=round(100 * (l1["busy"] - l0["busy"]) / dt, 1), rss_kib=s1["rss"])


def flood(a, srv, n):
    base = sample(srv.pid)
    f = Load(a, "flood", "rtmp://127.0.0.1:%d/live/bad" % srv.port, "--conns", n, "--kind", a.kind, "--quiet")
    time.sleep(n / 1000 + 3)
    try:
        r = fanout(a, srv, 50)
        fin = f.stop()
    finally:
        f.p.poll() is None and f.p.kill()
    r.update(n=n, kind=a.kind, accepted=fin["accepted"], refused=fin["refused"], closed=fin["closed_by_server"],
             closed_after_p50=fin["closed_after_ms"]["p50"], still_open=fin["still_open"],
             rss_growth_kib=r["rss_kib"] - base["rss"])
    return r


KEYS = {
    "fanout": "players_open load_saturated server_cpu_pct core_busy_pct load_core_busy_pct cpu_s_per_gb us_per_msg mbit_per_player "
              "delivered_ratio lat_p50 lat_p99 lat_max gaps corrupt start_p50 ttfm_p50 ttff_p50 ttff_p99 "
              "max_rss_kib rss_per_player_kib tcp_mem_kib ctx_vol_s ctx_invol_s disconnected",
    "ingest": "publishing server_cpu_pct load_core_busy_pct cpu_s_per_gb us_per_msg rss_per_stream_kib max_rss_kib "
              "ctx_vol_s pub_stalls disconnected",
    "idle": "play_started rss_kib rss_per_player_kib tcp_mem_per_player_kib server_cpu_pct start_p50 start_p99",
    "churn": "completed_per_s failed start_p50 start_p99 server_cpu_pct cpu_us_per_conn load_core_busy_pct rss_kib",
}
KEYS["slow"] = KEYS["fanout"]
KEYS["flood"] = "accepted closed still_open closed_after_p50 rss_growth_kib lat_p50 lat_p99 gaps ttff_p50 server_cpu_pct"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("scenario", choices=sorted(KEYS))
    p.add_argument("--server", action="append", required=True, metavar="NAME:PORT:CMD|PID|@nginx")
    p.add_argument("--n", default="100")
    p.add_argument("--seconds", type=float, default=10)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--ramp", type=float, default=500)
    p.add_argument("--tick-ms", type=float, default=0)
    p.add_argument("--verify-every", type=int, default=16)
    p.add_argument("--slow", type=int, default=10)
    p.add_argument("--slow-kbps", type=float, default=200)
    p.add_argument("--kind", default="silent")
    p.add_argument("--media", action="store_true", help="churn: wait for the first media message, not only Play.Start")
    p.add_argument("--fps", type=float, default=30)
    p.add_argument("--video-kbps", type=int, default=2500)
    p.add_argument("--audio-kbps", type=int, default=128)
    p.add_argument("--gop", type=int, default=60)
    p.add_argument("--chunk", type=int, default=4096, help="nginx chunk_size")
    p.add_argument("--server-cpu", default="0")
    p.add_argument("--load-cpu", default="1")
    p.add_argument("--tool", help="rtmpload binary; default: built from rtmpload.c beside this file")
    p.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "bench-peers"))
    p.add_argument("--lock", default="/tmp/bench.lock")
    p.add_argument("--out", help="append the JSON lines here too")
    a = p.parse_args()
    a.tool = a.tool or build_tool("rtmpload")
    os.makedirs(a.work, exist_ok=True)
    import resource
    h = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (h, h))
    servers = [Server(s, a) for s in a.server]
    ns = [int(x) for x in a.n.split(",")]
    res = {}
    lock = open(a.lock, "a")
    for n in ns:
        for rnd in range(a.rounds):
            for srv in servers:
                fcntl.flock(lock, fcntl.LOCK_EX)
                try:
                    srv.start()
                    f = {"fanout": fanout, "ingest": ingest, "idle": idle, "churn": churn, "flood": flood}
                    r = fanout(a, srv, n, a.slow) if a.scenario == "slow" else f[a.scenario](a, srv, n)
                except (RuntimeError, KeyError, OSError) as e:
                    r = dict(n=n, error=repr(e))
                finally:
                    srv.stop()
                    fcntl.flock(lock, fcntl.LOCK_UN)
                r = dict(scenario=a.scenario, server=srv.name, round=rnd, **r)
                line = json.dumps(r)
                print(line, flush=True)
                if a.out:
                    with open(a.out, "a") as fo:
                        fo.write(line + "\n")
                res.setdefault((srv.name, n), []).append(r)
    print("\nmedians (min..max over %d rounds); [ratio to %s]" % (a.rounds, servers[0].name))
    for n in ns:
        print("\n%s N=%d" % (a.scenario, n))
        for k in KEYS[a.scenario].split():
            row, ref = "  %-20s" % k, None
            for srv in servers:
                v = [r[k] for r in res[(srv.name, n)] if r.get(k) is not None]
                if not v:
                    row += " | %-34s" % (srv.name + " -")
                    continue
                m = statistics.median(v)
                if ref is None:
                    ref = m
                ratio = " [%.2f]" % (m / ref) if ref and srv is not servers[0] else ""
                row += " | %-34s" % ("%s %g (%g..%g)%s" % (srv.name, round(m, 3), min(v), max(v), ratio))
            print(row)


if __name__ == "__main__":
    main()
