using System.Globalization;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>What is said of misused reductions, softmaxes, attention and cross-entropies: the operation that was called, the shapes that were given, and what would be right.</summary>
public sealed class ReductionMisuseTests
{
    private static readonly (string Name, Func<Tensor, int[], Tensor> Function)[] Reductions =
    [
        ("sum", (x, a) => Sum(x, a)), ("sum", (x, a) => Sum(x, a, keepAxes: true)), ("mean", (x, a) => Mean(x, a)), ("mean", (x, a) => Mean(x, a, keepAxes: true)),
        ("max", (x, a) => Max(x, a)), ("max", (x, a) => Max(x, a, keepAxes: true)), ("min", (x, a) => Min(x, a)), ("min", (x, a) => Min(x, a, keepAxes: true)),
        ("product", (x, a) => Product(x, a)), ("product", (x, a) => Product(x, a, keepAxes: true)), ("norm", (x, a) => Norm(x, 2, a)), ("norm", (x, a) => Norm(x, 3, a, keepAxes: true)),
        ("variance", (x, a) => Variance(x, a)), ("variance", (x, a) => Variance(x, a, 1)), ("variance", (x, a) => Variance(x, a, keepAxes: true)),
        ("standard-deviation", (x, a) => StandardDeviation(x, a)), ("standard-deviation", (x, a) => StandardDeviation(x, a, keepAxes: true)),
        ("log-sum-exp", (x, a) => LogSumExp(x, a)), ("log-sum-exp", (x, a) => LogSumExp(x, a, 0.5)), ("log-sum-exp", (x, a) => LogSumExp(x, a, keepAxes: true)),
        ("arg-max", (x, a) => ArgMax(x, a)), ("arg-max", (x, a) => ArgMax(x, a, keepAxes: true)), ("arg-min", (x, a) => ArgMin(x, a)), ("arg-min", (x, a) => ArgMin(x, a, keepAxes: true)),
    ];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    [InlineData(-2, 1, 0)]
    public void AnAxisGivenTwiceIsRefused(params int[] axes)
    {
        foreach ((string name, Func<Tensor, int[], Tensor> function) in Reductions)
        {
            AssertSays(Refused([new(3, 2)], x => function(x[0], axes)), $"'{name}' of the shape [3, 2] over the axes [{string.Join(", ", axes)}]", $"axis {axes[^1]} is given twice");
        }
    }

    [Fact]
    public void AnAxisThatIsNotThereIsRefusedInTheNameOfWhatWasCalled()
    {
        foreach ((string name, Func<Tensor, int[], Tensor> function) in Reductions)
        {
            AssertSays(Refused([new(3, 2)], x => function(x[0], [0, 2])), $"'{name}' of the shape [3, 2]", "from -2 to 1, not 2");
        }
    }

