"""PyTorch's time for convolutions, forward and with the gradients by input and kernel, and for a training step of a small convolutional network.

Prints one JSON line per case, with the keys of `Glissade.Comparison convolution`. Channels last, the fastest layout it has on a CPU; one thread unless
THREADS is set.
"""
import json, sys

from torch_timing import PEER, best_time, torch

BATCH = 32
LAYERS = [  # height = width, channels, kernel, channels of the result, stride, padding, groups
    (28, 1, 3, 32, 1, 1, 1),
    (28, 32, 3, 64, 1, 1, 1),
    (14, 64, 3, 64, 1, 1, 1),
    (14, 64, 3, 128, 2, 1, 1),
    (14, 64, 1, 128, 1, 0, 1),
    (14, 64, 3, 64, 1, 1, 64),
]


def report(figure, seconds, operations):
    print(json.dumps({**PEER, **figure,
                      "microseconds": round(seconds * 1e6, 1), "gflops": round(operations / seconds / 1e9, 1)}), flush=True)


for size, channels, kernel, outer, stride, padding, groups in LAYERS:
    x = torch.randn(BATCH, channels, size, size).to(memory_format=torch.channels_last).requires_grad_()
    weight = torch.randn(outer, channels // groups, kernel, kernel).to(memory_format=torch.channels_last).requires_grad_()
    with torch.no_grad():
        y = torch.nn.functional.conv2d(x, weight, None, stride, padding, 1, groups)
    adjoint = torch.randn_like(y)  # keeps the layout
    operations = 2 * y.numel() * kernel * kernel * channels // groups

    def forward():
        with torch.no_grad():
            torch.nn.functional.conv2d(x, weight, None, stride, padding, 1, groups)

    def gradient():
        x.grad = weight.grad = None
        torch.nn.functional.conv2d(x, weight, None, stride, padding, 1, groups).backward(adjoint)

    figure = {"size": size, "channels": channels, "kernel": kernel, "result_channels": outer, "stride": stride, "padding": padding, "groups": groups, "batch": BATCH}
    report({**figure, "pass": "forward"}, best_time(forward), operations)
    report({**figure, "pass": "forward and gradient"}, best_time(gradient), 3 * operations)
    if not bool(torch.isfinite(x.grad).all()) or not bool(weight.grad.any()):
        sys.exit(f"The gradient of {figure} is wrong.")

# Convolution 1 → 16, ReLU, pooling, convolution 16 → 32, ReLU, pooling, dense 10; cross-entropy and Adam.
batch = 64
model = torch.nn.Sequential(
    torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
    torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
    torch.nn.Flatten(), torch.nn.Linear(7 * 7 * 32, 10)).to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
x = torch.randn(batch, 1, 28, 28).to(memory_format=torch.channels_last)
y = torch.randint(10, (batch,))
loss = torch.nn.CrossEntropyLoss()


def step():
    optimizer.zero_grad()
    loss(model(x), y).backward()
    optimizer.step()


operations = 2 * batch * (2 * 784 * 9 * 16 + 3 * 196 * 144 * 32 + 3 * 1568 * 10)
report({"size": 28, "channels": 1, "kernel": 3, "result_channels": 10, "stride": 1, "padding": 1, "groups": 1, "batch": batch, "pass": "training step"},
       best_time(step), operations)
