using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Outputs over inputs: every output is a function of what the inputs were before the run.</summary>
public sealed class InPlaceTests
{
    public static TheoryData<int> Lengths() => [1, 8, 9, 513, 1025, 70_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AnOutputReplacesItsInput(int n) =>
        Expect(n, (a, b) => [(0.9 * a) + b, null], (a, b) => [a.Zip(b, (x, y) => (0.9 * x) + y).ToArray(), b]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void TwoOutputsReplaceTheTwoInputsTheyBothRead(int n)
    {
        Expect(n, (a, b) => [a + b, a - b], (a, b) => [a.Zip(b, (x, y) => x + y).ToArray(), a.Zip(b, (x, y) => x - y).ToArray()]);
        Expect(n, (a, b) => [b * 2, a * 3], (a, b) => [b.Select(y => y * 2).ToArray(), a.Select(x => x * 3).ToArray()]);
    }

    /// <summary>What is to replace an input at the end of the block is still there then, whatever was computed after it was read for the last time.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void AReplacementWaitsUntilItsInputHasBeenRead(int n) => Expect(
        n,
        (a, b) => [2 * a, Square((2 * a) + b) * a],
        (a, b) => [a.Select(x => 2 * x).ToArray(), a.Zip(b, (x, y) => ((2 * x) + y) * ((2 * x) + y) * x).ToArray()]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void TwoVectorsChangePlaces(int n) => Expect(n, (a, b) => [b, a], (a, b) => [b, a]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AReductionStillSeesTheReplacedInput(int n)
    {
        // The reduction reads the input's own memory, in the loop that overwrites it.
        ExpectWithSum(n, (a, b) => 2 * a, a => a, (a, b) => a.Select(x => 2 * x).ToArray(), a => a.Sum());
        ExpectWithSum(n, (a, b) => 2 * a, a => Square(a), (a, b) => a.Select(x => 2 * x).ToArray(), a => a.Sum(x => x * x));
        ExpectWithSum(n, (a, b) => (2 * a) + Sum(a), a => a, (a, b) => a.Select(x => (2 * x) + a.Sum()).ToArray(), a => a.Sum());
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void ASliceOfTheReplacedInputIsReadElsewhere(int n) =>
        Expect(n, (a, b) => [2 * a, b + Slice(a, 0, n / 2, 1)], (a, b) => [a.Select(x => 2 * x).ToArray(), b.Select(y => y + a[n / 2]).ToArray()]);

    [Fact]
    public void ShiftedReadsOfTheReplacedInput()
    {
        Expect(1025, (a, b) => [Concatenate(0, Slice(a, 0, 1, 1024), Slice(b, 0, 0, 1)), null], (a, b) => [[.. a[1..], b[0]], b]);
        Expect(1025, (a, b) => [a + Concatenate(0, Slice(a, 0, 1, 1024), Slice(a, 0, 0, 1)), null], (a, b) => [a.Select((x, i) => x + a[(i + 1) % 1025]).ToArray(), b]);
        Expect(1024, (a, b) => [a + Reshape(Transpose(Reshape(a, new(32, 32))), new(1024)), null], (a, b) => [a.Select((x, i) => x + a[(i % 32 * 32) + (i / 32)]).ToArray(), b]);
    }

    [Fact]
    public void InputsConstantsViewsAndTwins()
    {
        var builder = new ProgramBuilder<double>();
        Tensor x = builder.Input("x", new(4));
        Tensor y = Square(x);
        builder.Output("input", x);
        builder.Output("constant", builder.Constant(3));
        builder.Output("spread", BroadcastTo(builder.Constant(3), new(2)));
        builder.Output("view of input", Slice(x, 0, 1, 2));
        builder.Output("reshaped", Reshape(x, new(2, 2)));
        builder.Output("value", y);
        builder.Output("twin", y);
        builder.Output("view of value", Slice(Reshape(y, new(2, 2)), 0, 1, 1));
        builder.Output("view of unnamed", Slice(Exp(0 * x), 0, 1, 2));
        builder.Output("sum", Sum(y));
        builder.Output("view of sum", Reshape(Sum(y), new(1, 1)));
        builder.Output("empty", Slice(x, 0, 2, 0));
        Program<double> program = builder.Build();
        for (int run = 0; run < 2; run++)
        {
            new double[] { 1, 2, 3, 4 + run }.CopyTo(program["x"]);
            program.Run();
            double last = 4 + run;
            Assert.Equal([1, 2, 3, last], program["input"].ToArray());
            Assert.Equal([3], program["constant"].ToArray());
            Assert.Equal([3, 3], program["spread"].ToArray());
            Assert.Equal([2, 3], program["view of input"].ToArray());
            Assert.Equal([1, 2, 3, last], program["reshaped"].ToArray());
            Assert.Equal([1, 4, 9, last * last], program["value"].ToArray());
            Assert.Equal([1, 4, 9, last * last], program["twin"].ToArray());
            Assert.Equal([9, last * last], program["view of value"].ToArray());
            Assert.Equal([1, 1], program["view of unnamed"].ToArray());
            Assert.Equal([14 + (last * last)], program["sum"].ToArray());
            Assert.Equal([14 + (last * last)], program["view of sum"].ToArray());
            Assert.Empty(program["empty"].ToArray());
        }
    }

    [Fact]
    public void OverlappingOutputsAndMisplacedPiecesAreRefused()
    {
        var builder = new ProgramBuilder<double>();
        var vector = new FlatVector<double>(6);
        Tensor x = builder.View("x", new(4), vector, 0);
        builder.Output(x * 2, vector, 0);
        Assert.Throws<ArgumentException>(() => builder.Output(x + 1, vector, 2));
        builder.Output(Slice(x, 0, 0, 2), vector, 4);
        builder.Output(Slice(x, 0, 0, 0), vector, 2);
        Assert.Throws<ArgumentException>(() => builder.Output(x, vector, 3));
        Assert.Throws<ArgumentException>(() => builder.View("y", new(4), vector, -1));
        Assert.Throws<ArgumentException>(() => builder.Input(" ", new(4)));
        var layout = new Layout(("a", new Shape(2)), ("b", new Shape(4)));
        IReadOnlyList<Tensor> pieces = builder.Views(layout, new FlatVector<double>(6));
        Assert.Throws<ArgumentException>(() => builder.Gradient(Sum(pieces[0]), [pieces[1], pieces[0]], layout, new FlatVector<double>(6)));
        Assert.Throws<ArgumentException>(() => builder.Gradient(Sum(pieces[0]), pieces, layout, new FlatVector<double>(5)));
    }

    private static void ExpectWithSum(int n, Func<Tensor, Tensor, Tensor> replace, Func<Tensor, Tensor> summed, Func<double[], double[], double[]> expected, Func<double[], double> sum)
    {
        var builder = new ProgramBuilder<double>();
        var vector = new FlatVector<double>(Whole(n, 1));
        double[] a = vector.Span.ToArray();
        Tensor x = builder.View("a", new(n), vector, 0);
        builder.Output(replace(x, x), vector, 0);
        builder.Output("sum", Sum(summed(x)));
        builder.Output("max", Max(x));
        Program<double> program = builder.Build();
        program.Run();
        Assert.Equal(sum(a), program["sum"][0]);
        Assert.Equal(a.Max(), program["max"][0]);
        Assert.Equal(expected(a, a), vector.Span.ToArray());
    }

    private static void Expect(int n, Func<Tensor, Tensor, Tensor?[]> outputs, Func<double[], double[], double[][]> expected)
    {
        var builder = new ProgramBuilder<double>();
        FlatVector<double>[] vectors = [new(Whole(n, 1)), new(Whole(n, 2))];
        Tensor a = builder.View("a", new(n), vectors[0], 0), b = builder.View("b", new(n), vectors[1], 0);
        Tensor?[] values = outputs(a, b);
        for (int i = 0; i < 2; i++)
        {
            if (values[i] is { } value)
            {
                builder.Output(value, vectors[i], 0);
            }
        }

        double[][] results = [vectors[0].Span.ToArray(), vectors[1].Span.ToArray()];
        Program<double> program = builder.Build();
        for (int run = 0; run < 3; run++)
        {
            results = expected(results[0], results[1]);
            program.Run();
            Assert.Equal(results[0], vectors[0].Span.ToArray());
            Assert.Equal(results[1], vectors[1].Span.ToArray());
        }
    }

    /// <summary>Small whole numbers, whose sums are exact in any order.</summary>
    private static double[] Whole(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => (double)random.Next(-9, 10))];
    }
}
