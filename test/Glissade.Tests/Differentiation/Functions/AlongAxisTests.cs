using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Running sums, places of extremes, sorting and access by indices along an axis.</summary>
public sealed class AlongAxisTests
{
    public static TheoryData<string> Shapes() =>
        ["1", "7", "8", "9", "257", "3 4", "4 1", "1 4", "2 3 4", "2 1 4", "0 3", "2 0 3", "3 3 0", "0", "17 33", "130 3"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void RunningSums(string text)
    {
        Shape shape = Parse(text);
        for (int axis = -shape.Rank; axis < shape.Rank; axis++)
        {
            foreach ((bool reverse, bool exclusive) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                FunctionCheck.Check([shape], x => Square(CumulativeSum(x[0], axis, reverse, exclusive)) / 10);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void OrdersAndPlaces(string text)
    {
        Shape shape = Parse(text);
        double[] distinct = Spaced(shape.Count);
        for (int axis = -shape.Rank; axis < shape.Rank; axis++)
        {
            foreach (bool flag in new[] { false, true })
            {
                FunctionCheck.Check([shape], x => Square(Sort(x[0], axis, flag)), [distinct]);
                FunctionCheck.Check([shape], x => ArgSort(x[0], axis, flag) * x[0], [distinct]);
                if (shape.Count > 0)
                {
                    int k = (shape[axis] + 1) / 2;
                    FunctionCheck.Check([shape], x => TopK(x[0], k, axis, flag).Values * (1 + TopK(x[0], k, axis, flag).Indices), [distinct]);
                    FunctionCheck.Check([shape], x => (flag ? ArgMax(x[0], axis) : ArgMin(x[0], axis)) * Sum(x[0], axis), [distinct]);
                }
            }
        }
    }

    [Theory]
    [InlineData("5", 8)]
    [InlineData("5", 0)]
    [InlineData("3 4", 2)]
    [InlineData("2 3 4", 6)]
    [InlineData("2 1 4", 1)]
    [InlineData("4 0 2", 3)]
    [InlineData("17 33", 40)]
    public void TakingAndScattering(string text, int count)
    {
        Shape shape = Parse(text);
        var random = new Random(9);
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int[] lengths = shape.Lengths.ToArray();
            int length = lengths[axis];
            lengths[axis] = length == 0 ? 0 : count;
            Shape picked = new(lengths);
            double[] indices = [.. Enumerable.Range(0, picked.Count).Select(_ => (double)random.Next(Math.Max(1, length)))];
            int at = axis;
            Tensor Indices(Tensor x) => x.Trace.Constant(indices, picked);
            FunctionCheck.Check([shape], x => Square(TakeAlongAxis(x[0], Indices(x[0]), at)));
            FunctionCheck.Check([picked], x => Square(ScatterAddAlongAxis(x[0], Indices(x[0]), at - picked.Rank, length)));
        }

        // Indices that are mapped too, and those that are shared.
        FunctionCheck.Check([new(3, 4), new(3, 2)], x => TakeAlongAxis(x[0], StopGradient(Floor(Abs(x[1]))), 1) + x[1], [FunctionCheck.Numbers(12, 1, -1, 1), [1.5, 0.5, 3.5, 2.5, 3.9, 2.7]]);
    }

    [Fact]
    public void TiesZerosAndNaN()
    {
        const double NaN = double.NaN;
        double[] x = [3, NaN, -0.0, 0, 3, double.NegativeInfinity, NaN, double.PositiveInfinity, 0, -0.0, -2];
        TracedFunction function = TracedFunction.Of([new Shape(11)], v => [ArgSort(v[0]), ArgSort(v[0], descending: true), TopK(v[0], 3).Indices, TopK(v[0], 3, 0, largest: false).Indices, ArgMax(v[0], 0), ArgMin(v[0], 0), Sort(v[0])]);

        // As numpy.argsort(kind='stable') has them; descending, ties keep their order too.
        double[][] want = [[5, 10, 2, 3, 8, 9, 0, 4, 7, 1, 6], [7, 0, 4, 2, 3, 8, 9, 10, 5, 1, 6], [7, 0, 4], [5, 10, 2], [1], [1], [double.NegativeInfinity, -2, -0.0, 0, 0, -0.0, 3, 3, double.PositiveInfinity, NaN, NaN]];
        double[][] wide = FunctionCheck.Run(function, x);
        CompiledFunction<float> single = function.Compile<float>();
        x.Select(v => (float)v).ToArray().CopyTo(single.Inputs[0].Span);
        single.Run();
        for (int o = 0; o < want.Length; o++)
        {
            Assert.Equal(want[o], wide[o]);
            Assert.Equal([.. want[o].Select(v => (float)v)], single.Outputs[o].Span.ToArray());
        }

        TracedFunction places = TracedFunction.Of([new Shape(3, 3)], v => [ArgMax(v[0], 0), ArgMax(v[0], 1), ArgMin(v[0], 0), ArgMin(v[0], 1)]);
        double[][] found = FunctionCheck.Run(places, [1, 5, 2, 1, 5, 7, 0, NaN, 7]);
        Assert.Equal([0, 2, 1], found[0]);
        Assert.Equal([1, 2, 1], found[1]);
        Assert.Equal([2, 2, 0], found[2]);
        Assert.Equal([0, 0, 1], found[3]);
    }

    [Fact]
    public void ManyEqualElementsKeepTheirOrder()
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, 100_000).Select(_ => (double)random.Next(50) - 25)];
        double[] order = FunctionCheck.Run(TracedFunction.Of(new Shape(x.Length), v => ArgSort(v)), x)[0];
        Assert.Equal([.. Enumerable.Range(0, x.Length).OrderBy(i => x[i]).Select(i => (double)i)], order);
    }

    [Theory]
    [InlineData(4.0)]
    [InlineData(-1.0)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e30)]
    public void IndicesOutsideAreNamed(double index)
    {
        TracedFunction take = TracedFunction.Of([new Shape(2, 4), new Shape(2, 3)], x => [TakeAlongAxis(x[0], x[1], 1)]);
        TracedFunction scatter = TracedFunction.Of([new Shape(2, 3), new Shape(2, 3)], x => [ScatterAddAlongAxis(x[0], x[1], 1, 4)]);
        foreach ((string name, TracedFunction function) in new[] { ("take-along-axis", take), ("scatter-add-along-axis", scatter) })
        {
            var exception = Assert.Throws<ArgumentOutOfRangeException>(() => FunctionCheck.Run(function, new double[function.Inputs[0].Shape.Count], [0, 1, 2, 3, index, 0]));
            foreach (string part in new[] { $"'{name}'", $"the index {index} at [1, 1] of the indices [2, 3]", "axis 1 of [2, 4]", "from 0 to 3" })
            {
                Assert.Contains(part, exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void FloatRefusesLinesThatItCannotCount()
    {
        TracedFunction function = TracedFunction.Of(new Shape((1 << 24) + 1), x => ArgMax(x, 0));
        Assert.Contains("'arg-max'", Assert.Throws<ArgumentException>(() => function.Compile<float>()).Message, StringComparison.Ordinal);
    }

    private static Shape Parse(string text) => new([.. text.Split(' ').Select(int.Parse)]);

    private static double[] Spaced(int count)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => 0.1 * (i + 1))];
        new Random(4).Shuffle(values);
        return values;
    }
}
