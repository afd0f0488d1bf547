using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Random functions: the numbers are those of the streams, their distributions those promised, and gradients flow where they should.</summary>
public sealed class RandomFunctionTests
{
    private const ulong Seed = 20_24;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8192)]
    [InlineData(8193)]
    [InlineData(40_001)]
    [InlineData(0)]
    public void NumbersAreThoseOfTheStreams(int count)
    {
        Numbers<double>(count);
        Numbers<float>(count);
    }

    private static void Numbers<T>(int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long[] indices = [0, 3, -1, 1 << 20, 3];
        CompiledFunction<T> compiled = TracedFunction.Of([new Shape(5)], i =>
            [RandomUniform(i[0], Seed, "a", new(count)), RandomUniform(i[0], Seed, "b", new(1, count), -0.1, 0.7), RandomNormal(i[0], Seed, "a", new(count, 1)), RandomNormal(i[0], Seed, "c", new(count), 0.3, 2.5)]).Compile<T>();
        indices.Select(T.CreateTruncating).ToArray().CopyTo(compiled.Inputs[0].Span);
        compiled.Run();
        for (int i = 0; i < indices.Length; i++)
        {
            T[][] expected = [new T[count], new T[count], new T[count], new T[count]];
            RandomStream.Of(Seed, "a", indices[i]).FillUniform(expected[0].AsSpan(), T.Zero, T.One);
            RandomStream.Of(Seed, "b", indices[i]).FillUniform(expected[1].AsSpan(), T.CreateTruncating(-0.1), T.CreateTruncating(0.7));
            RandomStream.Of(Seed, "a", indices[i]).FillNormal(expected[2].AsSpan(), T.Zero, T.One);
            RandomStream.Of(Seed, "c", indices[i]).FillNormal(expected[3].AsSpan(), T.CreateTruncating(0.3), T.CreateTruncating(2.5));
            for (int o = 0; o < expected.Length; o++)
            {
                Assert.True(expected[o].AsSpan().SequenceEqual(compiled.Outputs[o].Span.Slice(i * count, count)), $"Output {o} of index {indices[i]}, {count} numbers of {typeof(T).Name}.");
            }
        }
    }

    [Fact]
    public void AScalarIndexGivesTheShapeItself()
    {
        TracedFunction function = TracedFunction.Of(Shape.Scalar, i => RandomUniform(i, Seed, "a", new(2, 3)));
        Assert.Equal(new Shape(2, 3), function.Outputs[0].Shape);
        double[] first = FunctionCheck.Run(function, [4])[0], again = FunctionCheck.Run(function, [4])[0], next = FunctionCheck.Run(function, [5])[0];
        Assert.Equal(first, again);
        Assert.DoesNotContain(next[0], first);
        Assert.Single(FunctionCheck.Run(TracedFunction.Of(Shape.Scalar, i => RandomNormal(i, Seed, "a", Shape.Scalar)), [4])[0]);
    }

    [Fact]
    public void ValuesDerivativesAndBatches()
    {
        // Indices half above a whole number: a small step leads to no other one.
        static Tensor Whole(Tensor x) => StopGradient(Floor(x));
        FunctionCheck.Check([new(3), new(4)], x => x[1] * RandomUniform(Whole(x[0]), Seed, "a", new(4), -1, 3), [[0.5, 7.5, 100.5], [1, 2, -1, 0.5]]);
        FunctionCheck.Check([Shape.Scalar, new(2, 4), Shape.Scalar], x => x[1] + (x[2] * RandomNormal(Whole(x[0]), Seed, "a", new(2, 4))), [[8.5], [1, 2, -1, 0.5, 3, 4, 5, 6], [0.25]]);
        FunctionCheck.Check([Shape.Scalar, new(5)], x => Dropout(Square(x[1]), 0.4, Whole(x[0]), Seed, "d"), [[8.5], [1, 2, -1, 0.5, 3]]);
        FunctionCheck.Check([Shape.Scalar, new(3)], x => RandomBernoulli(Whole(x[0]), Seed, "d", new(2, 3), x[1]) * Sum(x[1]), [[8.5], [0.2, 0.8, 0.5]]);
        FunctionCheck.Check([new(2), new(3, 4)], x => RandomCategorical(Whole(x[0]), Seed, "d", x[1]) * Sum(x[1]), [[8.5, 4.5], FunctionCheck.Numbers(12, 2, -1, 1)]);
    }

    [Fact]
    public void NoGradientFlowsThroughProbabilities()
    {
        TracedFunction function = TracedFunction.Of([Shape.Scalar, new(4)], x => [Sum(RandomBernoulli(x[0], Seed, "a", new(4), x[1])) + Sum(RandomCategorical(x[0], Seed, "b", x[1])) + Sum(RandomNormal(x[0], Seed, "c", new(3)))]);
        double[][] result = FunctionCheck.Run(function.WithGradient(), [1], [0.2, 0.4, 0.6, 0.8]);
        Assert.Equal([0], result[1]);
        Assert.Equal([0, 0, 0, 0], result[2]);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e19)]
    [InlineData(9223372036854775808)]
    [InlineData(-9223372036854775808)]
    public void IndicesThatAreNotWholeAreRefusedWhenRun(double index)
    {
        TracedFunction function = TracedFunction.Of(new Shape(2), i => RandomNormal(i, Seed, "a", new(2, 3)));
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => FunctionCheck.Run(function, [1, index]));
        Assert.Contains("'random-normal'", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{index} at element 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DistributionsAreThosePromised()
    {
        // n numbers of fixed streams. Mean and variance within 4 deviations of their estimates; the distance of Kolmogorov and Smirnov below 1.95/√n, its quantile at 0.999.
        const int n = 1 << 16, indices = 16;
        double[][] drawn = FunctionCheck.Run(
            TracedFunction.Of([new Shape(indices)], i => [RandomUniform(i[0], Seed, "u", new(n / indices), -1, 3), RandomNormal(i[0], Seed, "n", new(n / indices), 2, 0.5)]),
            [.. Enumerable.Range(0, indices)]);
        (double Mean, double Variance, double FourthMoment, Func<double, double> Distribution)[] laws =
        [
            (1, 16.0 / 12, 256.0 / 80, x => (x + 1) / 4),
            (2, 0.25, 3 * 0.0625, x => NormalDistribution((x - 2) / 0.5)),
        ];
        for (int law = 0; law < laws.Length; law++)
        {
            double[] x = drawn[law];
            double mean = x.Average(), variance = x.Average(v => (v - laws[law].Mean) * (v - laws[law].Mean));
            Assert.InRange(mean - laws[law].Mean, -4 * Math.Sqrt(laws[law].Variance / n), 4 * Math.Sqrt(laws[law].Variance / n));
            double spread = Math.Sqrt((laws[law].FourthMoment - (laws[law].Variance * laws[law].Variance)) / n);
            Assert.InRange(variance - laws[law].Variance, -4 * spread, 4 * spread);
            Array.Sort(x);
            double distance = x.Select((v, i) => Math.Max(Math.Abs(laws[law].Distribution(v) - ((double)i / n)), Math.Abs(laws[law].Distribution(v) - ((i + 1.0) / n)))).Max();
            Assert.InRange(distance, 0, 1.95 / Math.Sqrt(n));
        }
    }

    [Fact]
    public void ClassesAndOnesComeAsOftenAsTheirProbabilitiesSay()
    {
        const int n = 40_000;
        double[] probabilities = [0.1, 0.25, 0, 0.6, 0.05];
        CompiledFunction<float> compiled = TracedFunction.Of([Shape.Scalar, new(5)], x =>
            [RandomCategorical(x[0], Seed, "c", BroadcastTo(x[1] + 3, new(n, 5))), RandomBernoulli(x[0], Seed, "b", new(n), x[0].Trace.Constant(0.3)), Dropout(BroadcastTo(x[0] + 1, new(n)), 0.25, x[0], Seed, "d")]).Compile<float>();
        probabilities.Select(p => (float)Math.Log(p)).ToArray().CopyTo(compiled.Inputs[1].Span);
        compiled.Run();
        float[] classes = compiled.Outputs[0].Span.ToArray();
        double chiSquared = 0;
        for (int c = 0; c < 5; c++)
        {
            int count = classes.Count(v => v == c);
            if (probabilities[c] == 0)
            {
                Assert.Equal(0, count);
                continue;
            }

            chiSquared += Math.Pow(count - (n * probabilities[c]), 2) / (n * probabilities[c]);
        }

        // The quantile at 0.999 with three degrees of freedom.
        Assert.InRange(chiSquared, 0, 16.27);
        Assert.All(classes, v => Assert.Contains(v, new float[] { 0, 1, 3, 4 }));
        Within(compiled.Outputs[1].Span.ToArray().Sum(), n * 0.3, 4 * Math.Sqrt(n * 0.3 * 0.7));
        float[] kept = compiled.Outputs[2].Span.ToArray();
        Assert.All(kept, v => Assert.True(v is 0 or 4f / 3));
        Within(kept.Count(v => v != 0), n * 0.75, 4 * Math.Sqrt(n * 0.75 * 0.25));

        static void Within(double value, double expected, double bound) => Assert.InRange(value, expected - bound, expected + bound);
    }

    [Fact]
    public void ExtremeProbabilities()
    {
        double[] p = [0, 1, -1, 2, double.NaN];
        Assert.Equal([0, 1, 0, 1, 0], FunctionCheck.Run(TracedFunction.Of([Shape.Scalar, new(5)], x => [RandomBernoulli(x[0], Seed, "b", new(5), x[1])]), [0], p)[0]);
        double[] logits = [double.NegativeInfinity, 0, double.NaN, 0, 1e300, -1e300];
        Assert.Equal([1, 0, 0], FunctionCheck.Run(TracedFunction.Of([Shape.Scalar, new(3, 2)], x => [RandomCategorical(x[0], Seed, "b", x[1])]), [0], logits)[0]);
    }

    /// <summary>The normal distribution function by its continued series x + x³/3 + x⁵/15 + …, for moderate x.</summary>
    private static double NormalDistribution(double x)
    {
        double sum = x, term = x;
        for (int k = 3; k < 200; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }
}
