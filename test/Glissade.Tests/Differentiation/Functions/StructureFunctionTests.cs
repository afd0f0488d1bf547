using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Functions that move, combine or reduce elements: value and gradient.</summary>
public sealed class StructureFunctionTests
{
    private static readonly int[] Lengths = [0, 1, 7, 8, 9, 15, 16, 17, 1023, 1024, 1025, 4095, 4096, 4097];

    public static TheoryData<string> ReductionShapes() =>
        ["3 4", "2 3 4", "1 4", "4 1", "1 1", "2 1 4", "1 3 1", "0 3", "3 0", "2 0 3", "1 0", "0 1", "5", "1", "0", "17 33", "3 1025", "1025 3", "2 513 2", "2 3 4 5"];

    [Theory]
    [MemberData(nameof(ReductionShapes))]
    public void SumsAndMeansOverAnyAxes(string text)
    {
        Shape shape = Parse(text);
        for (int mask = 1; mask < 1 << shape.Rank; mask++)
        {
            int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(a => (mask & (1 << a)) != 0)];
            int[] fromTheEnd = [.. axes.Select(a => a - shape.Rank).Reverse()];
            FunctionCheck.Check([shape], x => Sum(Square(x[0]), axes));
            FunctionCheck.Check([shape], x => Sum(x[0], fromTheEnd));
            if (axes.All(a => shape[a] > 0))
            {
                FunctionCheck.Check([shape], x => Mean(Sin(x[0]), axes));
                FunctionCheck.Check([shape], x => Mean(x[0], axes));
                FunctionCheck.Check([shape], x => Max(x[0], axes), [Spaced(shape.Count)]);
            }
        }

