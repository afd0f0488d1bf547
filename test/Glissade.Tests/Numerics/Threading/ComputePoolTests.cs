using Glissade.Numerics;

namespace Glissade.Tests.Numerics.Threading;

[Collection(RunsAlone.Name)]
public sealed class ComputePoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void EveryChunkRunsOnceInEveryOfManyJobs(int threads) => RunsAlone.WithThreads(threads, () =>
    {
        for (int job = 0; job < 3000; job++)
        {
            var work = new Counting(job % 20);
            ComputePool.Run(work, job % 20);
            Assert.All(work.Counts, c => Assert.Equal(1, c));
            Assert.InRange(work.HighestWorker, 0, threads - 1);
        }

        return 0;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AJobThatThrowsDoesSoOnTheCallerAndThePoolGoesOn(int threads) => RunsAlone.WithThreads(threads, () =>
    {
        for (int job = 0; job < 200; job++)
        {
            // The same exception as without threads, not one wrapped in another.
            Assert.Equal("chunk 7", Assert.Throws<InvalidOperationException>(() => ComputePool.Run(new Acting(c => _ = c == 7 ? throw new InvalidOperationException($"chunk {c}") : 0), 20)).Message);
            var after = new Counting(5);
            ComputePool.Run(after, 5);
            Assert.All(after.Counts, c => Assert.Equal(1, c));
        }

        return 0;
    });

    [Fact]
    public void OfSeveralChunksThatThrowTheFirstIsToldOf() => RunsAlone.WithThreads(3, () =>
    {
        for (int job = 0; job < 60; job++)
        {
            // Each of three threads has one chunk, and all three throw; the first chunk before or after the others.
            int begun = 0;
            bool isFirst = job % 2 == 0;
            Assert.Equal("chunk 0", Assert.Throws<InvalidOperationException>(() => ComputePool.Run(
                new Acting(c =>
                {
                    Interlocked.Increment(ref begun);
                    SpinWait.SpinUntil(() => Volatile.Read(ref begun) == 3);
                    Thread.Sleep((c == 0) == isFirst ? 0 : 3);
                    throw new InvalidOperationException($"chunk {c}");
                }),
                3)).Message);
        }

        return 0;
    });

    [Fact]
    public void AJobInsideAJobRuns() => RunsAlone.WithThreads(3, () =>
    {
        var inner = Enumerable.Range(0, 10).Select(_ => new Counting(6)).ToArray();
        ComputePool.Run(new Acting(c => ComputePool.Run(inner[c], 6)), 10);
        Assert.All(inner.SelectMany(i => i.Counts), c => Assert.Equal(1, c));
        return 0;
    });

    [Fact]
    public void TwoThreadsMayStartJobsAtOnce() => RunsAlone.WithThreads(3, () =>
    {
        var threads = Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int job = 0; job < 2000; job++)
                {
                    var work = new Counting(9);
                    ComputePool.Run(work, 9);
                    Assert.All(work.Counts, c => Assert.Equal(1, c));
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(threads, TestContext.Current.CancellationToken);
        return 0;
    });

    [Fact]
    public void TheNumberOfThreadsIsChecked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ComputePool.Threads = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => ComputePool.Threads = 1025);
    }

    private sealed class Counting(int chunks) : IChunkedWork
    {
        private int _highestWorker;

        public int[] Counts { get; } = new int[chunks];

        public int HighestWorker => _highestWorker;

        public void RunChunk(int chunk, int worker)
        {
            Interlocked.Increment(ref Counts[chunk]);
            int seen = _highestWorker;
            while (worker > seen)
            {
                seen = Interlocked.CompareExchange(ref _highestWorker, worker, seen);
            }
        }
    }

    private sealed class Acting(Action<int> action) : IChunkedWork
    {
        public void RunChunk(int chunk, int worker) => action(chunk);
    }
}
