"""PyTorch with THREADS threads (one unless set), and the best time of a piece of its work. Import it before anything that loads PyTorch."""
import os, time

THREADS = os.environ.get("THREADS", "1")
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = THREADS  # before torch loads its libraries
import torch

torch.manual_seed(0)
torch.set_num_threads(int(THREADS))
PEER = {"peer": "PyTorch " + torch.__version__, "threads": torch.get_num_threads()}
REPEATS = int(os.environ.get("REPEATS", "20"))


def best_time(work, seconds=0.02):
    """The best of REPEATS repeats, each of as many calls as take about so long; half a second of warming up before."""
    end = time.perf_counter() + 0.5
    once = float("inf")
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        once = min(once, time.perf_counter() - start)
    calls = max(1, int(seconds / once))
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        best = min(best, (time.perf_counter() - start) / calls)
    return best
