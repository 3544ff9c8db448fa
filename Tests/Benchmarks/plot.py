#!/usr/bin/env python3
"""Draw what Tests/Benchmarks/table measured: JSON lines on standard input, SVG on standard output.

    Tests/Benchmarks/table | tee table.out; Tests/Benchmarks/plot.py < table.out > docs/fan-out.svg

A bar a server: CPU seconds for a gigabyte delivered, the median of its rounds, with the latency of
video beside it. A mark in a bar of ours is the floor at the same beat: bare sockets, no protocol.
"""
import json, statistics, sys

ROW, LEFT, WIDTH, SCALE_WIDTH = 26, 208, 760, 330
INK, DIM, OURS, PEER, FLOOR = "#1f2328", "#656d76", "#1a7f37", "#8c959f", "#cf222e"


def median(rows, key):
    values = [row[key] for row in rows if row.get(key) is not None]
    return statistics.median(values) if values else None


def name(server):
    if server.startswith("nginx"):
        return "nginx-rtmp, chunk " + {"60k": "60 000", "4k": "4096"}[server[5:]]
    beat = server[4:]
    return "rtmp-top, " + {"0": "at once", "55": "default"}.get(beat, beat + " ms")


def main():
    servers = {}
    for line in sys.stdin:
        if line.startswith("{"):
            row = json.loads(line)
            servers.setdefault(row["server"], []).append(row)
    bars = [(s, median(rows, "cpu_s_per_gb"), median(rows, "lat_p50"), median(rows, "lat_p99"))
            for s, rows in servers.items() if not s.startswith("floor")]
    if not bars:
        sys.exit("plot.py: no measurements on standard input")
    players = next(iter(servers.values()))[0]["n"]
    longest = max(cost for _, cost, _, _ in bars)
    height = 58 + ROW * len(bars)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" '
           'font-size="13">' % (WIDTH, height),
           '<rect width="%d" height="%d" rx="6" fill="#ffffff" stroke="#d0d7de"/>' % (WIDTH, height),
           '<text x="14" y="26" fill="%s" font-weight="bold">CPU seconds a gigabyte, %d players of one '
           'stream; <tspan fill="%s" font-weight="normal">marks: bare sockets</tspan></text>'
           % (INK, players, FLOOR),
           '<text x="%d" y="26" fill="%s" text-anchor="end">latency p50 / p99</text>' % (WIDTH - 14, DIM)]
    for index, (server, cost, middle, late) in enumerate(bars):
        y = 42 + ROW * index
        length = SCALE_WIDTH * cost / longest
        ours = server.startswith("ours")
        out.append('<text x="14" y="%d" fill="%s">%s</text>' % (y + 15, INK, name(server)))
        out.append('<rect x="%d" y="%d" width="%.1f" height="18" fill="%s"/>'
                   % (LEFT, y + 2, length, OURS if ours else PEER))
        floor = median(servers.get("floor" + server[4:], []), "cpu_s_per_gb") if ours else None
        # The number stands behind the bar and the mark.
        end = LEFT + SCALE_WIDTH * max(cost, floor or 0) / longest
        out.append('<text x="%.1f" y="%d" fill="%s">%.2f</text>' % (end + 8, y + 15, INK, cost))
        if floor:
            out.append('<rect x="%.1f" y="%d" width="3" height="22" fill="%s"/>'
                       % (LEFT + SCALE_WIDTH * floor / longest - 1.5, y, FLOOR))
        out.append('<text x="%d" y="%d" fill="%s" text-anchor="end">%.1f / %.1f ms</text>'
                   % (WIDTH - 14, y + 15, DIM, middle, late))
    out.append("</svg>")
    print("\n".join(out))


main()
