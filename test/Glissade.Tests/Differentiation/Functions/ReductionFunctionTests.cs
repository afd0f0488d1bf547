using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Reductions over any axes, kept or not, against the plain evaluator, differences, and figures of NumPy and SciPy.</summary>
public sealed class ReductionFunctionTests
{
    private static readonly double[] Sample = [0.5, -1.25, 3.0, 2.0, 1.5, 0.25, -0.75, 4.0, -2.0, 0.125, 1.0, -0.5];

    public static TheoryData<string> Shapes() =>
        ["3 4", "2 3 4", "1 4", "4 1", "1 1", "2 1 4", "0 3", "3 0", "2 0 3", "5", "1", "0", "17", "3 33", "33 3", "2 3 4 5"];

    /// <summary>Rows a little longer than whole blocks: what is left of a row is added to what came before. Small whole numbers, whose sums are exact.</summary>
    [Theory]
    [InlineData(515)]
    [InlineData(1027)]
    [InlineData(1029)]
    [InlineData(1039)]
    public void OverRowsOfSeveralBlocks(int columns)
    {
        Check<float>();
        Check<double>();

        void Check<T>()
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            CompiledFunction<T> compiled = TracedFunction.Of(new Shape(3, columns), x => Sum(x, 1)).Compile<T>();
            double[] x = [.. Enumerable.Range(0, 3 * columns).Select(i => (double)((i * 7 % 11) - 3))];
            x.Select(T.CreateTruncating).ToArray().CopyTo(compiled.Inputs[0].Span);
            compiled.Run();
            Assert.Equal(x.Chunk(columns).Select(row => row.Sum()), compiled.Outputs[0].Span.ToArray().Select(double.CreateTruncating));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void OverAnyAxes(string text)
    {
        Shape shape = new([.. text.Split(' ').Select(int.Parse)]);
        for (int mask = 1; mask < 1 << shape.Rank; mask++)
        {
            int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(a => (mask & (1 << a)) != 0)];
            int[] fromTheEnd = [.. axes.Select(a => a - shape.Rank)];
            FunctionCheck.Check([shape], x => Product(x[0], axes));
            FunctionCheck.Check([shape], x => Norm(x[0], 1, axes) + Norm(x[0], 2, axes));
            FunctionCheck.Check([shape], x => Norm(x[0], 3.5, axes, keepAxes: true) * x[0], 0.5, 1.5);
            if (axes.All(a => shape[a] > 0))
            {
                // Of nothing it is −∞, which has no differences.
                FunctionCheck.Check([shape], x => LogSumExp(x[0], fromTheEnd));
                FunctionCheck.Check([shape], x => LogSumExp(x[0], axes, 0.3, keepAxes: true) * x[0]);
                FunctionCheck.Check([shape], x => Variance(x[0], axes));
                FunctionCheck.Check([shape], x => Min(x[0], axes) + Norm(x[0], double.PositiveInfinity, fromTheEnd), [Spaced(shape.Count)]);
            }

            if (axes.Aggregate(1, (n, a) => n * shape[a]) > 1)
            {
                FunctionCheck.Check([shape], x => Variance(x[0], axes, correction: 1, keepAxes: true) + StandardDeviation(x[0], axes, 0, keepAxes: true), [Spaced(shape.Count)]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void KeptAxesHaveLengthOneAndTheSameValues(string text)
    {
        Shape shape = new([.. text.Split(' ').Select(int.Parse)]);
        (string, Func<Tensor, int[], Tensor>, Func<Tensor, int[], Tensor>)[] pairs =
        [
            ("sum", (x, a) => Sum(x, a), (x, a) => Sum(x, a, keepAxes: true)), ("max", (x, a) => Max(x, a), (x, a) => Max(x, a, keepAxes: true)),
            ("min", (x, a) => Min(x, a), (x, a) => Min(x, a, keepAxes: true)), ("mean", (x, a) => Mean(x, a), (x, a) => Mean(x, a, keepAxes: true)),
            ("product", (x, a) => Product(x, a), (x, a) => Product(x, a, keepAxes: true)), ("log-sum-exp", (x, a) => LogSumExp(x, a), (x, a) => LogSumExp(x, a, 1, keepAxes: true)),
            ("variance", (x, a) => Variance(x, a), (x, a) => Variance(x, a, 0, keepAxes: true)),
            ("standard deviation", (x, a) => StandardDeviation(x, a), (x, a) => StandardDeviation(x, a, 0, keepAxes: true)),
            ("norm", (x, a) => Norm(x, 2.5, a), (x, a) => Norm(x, 2.5, a, keepAxes: true)),
            ("greatest magnitude", (x, a) => Norm(x, double.PositiveInfinity, a), (x, a) => Norm(x, double.PositiveInfinity, a, keepAxes: true)),
        ];
        for (int mask = 0; mask < 1 << shape.Rank; mask++)
        {
            int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(a => (mask & (1 << a)) != 0)];
            if (axes.Any(a => shape[a] == 0) || (mask == 0 && shape.Count == 0))
            {
                continue;
            }

            foreach ((string name, Func<Tensor, int[], Tensor> dropped, Func<Tensor, int[], Tensor> kept) in pairs)
            {
                TracedFunction function = TracedFunction.Of([shape], x => [dropped(x[0], axes), kept(x[0], axes)]);
                Assert.Equal(new Shape([.. shape.Lengths.ToArray().Select((n, a) => mask == 0 || axes.Contains(a) ? 1 : n)]), function.Outputs[1].Shape);
                double[][] values = FunctionCheck.Run(function, Spaced(shape.Count));
                Assert.True(values[0].AsSpan().SequenceEqual(values[1]), $"{name} over {mask} of {shape}");
            }
        }
    }

    [Fact]
    public void FiguresOfNumPy()
    {
        TracedFunction function = TracedFunction.Of([new Shape(3, 4)], v =>
        {
            Tensor x = v[0];
            return
            [
                Variance(x, 0), Variance(x, [1], correction: 1), StandardDeviation(x), StandardDeviation(x, [], correction: 1), Product(x, 0), Product(x, 1), Product(x),
                Norm(x, 3, 1), Norm(x, 1, 0), Norm(x, double.PositiveInfinity, 1), LogSumExp(x, 0), LogSumExp(x), LogSumExp(x, [1], 0.5), Min(x, 1),
            ];
        });
        double[][] expected =
        [
            [2.1666666666666665, 0.4618055555555556, 2.3472222222222223, 3.388888888888889], [3.4322916666666665, 4.208333333333333, 1.59765625], [1.6779242198323499], [1.752534690358251],
            [-1.5, -0.0390625, -2.25, -4.0], [-3.75, -1.125, 0.125], [0.52734375], [3.3345655166833557, 4.07790012730287, 2.0898186792782436], [4, 1.625, 4.75, 6.5], [3, 4, 2],
            [1.8350975955161672, 0.9946133148080135, 3.147430747941103, 4.136665221851192], [4.55218436943015], [3.06651168744224, 4.003669443782438, 1.1018946354577186], [-1.25, -0.75, -2],
        ];
        double[][] actual = FunctionCheck.Run(function, Sample);
        for (int o = 0; o < expected.Length; o++)
        {
            FunctionCheck.Close(expected[o], actual[o], 4e-16, $"figure {o}");
        }
    }

    [Fact]
    public void LogSumExpOfInfinities()
    {
        const double Infinity = double.PositiveInfinity;
        TracedFunction function = TracedFunction.Of([new Shape(6, 2)], x => [LogSumExp(x[0], 1), LogSumExp(x[0], [1], 0.1), Sum(Select(Less(LogSumExp(x[0], 1), Infinity), LogSumExp(x[0], 1), 0))]);
        double[] x = [-Infinity, -Infinity, 1, Infinity, Infinity, Infinity, -Infinity, Infinity, double.NaN, -Infinity, 3, -Infinity];
        double[][] values = FunctionCheck.Run(function, x);
        Assert.Equal([-Infinity, Infinity, Infinity, Infinity, double.NaN, 3], values[0]);
        Assert.Equal([-Infinity, Infinity, Infinity, Infinity, double.NaN, 3], values[1]);
        Assert.Equal([-Infinity], FunctionCheck.Run(TracedFunction.Of([new Shape(2, 0)], v => [LogSumExp(v[0])]), [[]])[0]);

        double[][] gradient = FunctionCheck.Run(TracedFunction.Of(new Shape(2, 2), v => Sum(LogSumExp(v, 1))).WithGradient(), [-Infinity, -Infinity, 3, -Infinity]);
        Assert.Equal([0, 0, 1, 0], gradient[1]);
    }

    [Fact]
    public void DerivativesOfAProductAreExactAtZeros()
    {
        // Of the product of five, every derivative by different factors is the product of the others.
        double[] x = [2, 0, 3, 0, 5];
        TracedFunction function = TracedFunction.Of([new Shape(5)], v => [Product(v[0]), GradientOf(Product(v[0]), v[0])[0], Hessian(Product(v[0]), v[0]), Jacobian(Hessian(Product(v[0]), v[0]), v[0])]);
        double[][] values = FunctionCheck.Run(function, x);
        double Others(params int[] without) => without.Distinct().Count() < without.Length ? 0 : Enumerable.Range(0, 5).Except(without).Aggregate(1.0, (p, i) => p * x[i]);
        Assert.Equal([0], values[0]);
        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => Others(i))], values[1]);
        Assert.Equal([.. Enumerable.Range(0, 25).Select(i => Others(i / 5, i % 5))], values[2]);
        Assert.Equal([.. Enumerable.Range(0, 125).Select(i => Others(i / 25, i / 5 % 5, i % 5))], values[3]);
        Assert.Equal(30, values[2][8]);
    }

