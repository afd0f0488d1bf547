using Glissade.Numerics;

namespace Glissade.Tests;

/// <summary>Tests that set the number of threads, which all share, or measure what all share; they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Name = "runs alone";

    /// <summary>Runs something with a number of threads, and puts the number back.</summary>
    internal static TResult WithThreads<TResult>(int threads, Func<TResult> action)
    {
        int before = ComputePool.Threads;
        ComputePool.Threads = threads;
        try
        {
            return action();
        }
        finally
        {
            ComputePool.Threads = before;
        }
    }

    /// <summary>The fewest bytes that the thread allocates in one of five rounds.</summary>
    /// <remarks>What allocates does so in every round; a collection that the test host causes in the midst of one moves the count of the thread by itself.</remarks>
    internal static long AllocatedBytes(Action round)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < 5 && fewest != 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
