using Glissade.Compilation.Emission;
using Glissade.Numerics;

namespace Glissade.Tests;

/// <summary>Tests that set the number of threads or the executor, which all share, or measure what all share; they run alone.</summary>
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

    /// <summary>Runs something with loops emitted or interpreted, and puts the executor back.</summary>
    internal static TResult WithEmission<TResult>(bool emit, Func<TResult> action)
    {
        bool before = LoopKernels.IsEmitting;
        LoopKernels.IsEmitting = emit;
        try
        {
            return action();
        }
        finally
        {
            LoopKernels.IsEmitting = before;
        }
    }
}