    [Fact]
    public void PlacesOfNothingAreRefused()
    {
        AssertSays(Refused([new(3, 0)], x => ArgMax(x[0])), "'arg-max' of the shape [3, 0]", "there are no elements");
        AssertSays(Refused([new(3, 0, 2)], x => ArgMin(x[0], 0, 1)), "'arg-min' of the shape [3, 0, 2] over the axes [0, 1]", "one at least is needed");
        AssertSays(Refused([new(3, 0)], x => StandardDeviation(x[0])), "'standard-deviation' of the shape [3, 0]", "one at least is needed");
        AssertSays(
            Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(2, 5000, 5000), x => ArgMax(x, 1, 2)).Compile<float>()),
            "'arg-max' of the shape [2, 5000, 5000]", "axes 1 to 2 have 25000000 indices", "compile to double");
    }

    [Fact]
    public void SoftmaxesNameThemselves()
    {
        AssertSays(Refused([Shape.Scalar], x => Softmax(x[0])), "'softmax' of the shape []", "a scalar has no axes");
        AssertSays(Refused([Shape.Scalar], x => LogSoftmax(x[0])), "'log-softmax' of the shape []", "a scalar has no axes");
        AssertSays(Refused([new(3, 2)], x => Softmax(x[0], 2)), "'softmax' of the shape [3, 2]", "from -2 to 1, not 2");
        AssertSays(Refused([new(3, 2)], x => LogSoftmax(x[0], -3)), "'log-softmax' of the shape [3, 2]", "from -2 to 1, not -3");
    }

    [Fact]
    public void DotRefusesUnequalShapes()
    {
        AssertSays(Refused([new(3), new(4)], x => Dot(x[0], x[1])), "[3] and [4] do not fit 'dot'", "must be equal");
        AssertSays(Refused([new(3, 4), new(4)], x => Dot(x[0], x[1])), "[3, 4] and [4] do not fit 'dot'", "must be equal");
    }

    [Fact]
    public void AttentionNamesTheShapesThatWereGiven()
    {
        AssertSays(Refused([new(2, 5, 4), new(2, 6, 4), new(3, 6, 7)], x => Attention(x[0], x[1], x[2])), "[2, 5, 4], [2, 6, 4] and [3, 6, 7] do not fit 'attention'", "lengths must be equal or 1");
        AssertSays(Refused([new(2, 5, 4), new(3, 6, 4), new(1, 6, 7)], x => Attention(x[0], x[1], x[2])), "[2, 5, 4], [3, 6, 4] and [1, 6, 7] do not fit 'attention'", "lengths must be equal or 1");
        AssertSays(Refused([new(5, 4), new(6, 4), new(6, 7), new(6, 5)], x => Attention(x[0], x[1], x[2], x[3])), "mask [6, 5]", "'attention'", "queries [5, 4] and keys [6, 4]", "scores [5, 6]");
    }

    /// <summary>Also when only the gradient is computed, in which the classes are scattered to and nothing is taken.</summary>
    [Theory]
    [InlineData(4.0)]
    [InlineData(-1.0)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void CrossEntropyNamesABadClass(double bad)
    {
        double[] logits = new double[24], classes = [0, 1, 2, 3, bad, 1];
        Shape[] shapes = [new(2, 3, 4), new(2, 3)];
        foreach (TracedFunction function in new[]
        {
            TracedFunction.Of(shapes, x => [CrossEntropy(x[0], x[1])]),
            TracedFunction.Of(shapes, x => [GradientOf(Sum(CrossEntropy(x[0], x[1])), x[0])[0]]),
            TracedFunction.Of(shapes, x => [JacobianVectorProduct(CrossEntropy(x[0], x[1]), x[0], x[0])]),
        })
        {
            AssertSays(
                Assert.Throws<ArgumentOutOfRangeException>(() => FunctionCheck.Run(function, logits, classes)),
                string.Create(CultureInfo.InvariantCulture, $"'cross-entropy': the class {bad} at [1, 1] of the classes [2, 3]"), "logits [2, 3, 4]", "from 0 to 3");
        }

        AssertSays(Assert.Throws<ArgumentOutOfRangeException>(() => FunctionCheck.Run(TracedFunction.Of([new(4), Shape.Scalar], x => [CrossEntropy(x[0], x[1])]), new double[4], [bad])), "at [] of the classes []");
    }

    [Fact]
    public void CrossEntropiesOfNoClassesAreRefused()
    {
        AssertSays(Refused([new(3, 0), new(3)], x => CrossEntropy(x[0], x[1])), "[3, 0] and [3] do not fit 'cross-entropy'", "n one or more");
        AssertSays(Refused([new(3, 0), new(3)], x => MeanCrossEntropy(x[0], x[1])), "[3, 0] and [3] do not fit 'mean-cross-entropy'", "n one or more");
    }

    private static ArgumentException Refused(Shape[] shapes, Func<IReadOnlyList<Tensor>, Tensor> function) =>
        Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(shapes, x => [function(x)]));

    private static void AssertSays(ArgumentException exception, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
}