    [Fact]
    public void ProductsOfEveryCount()
    {
        for (int count = 0; count <= 70; count++)
        {
            FunctionCheck.Check([new Shape(count)], x => Product(x[0]), 0.8, 1.2);
            FunctionCheck.Check([new Shape(2, count)], x => Product(x[0], 1), 0.8, 1.2);
        }
    }

    [Fact]
    public void RootsOfZeroHaveTheDerivativeZero()
    {
        foreach (double p in new[] { 1, 1.5, 2, 3, double.PositiveInfinity })
        {
            double[][] values = FunctionCheck.Run(TracedFunction.Of(new Shape(3), x => Norm(x, p)).WithGradient(), [0, 0, 0]);
            Assert.Equal([0], values[0]);
            Assert.Equal([0, 0, 0], values[1]);
        }

        Assert.Equal([0, 0], FunctionCheck.Run(TracedFunction.Of(new Shape(2), x => StandardDeviation(x)).WithGradient(), [7, 7])[1]);
    }

    [Fact]
    public void NormsNeitherOverflowNorVanish()
    {
        TracedFunction function = TracedFunction.Of([new Shape(2)], x => [Norm(x[0], 100), Norm(x[0], 3.5)]);
        FunctionCheck.Close([1e300], FunctionCheck.Run(function, [1e300, 1])[0], 1e-15, "large");
        Assert.Equal(Math.Pow(2, 1 / 3.5), FunctionCheck.Run(function, [1e-300, 1e-300])[1][0] / 1e-300, 1e-14);
        Assert.Equal([double.PositiveInfinity], FunctionCheck.Run(function, [double.NegativeInfinity, 1])[1]);
        Assert.Equal([double.NaN], FunctionCheck.Run(function, [double.NaN, 1])[1]);
    }

    private static double[] Spaced(int count)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => 0.1 * (i + 1))];
        new Random(4).Shuffle(values);
        return values;
    }
}
