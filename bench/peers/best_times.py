"""Reads measurements as JSON lines and prints Markdown tables: the best time of each, the ratio of peer to project, and the limit.

    best_times.py FOLDER WORK…      FOLDER has machine.jsonl and a WORK.jsonl for each
"""
import json, pathlib, sys

CASE = {  # the keys that tell one case from another
    "train-step": ("network", "widths", "batch"),
    "matrix-product": ("m", "k", "n", "transpose_a", "transpose_b"),
    "optimizer-step": ("optimizer", "hyperparameters", "parameters"),
    "elementwise": ("work", "elements"),
    "convolution": ("size", "channels", "kernel", "result_channels", "stride", "padding", "groups", "batch", "pass"),
    "pooling": ("size", "channels", "kind", "window", "stride", "padding", "batch", "pass"),
}


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def key(figure, names):
    return json.dumps([figure[name] for name in names], sort_keys=True)


def title(work, figure):
    if work == "train-step":
        return f"{figure['network']} ({'-'.join(map(str, figure['widths']))}, batch {figure['batch']})"
    if work == "matrix-product":
        return f"{figure['m']}×{figure['k']}{'ᵀ' if figure['transpose_a'] else ''} · {figure['k']}×{figure['n']}{'ᵀ' if figure['transpose_b'] else ''}"
    if work == "optimizer-step":
        hyper = ", ".join(f"{name} {value:g}" for name, value in figure["hyperparameters"].items())
        return f"{figure['optimizer']} ({hyper}), {figure['parameters']:,} parameters"
    if work == "convolution":
        if figure["pass"] == "training step":
            return f"small network, batch {figure['batch']}, {figure['pass']}"
        stride, groups = f", stride {figure['stride']}" if figure["stride"] > 1 else "", f", {figure['groups']} groups" if figure["groups"] > 1 else ""
        return f"{figure['size']}×{figure['size']}×{figure['channels']} · {figure['kernel']}×{figure['kernel']} → {figure['result_channels']}{stride}{groups}, {figure['pass']}"
    if work == "pooling":
        padding = f", padding {figure['padding']}" if figure["padding"] > 0 else ""
        return f"{figure['size']}×{figure['size']}×{figure['channels']} · {figure['kind']} of {figure['window']}×{figure['window']}, stride {figure['stride']}{padding}, {figure['pass']}"
    return f"{figure['work']}, {figure['elements']:,} elements"


def time(microseconds):
    return "–" if microseconds is None else f"{microseconds:,.2f}" if microseconds < 10 else f"{microseconds:,.1f}" if microseconds < 1000 else f"{microseconds:,.0f}"


def ratio(other, ours):
    return "–" if other is None or ours is None else f"{other / ours:.2f}"


def rank(peer):
    """Order of columns: peers, then the loops written by hand, the project last."""
    return (2 if peer.startswith("Glissade") else 1 if peer.startswith("hand-written") else 0, peer)


folder = pathlib.Path(sys.argv[1])
machine = {}
for figure in read(folder / "machine.jsonl"):
    unit = "gflops" if "gflops" in figure else "gigabytes_per_second"
    best = machine.setdefault(figure["quantity"], [0, unit.replace("gflops", "GFLOP/s").replace("gigabytes_per_second", "GB/s"), figure["threads"]])
    best[0] = max(best[0], figure[unit])
print("Machine: " + ", ".join(f"{name} {value:g} {unit}" for name, (value, unit, _) in machine.items()) + f"; threads: {next(iter(machine.values()))[2]}.\n")
peak = max(value for name, (value, *_) in machine.items() if name.startswith("fma"))

for work in sys.argv[2:]:
    cases, peers = {}, set()
    for figure in read(folder / f"{work}.jsonl"):
        case = cases.setdefault(key(figure, CASE[work]), {"figure": figure, "best": {}})
        best = case["best"].get(figure["peer"])
        if best is None or figure["microseconds"] < best["microseconds"]:
            case["best"][figure["peer"]] = figure
        peers.add(figure["peer"])
    peers = sorted(peers, key=rank)
    ours, others = peers[-1], peers[:-1]
    flops = any("gflops" in c["best"].get(ours, {}) for c in cases.values())
    limits = ["share of FMA peak: " + p for p in ([ours] if work == "train-step" else others + [ours])] if flops else ["GB/s: " + p for p in others + [ours]]
    columns = [f"{p}, µs" for p in peers] + [f"{p} / Glissade" for p in others] + limits
    print(f"### {work}\n\n| case | " + " | ".join(columns) + " |\n|---|" + "---:|" * len(columns))
    for case in cases.values():
        best = case["best"]
        times = {p: best[p]["microseconds"] if p in best else None for p in peers}
        cells = [time(times[p]) for p in peers] + [ratio(times[p], times[ours]) for p in others]
        for limit in limits:
            figure = best.get(limit.split(": ", 1)[1], {})
            cells.append("–" if not figure else f"{figure['gflops'] / peak:.0%}" if flops else f"{figure['gigabytes_per_second']:.1f}")
        print(f"| {title(work, case['figure'])} | " + " | ".join(cells) + " |")
    print()
