"""OpenBLAS's time for one matrix product of float32, called through NumPy.

Prints one JSON line per size, with the keys of `Glissade.Comparison matrix-product`. One thread unless THREADS is set.

NumPy spends about a microsecond around each call, longer than the small products themselves take. So each timing is of one call on a stack of
views of the same two matrices, for which NumPy calls the BLAS once each without going through Python; the overhead is spread over the stack.
"""
import json, os, subprocess, sys, time

THREADS = os.environ.get("THREADS", "1")
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = THREADS  # before NumPy loads its BLAS
import numpy as np
from numpy.lib.stride_tricks import as_strided

REPEATS = int(os.environ.get("REPEATS", "20"))
SIZES = [  # m, k, n, A stored transposed, B stored transposed
    (16, 16, 16, False, False), (32, 32, 32, False, False), (64, 64, 64, False, False),
    (480, 480, 480, False, False), (960, 960, 960, False, False), (2048, 2048, 2048, False, False),
    (64, 64, 10, False, False),
    (128, 784, 256, False, False), (128, 784, 256, True, False), (128, 784, 256, False, True),
    (784, 128, 256, True, False), (128, 256, 784, False, True),
]


def blas():
    """The BLAS that is loaded, from the process's own map; the reference BLAS would be ten times slower and no peer."""
    with open("/proc/self/maps") as maps:
        libraries = {line.split()[-1] for line in maps if "blas" in line}
    names = sorted(os.path.basename(os.path.dirname(os.path.realpath(p))) + "/" + os.path.basename(os.path.realpath(p)) for p in libraries)
    if not any("openblas" in name for name in names):
        sys.exit(f"NumPy uses {', '.join(names) or 'no BLAS'}, not OpenBLAS; on Debian, install libopenblas0-pthread.")
    return next(name for name in names if "openblas" in name)


def version():
    try:
        return subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libopenblas0-pthread"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


blas()
peer = f"OpenBLAS {version()}".strip() + f" (NumPy {np.__version__})"
rng = np.random.default_rng(0)
for m, k, n, transpose_a, transpose_b in SIZES:
    a = rng.standard_normal((k, m) if transpose_a else (m, k), dtype=np.float32)
    b = rng.standard_normal((n, k) if transpose_b else (k, n), dtype=np.float32)
    left, right, c = a.T if transpose_a else a, b.T if transpose_b else b, np.empty((m, n), np.float32)
    operations = 2 * m * n * k
    count = max(1, min(2000, int(2e8 / operations)))
    if count > 1:
        lefts, rights = np.broadcast_to(left, (count, m, k)), np.broadcast_to(right, (count, k, n))
        results = as_strided(c, (count, m, n), (0,) + c.strides)
    else:
        lefts, rights, results = left, right, c
    np.matmul(lefts, rights, out=results)
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        np.matmul(lefts, rights, out=results)
        best = min(best, (time.perf_counter() - start) / count)
    if not np.allclose(c, left.astype(np.float64) @ right.astype(np.float64), rtol=1e-3, atol=1e-2):
        sys.exit(f"The product {m}x{k}x{n} is wrong.")
    print(json.dumps({"peer": peer, "threads": int(THREADS), "m": m, "k": k, "n": n, "transpose_a": transpose_a, "transpose_b": transpose_b,
                      "microseconds": round(best * 1e6, 3), "gflops": round(operations / best / 1e9, 1)}), flush=True)
