#!/usr/bin/env python3
"""What the console costs, in a pseudo-terminal, and htop beside it with as many rows.

For each case: CPU of the threads that look and draw (from /proc/PID/task/*/schedstat), CPU time of a
frame, bytes a second to the terminal, and the time from a key to the first byte of its answer; beside
it the same of a `cat` at the same time, which is what the machine alone takes.

    swift build -c release --product rtmp-top && Tests/Benchmarks/console.py

Linux, two quiet cores. htop is measured where it is installed.
"""
import argparse, fcntl, json, os, pty, random, select, shutil, signal, socket, struct, subprocess
import sys, tempfile, termios, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
NANO = 1_000_000_000


class Terminal:
    """A program in a pseudo-terminal that reads all it writes."""

    def __init__(self, command, columns, rows):
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HTOPRC="/dev/null")
            os.execvp(command[0], command)
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)
        os.set_blocking(self.descriptor, False)
        self.threads = ()

    def read(self, until):
        """Bytes there are up to a time; nothing once the time is over."""
        wait = until - time.monotonic()
        if wait <= 0 or not select.select([self.descriptor], [], [], wait)[0]:
            return b""
        try:
            return os.read(self.descriptor, 1 << 16)
        except OSError:
            return b""

    def skip(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(end)

    def type(self, keys):
        os.write(self.descriptor, keys)

    def cpu(self, names=None):
        """Nanoseconds its threads have run; with names, only those of that name."""
        total = 0
        folder = f"/proc/{self.pid}/task"
        for task in os.listdir(folder):
            try:
                with open(f"{folder}/{task}/comm") as file:
                    name = file.read().strip()
                if names and not any(name.startswith(wanted) for wanted in names):
                    continue
                with open(f"{folder}/{task}/schedstat") as file:
                    total += int(file.read().split()[0])
            except FileNotFoundError:
                pass
        return total

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        self.skip(0.5)
        os.close(self.descriptor)
        os.waitpid(self.pid, 0)


def percentile(values, share):
    values = sorted(values)
    return values[min(int(len(values) * share), len(values) - 1)] if values else float("nan")


def measure(terminal, seconds, names=None, drawing=None):
    """CPU %, frames and bytes over a time in which nobody types.

    drawing: the threads whose CPU between two frames is that of a frame.
    """
    terminal.skip(0.3)
    begin, cpu = time.monotonic(), terminal.cpu(names)
    end, total, frames, sizes = begin + seconds, 0, [], []
    before = terminal.cpu(drawing or names)
    while time.monotonic() < end:
        data = terminal.read(end)
        if not data:
            continue
        size = len(data)
        # What follows within 20 ms belongs to the same frame.
        while True:
            more = terminal.read(time.monotonic() + 0.02)
            if not more:
                break
            size += len(more)
        now = terminal.cpu(drawing or names)
        frames.append((now - before) / 1e6)
        sizes.append(size)
        before = now
        total += size
    passed = time.monotonic() - begin
    return {
        "cpu_pct": round(100 * (terminal.cpu(names) - cpu) / NANO / passed, 3),
        "frames": len(frames), "frame_p50_ms": round(percentile(frames, 0.5), 2),
        "frame_p99_ms": round(percentile(frames, 0.99), 2),
        "frame_p50_b": percentile(sizes, 0.5) if sizes else 0,
        "bytes_per_s": round(total / passed),
    }


def answer(terminal, key):
    """Milliseconds from a key to the first byte after it."""
    began = time.monotonic()
    terminal.type(key)
    while not terminal.read(began + 1) and time.monotonic() < began + 1:
        pass
    return 1000 * (time.monotonic() - began)


def latency(terminal, keys, count):
    """Its keys, and in turns those of a program that does nothing but answer, under the same load."""
    plain = Terminal(["sh", "-c", "stty raw -echo; exec cat"], 80, 24)
    plain.skip(0.3)
    ours, machine = [], []
    generator = random.Random(1)
    for number in range(count):
        # In a pause between two frames.
        while terminal.read(time.monotonic() + 0.02 + generator.random() / 8):
            pass
        ours.append(answer(terminal, keys[number % len(keys)]))
        machine.append(answer(plain, b"x"))
    os.kill(plain.pid, signal.SIGKILL)
    os.close(plain.descriptor)
    os.waitpid(plain.pid, 0)
    return {
        "key_p50_ms": round(percentile(ours, 0.5), 1),
        "key_p99_ms": round(percentile(ours, 0.99), 1),
        "cat_p99_ms": round(percentile(machine, 0.99), 1),
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Ours(Terminal):
    NAMES = ("rtmp-top", "sampler", "streams")
    DRAWING = ("rtmp-top", "sampler")

    def __init__(self, program, columns, rows, view, *options):
        self.port = free_port()
        super().__init__(
            [program, "--no-config", "--listen", f"127.0.0.1:{self.port}", "--view", view,
             "--max-connections", "20000", *options], columns, rows)
        self.skip(1)

    def url(self, name):
        return f"rtmp://127.0.0.1:{self.port}/live/{name}"


def load(loader, *arguments):
    return subprocess.Popen(
        [loader, *map(str, arguments), "--quiet"], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)


def idle(program, seconds, *_):
    terminal = Ours(program, 120, 40, "overview")
    result = measure(terminal, seconds, Ours.NAMES, Ours.DRAWING)
    result |= latency(terminal, [b"2", b"1"], 100)
    terminal.end()
    return result


def sessions(count, columns, rows):
    def run(program, seconds, loader):
        terminal = Ours(program, columns, rows, "connections")
        publisher = load(
            loader, "publish", terminal.url("a"), "--seconds", 600, "--video-kbps", 60, "--fps", 10,
            "--audio-kbps", 16)
        terminal.skip(1)
        players = load(
            loader, "play", terminal.url("a"), "--players", count - 1, "--seconds", 600, "--ramp",
            500, "--verify-every", 0, "--tick-ms", 50)
        terminal.skip(4 + count / 400)
        result = measure(terminal, seconds, Ours.NAMES, Ours.DRAWING)
        result |= latency(terminal, [b"j", b"k"], 200)
        for process in (players, publisher):
            process.kill()
            process.wait()
        terminal.end()
        return result
    return run


def trace(rate):
    """Chunks of 128 bytes, so many a second, all recorded, the newest followed."""
    def run(program, seconds, loader):
        terminal = Ours(program, 120, 40, "connections")
        publisher = load(
            loader, "publish", terminal.url("a"), "--seconds", 600, "--chunk", 128, "--fps", 100,
            "--video-kbps", rate * 128 * 8 // 1000, "--audio-kbps", 64)
        terminal.skip(3)
        workers = ("worker",)
        begin, before = time.monotonic(), terminal.cpu(workers)
        terminal.skip(seconds / 2)
        bare = (terminal.cpu(workers) - before) / (time.monotonic() - begin)
        terminal.type(b"t")
        terminal.skip(1)
        terminal.type(b"4")
        terminal.skip(2)
        begin, before = time.monotonic(), terminal.cpu(workers)
        result = measure(terminal, seconds, Ours.NAMES, Ours.DRAWING)
        armed = (terminal.cpu(workers) - before) / (time.monotonic() - begin)
        result |= latency(terminal, [b"D"], 100)
        result["capture_ns"] = round((armed - bare) / rate)
        publisher.kill()
        publisher.wait()
        terminal.end()
        return result
    return run


def htop(rows_shown, tenths):
    """As many processes as there would be sessions."""
    def run(_, seconds, __):
        if not shutil.which("htop"):
            return None
        sleepers = [
            subprocess.Popen(["sleep", "600"], stdout=subprocess.DEVNULL)
            for _ in range(rows_shown)
        ]
        terminal = Terminal(["htop", "-d", str(tenths)], 120, 40)
        terminal.skip(3)
        result = measure(terminal, seconds)
        terminal.end()
        for sleeper in sleepers:
            sleeper.kill()
        for sleeper in sleepers:
            sleeper.wait()
        return result
    return run


class Headless(Ours):
    """The server without its console; its terminal stays empty."""

    def __init__(self, program, *_):
        self.port = free_port()
        Terminal.__init__(
            self, [program, "--no-config", "--headless", "--listen", f"127.0.0.1:{self.port}",
                   "--max-connections", "20000"], 80, 24)
        self.skip(1)


def serving(program, seconds, loader, rounds=3, players=300):
    """CPU of the workers for the same load, headless and with the console, in turns: medians, in %."""
    spent = {Headless: [], Ours: []}
    for _ in range(rounds):
        for kind, figures in spent.items():
            terminal = kind(program, 120, 40, "connections")
            publisher = load(
                loader, "publish", terminal.url("a"), "--seconds", 600, "--video-kbps", 1000,
                "--fps", 30, "--audio-kbps", 64)
            terminal.skip(1)
            playing = load(
                loader, "play", terminal.url("a"), "--players", players, "--seconds", 600, "--ramp",
                500, "--verify-every", 0, "--tick-ms", 50)
            terminal.skip(4)
            begin, before = time.monotonic(), terminal.cpu(("worker",))
            terminal.skip(seconds)
            passed = time.monotonic() - begin
            figures.append(100 * (terminal.cpu(("worker",)) - before) / NANO / passed)
            for process in (playing, publisher):
                process.kill()
                process.wait()
            terminal.end()
    headless, console = (percentile(figures, 0.5) for figures in spent.values())
    return headless, console, spent


CASES = {
    "idle 120x40": (idle, "<= 0.1 %, <= 150 B/s"),
    "10 sessions 120x40": (sessions(10, 120, 40), "<= 0.5 %, <= 4 kB/s"),
    "1000 sessions 120x40": (sessions(1000, 120, 40), "<= 2 %, <= 16 kB/s"),
    "1000 sessions 200x60": (sessions(1000, 200, 60), "<= 3 %, <= 28 kB/s"),
    "trace 100000/s 120x40": (trace(100_000), "<= 4 %, <= 16 kB/s, capture <= 150 ns"),
    "htop, 0 more rows, 1.5 s": (htop(0, 15), ""),
    "htop, 1000 rows, 1.5 s": (htop(1000, 15), ""),
    "htop, 1000 rows, 0.3 s": (htop(1000, 3), ""),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=f"{ROOT}/.build/release/rtmp-top")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--only", default="", help="cases whose names hold this")
    parser.add_argument(
        "--serving", action="store_true", help="only what the console costs the workers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        loader = f"{folder}/rtmpload"
        subprocess.run(["cc", "-O2", "-o", loader, f"{HERE}/rtmpload.c"], check=True)
        if options.serving:
            headless, console, spent = serving(options.program, options.seconds, loader)
            print(f"workers, 300 players of 1 Mb/s: {headless:.2f} % headless, {console:.2f} % with "
                  f"the console, {100 * (console / headless - 1):+.1f} %")
            json.dump({kind.__name__: figures for kind, figures in spent.items()}, sys.stderr)
            return
        print(f"{'case':26} {'CPU %':>7} {'frame ms p50':>13} {'p99':>6} {'bytes/s':>8} "
              f"{'frame B':>8} {'key ms p50':>11} {'p99':>6} {'cat p99':>7}  budget")
        results = {}
        for name, (run, budget) in CASES.items():
            if options.only not in name:
                continue
            result = run(options.program, options.seconds, loader)
            if result is None:
                continue
            results[name] = result
            note = budget + (f"; capture {result['capture_ns']} ns" if "capture_ns" in result else "")
            print(f"{name:26} {result['cpu_pct']:7} {result['frame_p50_ms']:13} "
                  f"{result['frame_p99_ms']:6} {result['bytes_per_s']:8} {result['frame_p50_b']:8} "
                  f"{result.get('key_p50_ms', ''):>11} {result.get('key_p99_ms', ''):>6} "
                  f"{result.get('cat_p99_ms', ''):>7}  {note}",
                  flush=True)
    json.dump(results, sys.stderr)


if __name__ == "__main__":
    main()
