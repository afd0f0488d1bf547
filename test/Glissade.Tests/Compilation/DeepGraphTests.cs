using System.Diagnostics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Graphs of tens of thousands of nodes compile in a time that grows little faster than they do.</summary>
/// <remarks>The bounds are far from what is measured and far below what a quadratic step would take, so that a busy machine does not break them.</remarks>
[Collection(RunsAlone.Name)]
public sealed class DeepGraphTests
{
    /// <summary>Ten times the operations may take 40 times as long, since they also leave the caches; where a quadratic step prevails they take 100 times.</summary>
    private const double MostTimes = 40;

    [Fact]
    public void AChainOfProductsCompilesInNearlyLinearTime() => Grows(1000, steps => TracedFunction.Of(new Shape(8, 8), w =>
    {
        Tensor h = w;
        for (int i = 0; i < steps; i++)
        {
            h = Tanh(MatrixProduct(h, w));
        }

        return Sum(h);
    }));

    /// <summary>Every step reads the same weights, so the loops of all steps are candidates to run as one, though each needs the one before.</summary>
    [Fact]
    public void ARecurrenceCompilesInNearlyLinearTime() => Grows(200, steps => TracedFunction.Of([new Shape(steps), new Shape(16, 16), new Shape(16)], x =>
    {
        Tensor h = Tanh(x[2]), loss = Sum(h);
        for (int i = 0; i < steps; i++)
        {
            h = Tanh(MatrixProduct(h, x[1]) + (x[2] * x[0][i]));
            loss += Mean(Square(h));
        }

        return [loss];
    }));

    [Fact]
    public void AFunctionOfVariablesReadOneByOneCompilesInNearlyLinearTime() => Grows(500, variables => TracedFunction.Of(new Shape(variables), x =>
    {
        Tensor sum = Square(1 - x[0]);
        for (int i = 1; i < variables; i++)
        {
            sum += (100 * Square(x[i] - Square(x[i - 1]))) + Square(1 - x[i]);
        }

        return sum;
    }));

    [Fact]
    public void ManyBranchesCompileInNearlyLinearTime() => Grows(300, branches => TracedFunction.Of(new Shape(8, 8), x =>
        Sum(Stack([.. Enumerable.Range(1, branches).Select(i => Sum(Tanh(MatrixProduct(x * i, x))))]))));

    /// <summary>Walks over the graph use no more of the thread's stack however deep it is.</summary>
    [Fact]
    public void FiftyThousandOperationsInARowCompileAndRun()
    {
        const int Operations = 50_000;
        TracedFunction function = TracedFunction.Of(new Shape(3), x =>
        {
            Tensor h = x;
            for (int i = 0; i < Operations; i++)
            {
                h = i % 2 == 0 ? h * 1.25 : h - (0.2 * h);
            }

            return Sum(h);
        }).WithGradient();
        var watch = Stopwatch.StartNew();
        CompiledFunction<double> compiled = function.Compile<double>();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
        double[] start = [1, -2, 4];
        start.CopyTo(compiled.Inputs[0].Span);
        compiled.Run();

        // 1.25 · (1 − 0.2) is 1, but for rounding.
        Assert.Equal(start.Sum(), compiled.Outputs[0][0], 1e-9);
        Assert.All(compiled.Outputs[1].Span.ToArray(), g => Assert.Equal(1, g, 1e-9));
    }

    private static void Grows(int size, Func<int, TracedFunction> make)
    {
        // The first compilation also makes machine code of the compiler.
        Seconds(make, size / 2);
        double least = double.PositiveInfinity, seconds = 0, small = 0;
        for (int round = 0; round < 5 && least > MostTimes; round++)
        {
            (small, double large) = (Seconds(make, size), Seconds(make, 10 * size));
            if (large / small < least)
            {
                (least, seconds) = (large / small, large);
            }
        }

        Assert.True(least < MostTimes, $"ten times the size took {least:0.0} times as long, {seconds:0.000} s");
    }

    private static double Seconds(Func<int, TracedFunction> make, int size)
    {
        TracedFunction function = make(size);
        GC.Collect();
        var watch = Stopwatch.StartNew();

        // The time is that of the compiler, not of the runtime's that makes machine code of what it emits.
        function.WithGradient().Compile<double>(CompilerPasses.All with { Emit = false });
        return watch.Elapsed.TotalSeconds;
    }
}
