"""PyTorch's time for maximum and average pooling, forward and with the gradient by the input.

Prints one JSON line per case, with the keys of `Glissade.Comparison pooling`. Channels last, the fastest layout it has on a CPU; padding is not counted
in a mean; one thread unless THREADS is set.
"""
import json, sys

from torch_timing import PEER, best_time, torch

BATCH, SIZE, CHANNELS = 64, 28, 16
LAYERS = [("maximum", 2, 2, 0), ("maximum", 3, 2, 1), ("average", 2, 2, 0), ("average", 3, 2, 1)]  # kind, window, stride, padding


for kind, window, stride, padding in LAYERS:
    def pool(x):
        if kind == "maximum":
            return torch.nn.functional.max_pool2d(x, window, stride, padding)
        return torch.nn.functional.avg_pool2d(x, window, stride, padding, count_include_pad=False)

    x = torch.randn(BATCH, CHANNELS, SIZE, SIZE).to(memory_format=torch.channels_last).requires_grad_()
    with torch.no_grad():
        y = pool(x)
    adjoint = torch.randn_like(y)  # keeps the layout

    def forward():
        with torch.no_grad():
            pool(x)

    def gradient():
        x.grad = None
        pool(x).backward(adjoint)

    for name, work in (("forward", forward), ("forward and gradient", gradient)):
        # Images and result; adjoint and gradient, and of a maximum the images once more.
        images = 1 if work is forward else 3 if kind == "maximum" else 2
        moved = 4 * (images * x.numel() + (1 if work is forward else 2) * y.numel())
        seconds = best_time(work)
        print(json.dumps({**PEER, "size": SIZE, "channels": CHANNELS, "kind": kind,
                          "window": window, "stride": stride, "padding": padding, "batch": BATCH, "pass": name, "microseconds": round(seconds * 1e6, 1),
                          "gigabytes_per_second": round(moved / seconds / 1e9, 2)}), flush=True)
    if not bool(torch.isfinite(x.grad).all()) or not bool(x.grad.any()):
        sys.exit(f"The gradient of {kind} pooling is wrong.")
