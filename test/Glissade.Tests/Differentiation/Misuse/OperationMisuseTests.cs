using FsCheck;
using FsCheck.Fluent;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Misfit shapes, axes that are not there, impossible numbers: an ArgumentException that names the operation and the shapes.</summary>
public sealed class OperationMisuseTests
{
    private static readonly (string Name, Func<Tensor, Tensor, Tensor> Function)[] Pairs =
    [
        ("atan2", Atan2), ("less", Less), ("less-or-equal", LessOrEqual), ("not-equal", NotEqual), ("and", And), ("or", Or), ("log-add-exp", LogAddExp),
    ];

    private static readonly (string Name, Func<Tensor, int, Tensor> Function)[] AxisFunctions =
    [
        ("sum", (x, a) => Sum(x, a)), ("sum", (x, a) => Sum(x, [a], keepAxes: true)), ("max", (x, a) => Max(x, [a], keepAxes: true)), ("min", (x, a) => Min(x, a)),
        ("product", (x, a) => Product(x, a)), ("product", (x, a) => Product(x, [a], keepAxes: true)), ("variance", (x, a) => Variance(x, a)), ("standard-deviation", (x, a) => StandardDeviation(x, [a], 0)), ("mean", (x, a) => Mean(x, a)),
        ("softmax", (x, a) => Softmax(x, a)), ("log-softmax", (x, a) => LogSoftmax(x, a)),
        ("norm", (x, a) => Norm(x, 2, a)), ("norm", (x, a) => Norm(x, 3, [a], keepAxes: true)), ("log-sum-exp", (x, a) => LogSumExp(x, a)), ("log-sum-exp", (x, a) => LogSumExp(x, [a], 2, keepAxes: true)),
        ("cumulative-sum", (x, a) => CumulativeSum(x, a)), ("arg-max", (x, a) => ArgMax(x, a)), ("arg-min", (x, a) => ArgMin(x, [a], keepAxes: true)), ("arg-sort", (x, a) => ArgSort(x, a)), ("sort", (x, a) => Sort(x, a)),
        ("top-k", (x, a) => TopK(x, 1, a).Values), ("take-along-axis", (x, a) => TakeAlongAxis(x, x, a)), ("scatter-add-along-axis", (x, a) => ScatterAddAlongAxis(x, x, a, 3)),
    ];

    private static readonly Gen<int[]> Lengths = Gen.Choose(1, 4).ArrayOf().Where(a => a.Length is > 0 and <= 4);

    [Fact]
    public void MisfitShapesAreNamedWithTheOperation()
    {
        int misfits = 0;
        Check.One(FixedRuns.Of(300), Prop.ForAll(Lengths.Zip(Lengths).ToArbitrary(), pair =>
        {
            (Shape x, Shape y) = (new Shape(pair.Item1), new Shape(pair.Item2));
            bool fits = Enumerable.Range(1, Math.Min(x.Rank, y.Rank)).All(a => x[-a] == y[-a] || x[-a] == 1 || y[-a] == 1);
            foreach ((string name, Func<Tensor, Tensor, Tensor> function) in Pairs)
            {
                Expect(fits, name, () => TracedFunction.Of([x, y], v => [function(v[0], v[1])]), x, y);
            }

            for (int axis = 0; axis < x.Rank; axis++)
            {
                int at = axis;
                bool along = x.Rank == y.Rank && Enumerable.Range(0, x.Rank).All(a => a == at || x[a] == y[a]);
                Expect(along, "take-along-axis", () => TracedFunction.Of([x, y], v => [TakeAlongAxis(v[0], v[1], at)]), x, y);
                Expect(x == y, "scatter-add-along-axis", () => TracedFunction.Of([x, y], v => [ScatterAddAlongAxis(v[0], v[1], at, 3)]), x, y);
            }

            void Expect(bool works, string name, Action trace, params Shape[] shapes)
            {
                if (works)
                {
                    trace();
                    return;
                }

                misfits++;
                AssertNames(Assert.ThrowsAny<ArgumentException>(trace), name, shapes);
            }
        }));
        Assert.True(misfits > 1000, $"The generator gave only {misfits} misfits.");
    }

    [Fact]
    public void AxesThatAreNotThereAreNamedWithTheOperation() => Check.One(
        FixedRuns.Of(200),
        Prop.ForAll(Lengths.Zip(Gen.OneOf(Gen.Choose(-9, 9), Gen.Elements(int.MinValue, int.MaxValue))).ToArbitrary(), pair =>
        {
            var shape = new Shape(pair.Item1);
            int axis = pair.Item2;
            foreach ((string name, Func<Tensor, int, Tensor> function) in AxisFunctions)
            {
                void Trace() => TracedFunction.Of(shape, x => function(x, axis));
                if (axis >= -shape.Rank && axis < shape.Rank)
                {
                    Trace();
                }
                else
                {
                    AssertNames(Assert.Throws<ArgumentOutOfRangeException>(Trace), name, shape);
                }
            }
        }));

    [Fact]
    public void ScalarsHaveNoAxes()
    {
        foreach ((string name, Func<Tensor, int, Tensor> function) in AxisFunctions)
        {
            AssertNames(Assert.Throws<ArgumentOutOfRangeException>(() => TracedFunction.Of(Shape.Scalar, x => function(x, 0))), name, Shape.Scalar);
        }
    }

    [Fact]
    public void ImpossibleNumbersAreNamedWithTheOperation()
    {
        (string, Func<Tensor, Tensor>)[] misuses =
        [
            ("top-k", x => TopK(x, 6).Values), ("top-k", x => TopK(x, -1).Values), ("scatter-add-along-axis", x => ScatterAddAlongAxis(x, x, 0, -1)),
            ("norm", x => Norm(x, 0.5)), ("norm", x => Norm(x, double.NaN)), ("norm", x => Norm(x, -1)),
            ("log-sum-exp", x => LogSumExp(x, [0], 0)), ("log-sum-exp", x => LogSumExp(x, [0], -1)), ("log-sum-exp", x => LogSumExp(x, [0], double.NaN)), ("log-sum-exp", x => LogSumExp(x, [0], double.PositiveInfinity)),
            ("variance", x => Variance(x, [0], 5)), ("variance", x => Variance(x, [0], -1)), ("variance", x => Variance(x, [], 7)), ("standard-deviation", x => StandardDeviation(x, [0], 5)),
        ];
        foreach ((string name, Func<Tensor, Tensor> function) in misuses)
        {
            AssertNames(Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), function)), name, new Shape(5));
        }

        (string, Func<Tensor, Tensor>)[] ofNothing = [("arg-max", x => ArgMax(x, 1)), ("arg-min", x => ArgMin(x, 1)), ("variance", x => Variance(x, 1)), ("variance", x => Variance(x))];
        foreach ((string name, Func<Tensor, Tensor> function) in ofNothing)
        {
            AssertNames(Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(2, 0), function)), name, new Shape(2, 0));
        }

        foreach ((double low, double high) in new[] { (2.0, 1.0), (double.NaN, 1), (0, double.NaN) })
        {
            Assert.Contains("'clamp'", Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(new Shape(5), x => Clamp(x, low, high))).Message, StringComparison.Ordinal);
        }
    }

    private static void AssertNames(ArgumentException exception, string operation, params Shape[] shapes)
    {
        Assert.Contains($"'{operation}'", exception.Message, StringComparison.Ordinal);
        Assert.All(shapes, s => Assert.Contains(s.ToString(), exception.Message, StringComparison.Ordinal));
    }
}
