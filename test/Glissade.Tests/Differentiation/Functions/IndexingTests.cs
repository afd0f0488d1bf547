using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Gather, scatter-add and strided slices: value, derivatives, batches, and what they refuse.</summary>
public sealed class IndexingTests
{
    public static TheoryData<string, string> Shapes() => new()
    {
        { "4", "" }, { "4", "3" }, { "1", "5" }, { "4", "2 3" }, { "4", "0" }, { "3 4", "2" }, { "3 4", "" }, { "2 3 4", "2 2" }, { "2 3 4", "0 2" },
        { "5 0", "3" }, { "0 4", "0" }, { "1 1", "1" }, { "3 70", "9" }, { "70 3", "9" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GatherAlongEveryAxis(string of, string at)
    {
        (Shape x, Shape indices) = (Parse(of), Parse(at));
        for (int axis = -x.Rank; axis < x.Rank; axis++)
        {
            if (x[axis] == 0 && indices.Count > 0)
            {
                continue;
            }

            int along = axis;
            FunctionCheck.Check([x, indices], v => Square(Gather(v[0], Whole(v[1]), along)), [Numbers(x, 1), Halves(indices, x[along])]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ScatterAddAlongEveryAxis(string of, string at)
    {
        (Shape x, Shape indices) = (Parse(of), Parse(at));
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (x[axis] == 0 && indices.Count > 0)
            {
                continue;
            }

            int along = axis;
            Shape updates = new([.. x.Lengths[..axis], .. indices.Lengths, .. x.Lengths[(axis + 1)..]]);
            double[][] arguments = [Halves(indices, x[along]), Numbers(updates, 2)];
            FunctionCheck.Check([indices, updates], v => Square(ScatterAdd(Whole(v[0]), v[1], along, x[along])), arguments);
            FunctionCheck.Check([indices, updates], v => ScatterAdd(Whole(v[0]), Sin(v[1]), along - x.Rank, x[along]), arguments);
        }
    }

    [Fact]
    public void BothMappedTwice()
    {
        // A map within a map: tables and indices of their own at both levels, and of one level only.
        Shape tables = new(2, 3, 5), indices = new(2, 3, 4);
        double[] at = Halves(indices, 5);
        FunctionCheck.Check([tables, indices], v => VectorizedMap(a => [VectorizedMap(b => [Gather(b[0], Whole(b[1]))], a)[0]], v)[0], [Numbers(tables, 1), at]);
        FunctionCheck.Check([new(3, 5), indices], v => VectorizedMap(i => VectorizedMap(b => [Gather(b[0], Whole(b[1]))], [v[0], i])[0], v[1]), [Numbers(new(3, 5), 1), at]);
        FunctionCheck.Check([indices, indices], v => VectorizedMap(a => [VectorizedMap(b => [ScatterAdd(Whole(b[1]), b[0], 0, 5)], a)[0]], v)[0], [Numbers(indices, 1), at]);
        FunctionCheck.Check([new(2, 5, 3), new(4)], v => VectorizedMap(x => Gather(x, Whole(v[1])), v[0]), [Numbers(new(2, 5, 3), 1), at[..4]]);
    }

    [Fact]
    public void EmbeddingRowsByHand()
    {
        TracedFunction function = TracedFunction.Of([new(3, 2), new(2, 2)], v => [Gather(v[0], v[1]), ScatterAdd(v[1], Gather(v[0], v[1]), 0, 3)]);
        double[][] result = FunctionCheck.Run(function, [1, 2, 3, 4, 5, 6], [2, 0, 2, 2]);
        Assert.Equal([5, 6, 1, 2, 5, 6, 5, 6], result[0]);
        Assert.Equal([1, 2, 0, 0, 15, 18], result[1]);
    }

    [Fact]
    public void UpdatesAreAddedInTheirOrder()
    {
        // 1e16 + 1 − 1e16 depends on the order.
        TracedFunction function = TracedFunction.Of([new(3), new(3)], v => [ScatterAdd(v[0], v[1], 0, 1)]);
        Assert.Equal([0], FunctionCheck.Run(function, [0, 0, 0], [1e16, 1, -1e16])[0]);
        Assert.Equal([1], FunctionCheck.Run(function, [0, 0, 0], [1e16, -1e16, 1])[0]);
    }

    [Theory]
    [InlineData(3.0)]
    [InlineData(-1.0)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    public void OtherNumbersThanIndicesAreRefusedWhenRun(double index)
    {
        (string, Func<Tensor, Tensor, Tensor>)[] functions = [("gather", (x, i) => Gather(x, i, 1)), ("scatter-add", (x, i) => ScatterAdd(i, BroadcastTo(Sum(x), new(2, 2, 2)), 1, 3))];
        foreach ((string name, Func<Tensor, Tensor, Tensor> function) in functions)
        {
            TracedFunction traced = TracedFunction.Of([new(2, 3), new(2, 2)], v => [function(v[0], v[1])]);
            ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => FunctionCheck.Run(traced, new double[6], [0, 1, index, 2]));
            Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"the index {index} at [1, 0] of the indices [2, 2]", refused.Message, StringComparison.Ordinal);
            Assert.Contains("[2, 3]", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AfterARefusalTheProgramRunsAgain()
    {
        CompiledFunction<float> compiled = TracedFunction.Of([new(3), new(1)], v => [Gather(v[0], v[1])]).Compile<float>();
        new float[] { 1, 2, 3 }.CopyTo(compiled.Inputs[0].Span);
        compiled.Inputs[1].Span[0] = 7;
        Assert.Throws<ArgumentOutOfRangeException>(compiled.Run);
        compiled.Inputs[1].Span[0] = 1;
        compiled.Run();
        Assert.Equal(2, compiled.Outputs[0][0]);
    }

    [Fact]
    public void StridedSlicesAlongEveryAxis()
    {
        Shape shape = new(7, 1, 9);
        foreach (int axis in new[] { 0, -3 })
        {
            foreach ((int start, int length, int step) in new[] { (0, 3, 3), (1, 2, 3), (0, 4, 2), (1, 3, 2), (2, 2, 4), (6, 1, 100), (0, 0, 5), (7, 0, 1), (0, 7, 1), (0, 2, 6), (0, 3, 2) })
            {
                FunctionCheck.Check([shape], x => Square(StridedSlice(x[0], axis, start, length, step)));
                FunctionCheck.Check([new(2, 7)], x => Square(StridedSlice(x[0], -1, start, length, step)));
            }
        }

        double[] numbers = [.. Enumerable.Range(0, 10).Select(i => (double)i)];
        Assert.Equal([1, 4, 7], FunctionCheck.Run(TracedFunction.Of(new Shape(10), x => StridedSlice(x, 0, 1, 3, 3)), numbers)[0]);
        Assert.Equal([0, 9], FunctionCheck.Run(TracedFunction.Of(new Shape(10), x => StridedSlice(x, 0, 0, 2, 9)), numbers)[0]);
    }

    private static Tensor Whole(Tensor x) => StopGradient(Floor(x));

    private static double[] Numbers(Shape shape, int seed) => FunctionCheck.Numbers(shape.Count, seed, -1.5, 1.5);

    /// <summary>Numbers half above an index, so that a small step leads to no other one.</summary>
    private static double[] Halves(Shape shape, int length) => [.. FunctionCheck.Numbers(shape.Count, 3, 0, length).Select(v => Math.Floor(v) + 0.5)];

    private static Shape Parse(string text) => new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
}