        FunctionCheck.Check([shape], x => Sum(x[0]));
        FunctionCheck.Check([shape, shape], x => Dot(x[0], x[1]));
    }

    [Fact]
    public void ReductionsAtEveryLength()
    {
        foreach (int length in Lengths)
        {
            Shape shape = new(length);
            FunctionCheck.Check([shape], x => Sum(x[0]));
            FunctionCheck.Check([shape], x => Sum(Exp(x[0]) * x[0]));
            FunctionCheck.Check([new Shape(2, length)], x => Sum(Square(x[0]), 1));
            FunctionCheck.Check([new Shape(2, length)], x => Sum(Square(x[0]), 0));
            FunctionCheck.Check([new Shape(length, 2)], x => Sum(Square(x[0]), 0));
            if (length > 0)
            {
                FunctionCheck.Check([shape], x => Mean(x[0]));
                FunctionCheck.Check([shape], x => Max(x[0]), [Spaced(length)]);
                FunctionCheck.Check([new Shape(2, length)], x => Max(2 * x[0], 1), [Spaced(2 * length)]);
            }
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("1")]
    [InlineData("3 4")]
    [InlineData("3 1")]
    [InlineData("2 3 4")]
    [InlineData("0 4")]
    [InlineData("2 1030")]
    [InlineData("300 10")]
    public void SoftmaxAndLogSumExp(string text)
    {
        Shape shape = Parse(text);
        FunctionCheck.Check([shape], x => Softmax(x[0]));
        FunctionCheck.Check([shape], x => LogSoftmax(x[0]));
        FunctionCheck.Check([shape], x => LogSumExp(x[0], -1));
        FunctionCheck.Check([shape, shape], x => -Sum(Softmax(x[1]) * LogSoftmax(x[0]), -1));
    }

    [Fact]
    public void SoftmaxDoesNotOverflow()
    {
        TracedFunction function = TracedFunction.Of([new Shape(3)], x => [LogSumExp(x[0]), Softmax(x[0])]);
        double[][] result = FunctionCheck.Run(function, [1000, 1000, -1000]);
        FunctionCheck.Close([1000 + Math.Log(2)], result[0], 1e-15, "log-sum-exp");
        FunctionCheck.Close([0.5, 0.5, 0], result[1], 1e-15, "softmax");
    }

    [Theory]
    [InlineData(2, 3, 4)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 5, 3)]
    [InlineData(3, 5, 1)]
    [InlineData(3, 1, 5)]
    [InlineData(0, 3, 2)]
    [InlineData(2, 0, 3)]
    [InlineData(2, 3, 0)]
    [InlineData(17, 9, 33)]
    public void MatrixProductsInTheirFourForms(int m, int k, int n)
    {
        for (int form = 0; form < 4; form++)
        {
            bool transposeX = (form & 1) != 0, transposeY = (form & 2) != 0;
            Shape x = transposeX ? new(k, m) : new(m, k), y = transposeY ? new(n, k) : new(k, n);
            FunctionCheck.Check([x, y], v => MatrixProduct(v[0], v[1], transposeX, transposeY));
            FunctionCheck.Check([x, y, new(n)], v => MatrixProduct(v[0], v[1], transposeX, transposeY) + v[2]);
            FunctionCheck.Check([x, y, new(1, n)], v => Softplus(v[2] + MatrixProduct(v[0], v[1], transposeX, transposeY)));
            FunctionCheck.Check([x, y, new(m, 1)], v => v[2] * MatrixProduct(v[0], v[1], transposeX, transposeY));
        }
    }

    [Theory]
    [InlineData("3", "3")]
    [InlineData("3", "")]
    [InlineData("", "3")]
    [InlineData("2 3", "3")]
    [InlineData("2 1", "3")]
    [InlineData("1", "2")]
    [InlineData("0", "0")]
    [InlineData("0", "")]
    [InlineData("40", "40")]
    public void ProductsOfBatchesOfMatrices(string batchX, string batchY)
    {
        foreach ((int m, int k, int n) in new[] { (2, 3, 4), (1, 5, 1), (0, 2, 3), (3, 0, 2), (9, 4, 17) })
        {
            for (int form = 0; form < 4; form++)
            {
                bool transposeX = (form & 1) != 0, transposeY = (form & 2) != 0;
                Shape x = new([.. Parse(batchX).Lengths, transposeX ? k : m, transposeX ? m : k]);
                Shape y = new([.. Parse(batchY).Lengths, transposeY ? n : k, transposeY ? k : n]);
                FunctionCheck.Check([x, y], v => MatrixProduct(v[0], v[1], transposeX, transposeY));
                FunctionCheck.Check([x, y, new(n)], v => Tanh(MatrixProduct(v[0], v[1], transposeX, transposeY) + v[2]));
            }
        }
    }

    [Fact]
    public void ProductsWithVectors()
    {
        foreach ((Shape x, Shape y, Shape result) in new (Shape, Shape, Shape)[] { (new(3), new(3), Shape.Scalar), (new(4, 3), new(3), new(4)), (new(3), new(3, 5), new(5)), (new(2, 4, 3), new(3), new(2, 4)), (new(3), new(2, 3, 5), new(2, 5)), (new(0), new(0), Shape.Scalar) })
        {
            FunctionCheck.Check([x, y], v => MatrixProduct(v[0], v[1]));
            Assert.Equal(result, TracedFunction.Of([x, y], v => [MatrixProduct(v[0], v[1])]).Outputs[0].Shape);
        }

        FunctionCheck.Check([new(3, 4), new(3)], v => MatrixProduct(v[0], v[1], transposeX: true));
        FunctionCheck.Check([new(3), new(5, 3)], v => MatrixProduct(v[0], v[1], transposeY: true));
        Assert.Equal([32], FunctionCheck.Run(TracedFunction.Of([new(3), new(3)], v => [MatrixProduct(v[0], v[1])]), [1, 2, 3], [4, 5, 6])[0]);
    }

    [Fact]
    public void ConstantsOfATracedFunction()
    {
        double[][] found = FunctionCheck.Run(TracedFunction.Of(
            [new Shape(2)],
            x => [x[0] + Constant(x[0], [10, 20], new(2)), x[0] * Constant(x[0], 3), Range(x[0], 4) + x[0][1], IdentityMatrix(x[0], 2) * x[0], IdentityMatrix(x[0], 0)]), [1, 2]);
        Assert.Equal([11, 22], found[0]);
        Assert.Equal([3, 6], found[1]);
        Assert.Equal([2, 3, 4, 5], found[2]);
        Assert.Equal([1, 0, 0, 2], found[3]);
        Assert.Empty(found[4]);
    }

    [Fact]
    public void StacksAlongANewAxis()
    {
        Shape shape = new(2, 3);
        for (int axis = -3; axis < 3; axis++)
        {
            int at = axis;
            FunctionCheck.Check([shape, shape], x => Square(Stack(at, x[0], x[1], 2 * x[0])));
        }

        Assert.Equal(new Shape(2, 3, 2), TracedFunction.Of([shape, shape], x => [Stack(-1, x[0], x[1])]).Outputs[0].Shape);
        double[] stacked = FunctionCheck.Run(TracedFunction.Of([shape, shape], x => [Stack(1, x[0], x[1])]), [1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12])[0];
        Assert.Equal([1, 2, 3, 7, 8, 9, 4, 5, 6, 10, 11, 12], stacked);
        string message = Assert.Throws<ArgumentException>(() => TracedFunction.Of([shape, new(3, 2)], x => [Stack(x[0], x[1])])).Message;
        Assert.Contains("[2, 3]", message);
        Assert.Contains("[3, 2]", message);
        Assert.Contains("stack", message);
    }

    [Fact]
    public void ProductWithBiasKeepsTheShapeOfTheSum()
    {
        // A bias with more axes than the product gives the sum more axes too.
        FunctionCheck.Check([new(2, 3), new(3, 4), new(1, 1, 4)], x => Sum(MatrixProduct(x[0], x[1]) + x[2], 0));
        FunctionCheck.Check([new(2, 3), new(3, 4), new(1, 1, 4)], x => Sum(MatrixProduct(x[0], x[1]) + x[2], 1));
        FunctionCheck.Check([new(2, 3), new(3, 4), new(4)], x => Sum(Square(MatrixProduct(x[0], x[1]) + x[2]), 0));
        FunctionCheck.Check([new(4, 3), new(3, 4), new(4)], x => MatrixProduct(x[0], x[1]) + x[2] + MatrixProduct(x[0], x[1]));
        FunctionCheck.Check([new(4, 3), new(3, 4), new(4, 1)], x => MatrixProduct(x[0], x[1]) + x[2]);
    }

    [Fact]
    public void RectifiedProductKeepsNaN()
    {
        TracedFunction function = TracedFunction.Of([new(2, 1), new(1, 9), new(9)], x => [Relu(MatrixProduct(x[0], x[1]) + x[2]), Relu(MatrixProduct(x[0], x[1]))]);
        double[] ones = [.. Enumerable.Repeat(1.0, 9)];
        foreach (double[] result in FunctionCheck.Run(function, [double.NaN, -1], ones, new double[9]))
        {
            Assert.All(result[..9], v => Assert.True(double.IsNaN(v)));
            Assert.All(result[9..], v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void SlicesPadsAndConcatenationsAlongEveryAxis()
    {
        Shape shape = new(4, 5, 6);
        for (int axis = -3; axis < 3; axis++)
        {
            int at = axis;
            int length = shape[at];
            foreach ((int start, int count) in new[] { (0, length), (0, 1), (1, length - 1), (length - 1, 1), (1, 2), (2, 0), (length, 0) })
            {
                FunctionCheck.Check([shape], x => Square(Slice(x[0], at, start, count)));
                FunctionCheck.Check([shape], x => Slice(Slice(x[0], at, start, count), 1, 0, Math.Min(2, at is 1 or -2 ? count : 2)));
            }

            FunctionCheck.Check([shape], x => Pad(x[0], at, 1, 2));
            FunctionCheck.Check([shape], x => Pad(x[0], at, 0, 3));
            FunctionCheck.Check([shape, shape], x => Concatenate(at, x[0], Sin(x[1]), x[0], Slice(x[1], at, 1, 0)));
        }

        FunctionCheck.Check([new(1, 5)], x => Slice(x[0], 1, 2, 2));
        FunctionCheck.Check([new(1, 1, 5)], x => Slice(Square(x[0]), 2, 2, 2) * Slice(x[0], 2, 0, 2));
        FunctionCheck.Check([new(5)], x => Stack(x[0][4] * x[0][0], x[0][-1], x[0][1]));
        FunctionCheck.Check([new(3, 4)], x => Stack(x[0][2], x[0][-3]));
    }

    [Fact]
    public void TransposesReshapesAndBroadcasts()
    {
        FunctionCheck.Check([new(3, 4)], x => Transpose(x[0]) * Reshape(x[0], new(4, 3)));
        FunctionCheck.Check([new(2, 3, 4)], x => Transpose(x[0], 1, 2, 0));
        FunctionCheck.Check([new(2, 1, 4)], x => Square(Transpose(x[0])));
        FunctionCheck.Check([new(0, 4)], x => Transpose(x[0]));
        FunctionCheck.Check([new(17, 33)], x => Transpose(Transpose(x[0]) + 1));
        FunctionCheck.Check([new(3, 1)], x => BroadcastTo(x[0], new(2, 3, 4)));
        FunctionCheck.Check([Shape.Scalar], x => BroadcastTo(Sin(x[0]), new(2, 3)));
        FunctionCheck.Check([new(1, 3)], x => BroadcastTo(x[0], new(0, 3)));
        FunctionCheck.Check([new(2, 1, 4), new(5)], x => Sum(BroadcastTo(x[0], new(2, 3, 4)), 1) + Sum(BroadcastTo(x[1], new(4, 5)), -1));
        FunctionCheck.Check([new(2, 3, 4)], x => SumTo(x[0], new(3, 1)));
        FunctionCheck.Check([new(1, 3)], x => SumTo(x[0], new(3)));
    }

    [Fact]
    public void OneHotRows()
    {
        TracedFunction function = TracedFunction.Of(new Shape(2, 3), x => OneHot(x, 3));
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], FunctionCheck.Run(function, [0, 1, 2, 3, -1, 0.5])[0]);
        Assert.All(FunctionCheck.Run(function, [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e30, -1e30, -0.5])[0], v => Assert.Equal(0, v));
        FunctionCheck.Check([new(4, 3)], x => OneHot(Max(StopGradient(Floor(Square(x[0]))), 1), 5) * Sum(x[0]));
    }

    [Fact]
    public void TiesOfTheMaximumShareTheGradient()
    {
        double[] x = [1, 3, 3, 2, 3, 0];
        double third = 1.0 / 3;
        FunctionCheck.Close([0, third, third, 0, third, 0], FunctionCheck.Run(TracedFunction.Of(new Shape(6), v => Max(v)).WithGradient(), x)[1], 1e-15, "all");
        FunctionCheck.Close([0, 0.5, 0.5, 0, 1, 0], FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3), v => Sum(Max(v, 1))).WithGradient(), x)[1], 1e-15, "rows");
        FunctionCheck.Close([0, 0.5, 1, 1, 0.5, 0], FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3), v => Sum(Max(v, 0))).WithGradient(), x)[1], 1e-15, "columns");
        double[][] pair = FunctionCheck.Run(TracedFunction.Of([new Shape(3), new Shape(3)], v => [Sum(Maximum(v[0], v[1])) + (3 * Sum(Minimum(v[0], v[1])))]).WithGradient(), [1, 2, 3], [3, 2, 1]);
        Assert.Equal([3, 2, 1], pair[1]);
        Assert.Equal([1, 2, 3], pair[2]);
    }

    [Fact]
    public void NothingFlowsThroughStopGradient()
    {
        double[][] result = FunctionCheck.Run(TracedFunction.Of(new Shape(3), x => Sum(x * StopGradient(x))).WithGradient(), [1, 2, 3]);
        Assert.Equal(14, result[0][0]);
        Assert.Equal([1, 2, 3], result[1]);
        Assert.Equal([0, 0], FunctionCheck.Run(TracedFunction.Of(new Shape(2), x => Sum(StopGradient(Square(x)))).WithGradient(), [1, 2])[1]);
    }

    [Fact]
    public void KinksHaveTheirDocumentedDerivatives()
    {
        TracedFunction function = TracedFunction.Of(new Shape(3), x => Sum(Relu(x)) + Sum(Abs(x)) + Sum(Sign(x)) + Sum(Floor(x)) + Sum(Power(x, 0)));
        Assert.Equal([-1, 0, 2], FunctionCheck.Run(function.WithGradient(), [-2, 0, 2])[1]);
        TracedFunction power = TracedFunction.Of([new Shape(2), new Shape(2)], x => [Sum(Power(x[0], x[1]))]);
        Assert.Equal([0, 0], FunctionCheck.Run(power.WithGradient(), [0, 0], [2, 1.5])[2]);
    }

    private static Shape Parse(string text) => new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);

    /// <summary>Numbers far enough apart that a small step changes no order.</summary>
    private static double[] Spaced(int count)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => 0.1 * i)];
        new Random(4).Shuffle(values);
        return values;
    }
}
