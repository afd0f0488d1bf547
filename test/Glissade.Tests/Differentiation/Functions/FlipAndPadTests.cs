using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Axes reversed, strides backwards, and padding with numbers other than 0.</summary>
public sealed class FlipAndPadTests
{
    [Fact]
    public void FlipsAlongAnyAxes()
    {
        int[][] choices = [[], [0], [1], [-1], [0, 2], [-2, 0], [2, 1, 0]];
        foreach (int[] axes in choices)
        {
            FunctionCheck.Check([new(2, 3, 4)], x => Square(Flip(x[0], axes)));
            FunctionCheck.Check([new(2, 1, 4)], x => Sin(Flip(x[0] * x[0], axes)));
            FunctionCheck.Check([new(2, 0, 4)], x => Flip(x[0], axes));
        }

        FunctionCheck.Check([Shape.Scalar], x => Square(Flip(x[0])));
        AssertRefused(() => TracedFunction.Of(new Shape(2, 3), x => Flip(x, 0, -2)), "'flip'", "[2, 3]", "[0, -2]");
    }

    [Fact]
    public void FlipsAreThoseOfNumPy()
    {
        // numpy.flip of numpy.arange(6).reshape(2, 3): of all axes, of axis 0, of axis 1.
        double[] numbers = [0, 1, 2, 3, 4, 5];
        Assert.Equal([5, 4, 3, 2, 1, 0], FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3), x => Flip(x)), numbers)[0]);
        Assert.Equal([3, 4, 5, 0, 1, 2], FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3), x => Flip(x, 0)), numbers)[0]);
        Assert.Equal([2, 1, 0, 5, 4, 3], FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3), x => Flip(x, 1)), numbers)[0]);
    }

    [Fact]
    public void ReversedTwiceIsNotCopied()
    {
        TracedFunction.Of(new Shape(2, 3, 4), x =>
        {
            Assert.Same(x, Flip(Flip(x, 0, 2), 2, 0));
            Assert.Same(Flip(x, 0), Flip(Flip(x, 0, 2), -1));
            Assert.Same(Flip(x), Flip(Flip(x, 1), 0, 2));
            return x;
        });
        TracedFunction.Of(new Shape(1, 0), x =>
        {
            Assert.Same(x, Flip(x));
            return x;
        });
    }

    [Fact]
    public void StridesBackwardsAreThoseOfNumPy()
    {
        // numpy.arange(10)[8::-3], [9:2:-2], [5::-1], [4:3:-7].
        (int Start, int Length, int Step, double[] Expected)[] slices =
            [(8, 3, -3, [8, 5, 2]), (9, 4, -2, [9, 7, 5, 3]), (5, 6, -1, [5, 4, 3, 2, 1, 0]), (4, 1, -7, [4]), (9, 2, -9, [9, 0]), (3, 0, -1, []), (9, 1, int.MinValue, [9])];
        double[] numbers = [.. Enumerable.Range(0, 10).Select(i => (double)i)];
        foreach ((int start, int length, int step, double[] expected) in slices)
        {
            Assert.Equal(expected, FunctionCheck.Run(TracedFunction.Of(new Shape(10), x => StridedSlice(x, 0, start, length, step)), numbers)[0]);
            FunctionCheck.Check([new(2, 10, 3)], x => Square(StridedSlice(x[0], -2, start, length, step)));
        }

        (int Start, int Length, int Step)[] wrong = [(8, 4, -3), (10, 1, -1), (0, 2, -1), (5, 2, int.MinValue), (5, int.MaxValue, int.MinValue), (5, 0, 0), (5, 2, 0)];
        foreach ((int start, int length, int step) in wrong)
        {
            AssertRefused(() => TracedFunction.Of(new Shape(10), x => StridedSlice(x, 0, start, length, step)), "'strided-slice'", "[10]", $"{step}");
        }

        AssertRefused(() => TracedFunction.Of(new Shape(2, 0), x => StridedSlice(x, 1, 0, 1, 2)), "'strided-slice'", "axis 1 of [2, 0], which has 0");
    }

    /// <summary>Filled up to whole strides, these have more elements than a shape can hold.</summary>
    [Fact]
    public void GreatStridesFitToo()
    {
        Assert.Equal(new Shape(2), TracedFunction.Of(new Shape(1_500_000_000), x => StridedSlice(x, 0, 0, 2, 1_400_000_000)).Outputs[0].Shape);
        Assert.Equal(new Shape(3, 2), TracedFunction.Of(new Shape(700_000_000, 3), x => StridedSlice(Transpose(x), 1, 699_999_999, 2, -600_000_000)).Outputs[0].Shape);
    }

    [Fact]
    public void PadsWithAnyNumber()
    {
        foreach (int axis in new[] { 0, 1, -1 })
        {
            FunctionCheck.Check([new(2, 3, 4)], x => Square(Pad(x[0], axis, 1, 2, 1.5)));
            FunctionCheck.Check([new(2, 3, 4)], x => Sin(Pad(Square(x[0]), axis, 0, 2, -3)));
            FunctionCheck.Check([new(2, 3, 4)], x => Square(Slice(Pad(x[0], axis, 2, 3, 0.25), axis, 1, 3)));
        }

        Assert.Equal([7, 7, 1, 2, 7, 7, 7, 3, 4, 7], FunctionCheck.Run(TracedFunction.Of(new Shape(2, 2), x => Pad(x, 1, 2, 1, 7)), [1, 2, 3, 4])[0]);
        Assert.Equal([7, 7], FunctionCheck.Run(TracedFunction.Of(new Shape(2), x => Slice(Pad(x, 0, 3, 0, 7), 0, 0, 2)), [1, 2])[0]);
        Assert.Equal([7, 7, 7], FunctionCheck.Run(TracedFunction.Of(new Shape(0), x => Pad(x, 0, 1, 2, 7)), [[]])[0]);
    }

    [Fact]
    public void PaddingOfMinusInfinityIsNeverTheGreatest()
    {
        TracedFunction function = TracedFunction.Of(new Shape(4), x => Sum(Max(Reshape(Pad(x, 0, 1, 1, double.NegativeInfinity), new(3, 2)), 1) * Constant(x, [1, 10, 100], new(3)))).WithGradient();
        double[][] result = FunctionCheck.Run(function, [-5, -2, -3, -4]);
        Assert.Equal([-425], result[0]);
        Assert.Equal([1, 10, 0, 100], result[1]);
    }

    [Fact]
    public void NumbersOfThePaddingStayApart()
    {
        TracedFunction function = TracedFunction.Of(new Shape(1), x => Stack(Pad(x, 0, 0, 1), Pad(x, 0, 0, 1, -0.0), Pad(x, 0, 0, 1, double.NaN), Pad(x, 0, 0, 1, 0.1)));
        float[] result = function.Compile<float>().Run([[1]])[0];
        Assert.Equal([1, 0, 1, -0f, 1, float.NaN, 1, 0.1f], result);
        Assert.True(float.IsNegative(result[3]) && !float.IsNegative(result[1]));
    }

    private static void AssertRefused(Action trace, params string[] parts)
    {
        string message = Assert.ThrowsAny<ArgumentException>(trace).Message;
        foreach (string part in parts)
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }
}
