using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Loops: values and derivatives of every kind against the plain evaluator, against the same recurrence written out, and against closed forms.</summary>
public sealed class ScanTests
{
    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(1, false, 0)]
    [InlineData(5, false, 0)]
    [InlineData(5, true, 0)]
    [InlineData(5, false, 1)]
    [InlineData(5, false, 2)]
    [InlineData(6, true, 2)]
    [InlineData(7, true, 3)]
    [InlineData(9, false, 100)]
    public void ARecurrentNetworkHasTheDerivativesOfItsValues(int length, bool reverse, int checkpointEvery)
    {
        Shape[] shapes = [new(length, 2, 3), new(2, 4), new(3, 4), new(4, 4), new(4)];
        FunctionCheck.Check(shapes, x => Recurrent(x, reverse, checkpointEvery).Final[0]);
        FunctionCheck.Check(shapes, x => Recurrent(x, reverse, checkpointEvery).Results[0]);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void ALoopIsTheSameAsItsStepsWrittenOut(bool reverse, int checkpointEvery)
    {
        const int Length = 7;
        Shape[] shapes = [new(Length, 2, 3), new(2, 4), new(3, 4), new(4, 4), new(4), new(Length, 2, 4)];
        double[][] at = [.. shapes.Select((s, i) => FunctionCheck.Numbers(s.Count, i, -1, 1))];
        IReadOnlyList<Tensor> Derivatives(Tensor loss, IReadOnlyList<Tensor> x)
        {
            IReadOnlyList<Tensor> gradient = GradientOf(loss, x[0], x[1], x[2], x[3], x[4]);
            Tensor slope = Sum(Square(gradient[3])) + Sum(gradient[1]);
            return [loss, .. gradient, .. GradientOf(slope, x[0], x[1], x[2], x[3], x[4])];
        }

        double[][] loop = FunctionCheck.Run(
            TracedFunction.Of(shapes, x => Derivatives(Sum(Recurrent(x, reverse, checkpointEvery).Results[0] * x[5]) + Sum(Square(Recurrent(x, reverse, checkpointEvery).Final[0])), x)), at);
        double[][] unrolled = FunctionCheck.Run(
            TracedFunction.Of(shapes, x =>
            {
                Tensor h = x[1], sum = x[0].Trace.Constant(0);
                for (int step = 0; step < Length; step++)
                {
                    int t = reverse ? Length - 1 - step : step;
                    h = Tanh(MatrixProduct(x[0][t], x[2]) + MatrixProduct(h, x[3]) + x[4]);
                    sum += Sum(Square(h) * x[5][t]);
                }

                return Derivatives(sum + Sum(Square(h)), x);
            }),
            at);
        for (int o = 0; o < loop.Length; o++)
        {
            FunctionCheck.Close(unrolled[o], loop[o], 1e-12, $"output {o}");
        }
    }

    [Fact]
    public void CompoundInterestHasItsClosedForm()
    {
        // c ← c·r, n times: cₙ = c₀rⁿ, by c₀ rⁿ, by r n·c₀rⁿ⁻¹, twice by r n(n−1)c₀rⁿ⁻².
        const int N = 20;
        TracedFunction function = TracedFunction.Of([Shape.Scalar, Shape.Scalar], x =>
        {
            Tensor last = Scan([x[0]], [], (carry, _) => new ScanStepResult(carry[0] * x[1]), length: N).Final[0];
            Tensor byRate = GradientOf(last, x[1])[0];
            return [last, GradientOf(last, x[0])[0], byRate, GradientOf(byRate, x[1])[0], JacobianVectorProduct(byRate, x[1], x[1] / x[1])];
        });
        double[][] found = FunctionCheck.Run(function, [3], [1.1]);
        double[] expected = [3 * Math.Pow(1.1, N), Math.Pow(1.1, N), 3 * N * Math.Pow(1.1, N - 1), 3 * N * (N - 1) * Math.Pow(1.1, N - 2)];
        FunctionCheck.Close([.. expected, expected[3]], [.. found.Select(f => f[0])], 1e-13, "c₀rⁿ and its derivatives");
    }

    [Fact]
    public void SeveralCarriesAndResultsOfDifferentShapes()
    {
        Shape[] shapes = [new(6), new(6, 2), Shape.Scalar, new(3), new(2, 3)];
        FunctionCheck.Check(shapes, x =>
        {
            (IReadOnlyList<Tensor> final, IReadOnlyList<Tensor> results) = Scan(
                [x[2], x[3]],
                [x[0], x[1]],
                (carry, e) => new ScanStepResult(
                    [Sin(carry[0] + e[0]), (0.5 * carry[1]) + Reshape(MatrixProduct(Reshape(e[1], new(1, 2)), x[4]), new(3))],
                    [carry[0] * e[1], e[0], Sum(carry[1])]));
            return Concatenate(0, Reshape(results[0], new(12)), results[1], results[2], Reshape(final[0], new(1)), final[1]);
        });
    }

    [Fact]
    public void LoopsNest()
    {
        FunctionCheck.Check([new(3, 4), Shape.Scalar], x =>
            Scan([x[1]], [x[0]], (carry, row) =>
            {
                ScanResult inner = Scan([carry[0]], [row[0]], (c, e) => new ScanStepResult([Tanh(c[0] + e[0])], [c[0] * e[0]]));
                return new ScanStepResult(inner.Final, [Sum(inner.Results[0])]);
            }).Results[0]);
    }

    [Fact]
    public void ACheckpointedFunctionHasTheSameBits()
    {
        Shape[] shapes = [new(3, 5), new(5, 5)];
        double[][] at = [FunctionCheck.Numbers(15, 1, -1, 1), FunctionCheck.Numbers(25, 2, -1, 1)];
        static Tensor Layers(Tensor h, Tensor w) => Tanh(MatrixProduct(Tanh(MatrixProduct(h, w)), w));
        double[][] plain = FunctionCheck.Run(TracedFunction.Of(shapes, x => [Sum(Square(Layers(x[0], x[1])))]).WithGradient(), at);
        double[][] again = FunctionCheck.Run(TracedFunction.Of(shapes, x => [Sum(Square(Checkpointed(h => Layers(h, x[1]), x[0])))]).WithGradient(), at);
        for (int o = 0; o < plain.Length; o++)
        {
            Assert.Equal(plain[o], again[o]);
        }

        FunctionCheck.Check(shapes, x => Checkpointed(h => Layers(h, x[1]), x[0]));
    }

    [Fact]
    public void TheForwardLoopRunsOnceWithItsGradient()
    {
        TracedFunction function = TracedFunction.Of([new(8, 2, 3), new(2, 4), new(3, 4), new(4, 4), new(4)], x => [Sum(Recurrent(x, false, 0).Results[0])]).WithGradient();
        string plan = function.Compile<double>().Program.Describe();
        Assert.Equal(2, plan.Split("8 times").Length - 1);
    }

    /// <summary>Losses and gradients per example: the loop of the losses is the beginning of the one that keeps values for the gradients, over the batch too.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void TheForwardLoopRunsOnceWithGradientsPerExample(int checkpointEvery)
    {
        static Tensor LossOf(Tensor sequence, Tensor weight, int every) =>
            Sum(Square(Scan([weight], [sequence], (c, e) => new([Tanh(c[0] * weight) + e[0]], [Sin(c[0])]), checkpointEvery: every).Results[0]));
        Tensor[] PerExample(IReadOnlyList<Tensor> x) =>
        [
            VectorizedMap(e =>
            {
                Tensor loss = LossOf(e, x[1], checkpointEvery);
                IReadOnlyList<Tensor> gradient = GradientOf(loss, x[1], e);
                return Concatenate(0, Reshape(loss, new(1)), gradient[0], Reshape(gradient[1], new(24)));
            }, x[0]),
        ];
        TracedFunction function = TracedFunction.Of([new(5, 8, 3), new(3)], PerExample);
        if (checkpointEvery == 0)
        {
            Assert.Equal(2, function.Compile<double>().Program.Describe().Split("8 times").Length - 1);
        }

        double[][] at = [FunctionCheck.Numbers(5 * 8 * 3, 3, -1, 1), FunctionCheck.Numbers(3, 4, -1, 1)];
        double[] all = FunctionCheck.Run(function, at)[0];
        TracedFunction ofOne = TracedFunction.Of([new(8, 3), new(3)], x => [LossOf(x[0], x[1], 0)]).WithGradient();
        for (int example = 0; example < 5; example++)
        {
            double[][] one = FunctionCheck.Run(ofOne, at[0][(24 * example)..(24 * (example + 1))], at[1]);
            FunctionCheck.Close([.. one[0], .. one[2], .. one[1]], all[(28 * example)..(28 * (example + 1))], 1e-13, $"example {example}");
        }
    }

    [Fact]
    public void CheckpointsTakeLessMemory()
    {
        Shape[] shapes = [new(256, 8, 16), new(8, 64), new(16, 64), new(64, 64), new(64)];
        long Bytes(int every) => TracedFunction.Of(shapes, x => [Sum(Recurrent(x, false, every).Final[0])]).WithGradient().Compile<float>().Program.ArenaBytes;
        long all = Bytes(0), some = Bytes(16);
        Assert.True(all > 256 * 8 * 64 * sizeof(float), $"{all} bytes");
        Assert.True(some < all / 4, $"{some} bytes with checkpoints, {all} without");
    }

    [Fact]
    public void ABatchWithoutExamplesMapsToResultsWithoutExamples()
    {
        TracedFunction function = TracedFunction.Of([new(0, 3), new(2)], x =>
        {
            Tensor all = VectorizedMap(e => GradientOf(Sum(Scan([x[1]], [e], (c, s) => new([Tanh(c[0] * s[0])], [c[0]])).Results[0]), x[1])[0], x[0]);
            return [all, .. GradientOf(Sum(all), x)];
        });
        Assert.Equal([new Shape(0, 2), new Shape(0, 3), new Shape(2)], function.Outputs.Select(o => o.Shape));
        Assert.Equal([0, 0], FunctionCheck.Run(function, [], [1, 2])[2]);
    }

    [Fact]
    public void WhatAStepWasGivenDoesNotLeaveIt()
    {
        Tensor? kept = null;
        TracedFunction ofLoop = TracedFunction.Of(new Shape(3), x => Scan([x[0]], [x], (c, _) => new ScanStepResult(kept = c[0])).Final[0] * kept!);
        Assert.Contains("'carry0'", Assert.Throws<ArgumentException>(() => ofLoop.Compile<double>()).Message);
        TracedFunction ofMap = TracedFunction.Of(new Shape(3), x => VectorizedMap(e => kept = Exp(e), x) * kept!);
        Assert.Contains("'example0'", Assert.Throws<ArgumentException>(() => ofMap.Compile<double>()).Message);
    }

    [Fact]
    public void NothingIsNoResult()
    {
        Assert.Contains("'scan'", Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(3), x => Scan([x[0]], [x], (_, _) => default).Final[0])).Message);
        Assert.Contains("'scan'", Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(3), x => Scan([x[0]], [x], (_, _) => new ScanStepResult([null!], [])).Final[0])).Message);
        Assert.Contains("'vectorized-map'", Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(3), x => VectorizedMap(_ => null!, x))).Message);
    }

    [Fact]
    public void WrongUseIsNamed()
    {
        static string Message(Func<IReadOnlyList<Tensor>, ScanResult> scan) =>
            Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of([new(4, 2), new(3), Shape.Scalar], x => scan(x).Final)).Message;
        static ScanStepResult Same(IReadOnlyList<Tensor> c, IReadOnlyList<Tensor> e) => new(c);
        string changed = Message(x => Scan([x[1]], [x[0]], (c, e) => new ScanStepResult(Sum(c[0]))));
        Assert.Contains("[3]", changed);
        Assert.Contains("[]", changed);
        Assert.Contains("scan", changed);
        string lengths = Message(x => Scan([x[2]], [x[0], x[1]], Same));
        Assert.Contains("[4, 2]", lengths);
        Assert.Contains("[3]", lengths);
        Assert.Contains("length", Message(x => Scan([x[2]], [], Same)));
        Assert.Contains("scan", Message(x => Scan([x[2]], [x[2]], Same)));
        Assert.Contains("2 next", Message(x => Scan([x[2]], [x[0]], (c, e) => new ScanStepResult(c[0], c[0]))));
        Assert.Contains("0 or more", Message(x => Scan([x[2]], [], Same, length: -1)));
        Assert.Contains("carried value or a sequence", Message(x => Scan([], [], Same, length: 3)));
    }

    private static ScanResult Recurrent(IReadOnlyList<Tensor> x, bool reverse, int checkpointEvery) =>
        Scan(
            [x[1]],
            [x[0]],
            (carry, e) =>
            {
                Tensor h = Tanh(MatrixProduct(e[0], x[2]) + MatrixProduct(carry[0], x[3]) + x[4]);
                return new ScanStepResult([h], [Square(h)]);
            },
            reverse: reverse,
            checkpointEvery: checkpointEvery);
}
