using FsCheck;
using FsCheck.Fluent;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Misfit shapes, mixed traces, impossible ranges: an ArgumentException that says what and how.</summary>
public sealed class MisuseTests
{
    private static readonly (string Name, Func<Tensor, Tensor, Tensor> Function)[] Operations =
    [
        ("add", Add), ("subtract", Subtract), ("multiply", Multiply), ("divide", Divide), ("power", Power), ("maximum", Maximum), ("minimum", Minimum),
        ("greater", Greater), ("greater-or-equal", GreaterOrEqual), ("equal", EqualTo), ("select", (x, y) => Select(x, y, y)), ("blend", (x, y) => Blend(x, y, x)),
        ("fused-multiply-add", (x, y) => FusedMultiplyAdd(x, y, y)), ("fused-multiply-add", (x, y) => FusedMultiplyAdd(x, x, y)), ("fused-multiply-add", (x, y) => FusedMultiplyAdd(x, y, x)),
    ];

    [Fact]
    public void MisfitShapesAreNamedWithTheOperation()
    {
        Gen<int[]> lengths = Gen.Choose(1, 4).ArrayOf().Where(a => a.Length <= 4);
        int misfits = 0;
        Check.One(FixedRuns.Of(300), Prop.ForAll(lengths.Zip(lengths).ToArbitrary(), pair =>
        {
            (Shape x, Shape y) = (new Shape(pair.Item1), new Shape(pair.Item2));
            bool fits = Enumerable.Range(1, Math.Min(x.Rank, y.Rank)).All(a => x[-a] == y[-a] || x[-a] == 1 || y[-a] == 1);
            foreach ((string name, Func<Tensor, Tensor, Tensor> function) in Operations)
            {
                void Trace() => TracedFunction.Of([x, y], v => [function(v[0], v[1])]);
                if (fits)
                {
                    Trace();
                }
                else
                {
                    misfits++;
                    AssertNames(Assert.ThrowsAny<ArgumentException>(Trace), name, x, y);
                }
            }

            bool batchesFit = Enumerable.Range(3, Math.Max(0, Math.Min(x.Rank, y.Rank) - 2)).All(a => x[-a] == y[-a] || x[-a] == 1 || y[-a] == 1);
            bool innerFits = x.Rank >= 1 && y.Rank >= 1 && x[-1] == (y.Rank == 1 ? y[0] : y[-2]);
            if (!innerFits || !batchesFit)
            {
                AssertNames(Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of([x, y], v => [MatrixProduct(v[0], v[1])])), "matrix-product", x, y);
            }

            if (x.Count != y.Count)
            {
                AssertNames(Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(x, v => Reshape(v, y))), "reshape", x, y);
            }

            if (x.Rank > 0 && (x.Rank != y.Rank || !x.Lengths[1..].SequenceEqual(y.Lengths[1..])))
            {
                AssertNames(Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of([x, y], v => [Concatenate(0, v[0], v[1])])), "concatenate", x, y);
            }

            if (!fits || y.Rank < x.Rank)
            {
                AssertNames(Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(x, v => BroadcastTo(v, y))), "broadcast", x, y);
            }
        }));
        Assert.True(misfits > 100, $"The generator gave only {misfits} misfits.");
    }

    [Fact]
    public void BroadcastOfABroadcastObeysTheShapeBetween()
    {
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(1), x => BroadcastTo(BroadcastTo(x, new(3)), new(4))));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(Shape.Scalar, x => BroadcastTo(BroadcastTo(x, new(3)), Shape.Scalar)));
    }

    [Fact]
    public void TensorsOfTwoTracesDoNotMix()
    {
        Tensor? foreign = null;
        TracedFunction.Of(new Shape(3), x => foreign = x * 2);
        (string, Func<Tensor, Tensor>)[] mixtures =
        [
            ("add", x => x + foreign!), ("power", x => Power(foreign!, x)), ("blend", x => Blend(x, x, foreign!)), ("fused-multiply-add", x => FusedMultiplyAdd(x, x, foreign!)), ("concatenate", x => Concatenate(0, x, foreign!)),
            ("matrix-product", x => MatrixProduct(Reshape(x, new(1, 3)), Reshape(foreign!, new(3, 1)))),
        ];
        foreach ((string name, Func<Tensor, Tensor> function) in mixtures)
        {
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(3), function)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(3), x => foreign!));
        Assert.Throws<ArgumentException>(() => new ProgramBuilder<double>().Output("y", foreign!));
    }

    [Fact]
    public void RangesOutsideOfAnAxisAreRefused()
    {
        (int, int)[] slices = [(-1, 1), (0, 6), (5, 1), (6, 0), (0, -1), (int.MaxValue, 1), (1, int.MaxValue), (int.MaxValue, int.MaxValue)];
        foreach ((int start, int length) in slices)
        {
            Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => Slice(x, 0, start, length)));
        }

        (int, int)[] pads = [(-1, 0), (0, -1), (int.MaxValue, 0), (int.MaxValue, int.MaxValue), (1, int.MaxValue)];
        foreach ((int before, int after) in pads)
        {
            Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => Pad(x, 0, before, after)));
        }

        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => Sum(x, 1)));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => Slice(x, 1, 0, 1)));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5, 2), x => Transpose(x, 0, 0)));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5, 2), x => Transpose(x, 0)));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => OneHot(x, -1)));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => Concatenate(3, x)));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(Shape.Scalar, x => Softmax(x)));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(Shape.Scalar, x => x[0]));
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => x).WithGradient());
    }

    [Fact]
    public void PartsOfAConcatenationMayBeReusedByTheCaller()
    {
        TracedFunction function = TracedFunction.Of([new(1), new(1)], x =>
        {
            Tensor[] parts = [x[0], x[1]];
            Tensor joined = Concatenate(0, parts);
            parts[0] = x[1];
            return [joined];
        });
        Assert.Equal([1, 2], FunctionCheck.Run(function, [1], [2])[0]);
    }

    private static void AssertNames(ArgumentException exception, string operation, Shape x, Shape y)
    {
        Assert.Contains($"'{operation}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(x.ToString(), exception.Message, StringComparison.Ordinal);
        Assert.Contains(y.ToString(), exception.Message, StringComparison.Ordinal);
    }
}
