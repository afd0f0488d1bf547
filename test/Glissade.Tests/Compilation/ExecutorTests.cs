using Glissade.Compilation;
using Glissade.Compilation.Emission;
using Glissade.Differentiation;
using Glissade.Tests.Differentiation;

namespace Glissade.Tests.Compilation;

/// <summary>The emitted executor against the interpreted one, bit for bit.</summary>
[Collection(RunsAlone.Name)]
public sealed class ExecutorTests
{
    [Fact]
    public void EmittedAndBlockedLoopsGiveTheSameBits()
    {
        for (int seed = 1; seed <= 120; seed++)
        {
            TracedFunction function = RandomGraph.Make(seed * 7919, 5 + (seed % 40)).WithGradient();
            double[][] arguments = RandomGraph.Arguments(function, seed);
            AssertSameBits<double>(function, arguments, seed);
            AssertSameBits<float>(function, arguments, seed);
        }
    }

    private static void AssertSameBits<T>(TracedFunction function, double[][] arguments, int seed)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        T[][] emitted = Run<T>(function, arguments, emit: true);
        T[][] interpreted = Run<T>(function, arguments, emit: false);
        for (int o = 0; o < emitted.Length; o++)
        {
            ReadOnlySpan<byte> a = System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(emitted[o]);
            Assert.True(a.SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(interpreted[o])), $"seed {seed}, output {o}, {typeof(T).Name}");
        }
    }

    private static T[][] Run<T>(TracedFunction function, double[][] arguments, bool emit)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        bool before = LoopKernels.IsEmitting;
        try
        {
            LoopKernels.IsEmitting = emit;
            CompiledFunction<T> compiled = function.Compile<T>();
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i].Select(T.CreateTruncating).ToArray().CopyTo(compiled.Inputs[i].Span);
            }

            compiled.Run();
            return [.. compiled.Outputs.Select(o => o.Span.ToArray())];
        }
        finally
        {
            LoopKernels.IsEmitting = before;
        }
    }
}
