using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Values and derivatives at the far ends and at kinks, and figures of PyTorch.</summary>
public sealed class FunctionValueTests
{
    private const double Infinity = double.PositiveInfinity;
    private const double NaN = double.NaN;

    [Fact]
    public void FiguresOfTorch()
    {
        TracedFunction function = TracedFunction.Of([new Shape(5)], x => [LeakyRelu(x[0]), Elu(x[0], 1.5), Silu(x[0]), Mish(x[0])]);
        double[][] expected =
        [
            [-0.025, -0.005, 0.0, 0.75, 3.0], [-1.3768725020641517, -0.5902040104310499, 0.0, 0.75, 3.0],
            [-0.18964545005310887, -0.1887703343990727, 0.0, 0.5093840243815447, 2.8577223804672998],
            [-0.19681620390653337, -0.22074377465173, 0.0, 0.6100183352182934, 2.9865350049679575],
        ];
        double[][] actual = FunctionCheck.Run(function, [-2.5, -0.5, 0.0, 0.75, 3.0]);
        for (int o = 0; o < expected.Length; o++)
        {
            FunctionCheck.Close(expected[o], actual[o], 1e-15, $"activation {o}");
        }
    }

    [Fact]
    public void DerivativesOverTheWholeRange()
    {
        // By hand: 1/√(1 + x²), 1/√(x² − 1), 1/√(1 − x²), −x^(−3/2)/2, e^x/2.
        Close(Asinh, [(1e200, 1e-200), (-1e200, 1e-200), (3e307, 1 / 3e307), (1e-200, 1), (0, 1), (Infinity, 0), (0.75, 0.8)]);
        Close(Acosh, [(1e200, 1e-200), (1.25, 4.0 / 3), (1 + Math.ScaleB(1, -40), Math.ScaleB(1, 19) * Math.Sqrt(2) / Math.Sqrt(1 + Math.ScaleB(1, -41))), (1, Infinity)]);
        Close(Asin, [(0.6, 1.25), (1 - Math.ScaleB(1, -40), Math.ScaleB(1, 20) / Math.Sqrt(2 - Math.ScaleB(1, -40))), (1, Infinity)]);
        Close(Acos, [(-0.6, -1.25), (0, -1)]);
        Close(Atanh, [(0.5, 4.0 / 3), (1e-300, 1)]);
        Close(Atan, [(1e100, 1e-200), (3, 0.1), (Infinity, 0)]);
        Close(ReciprocalSqrt, [(1e-100, -0.5e150), (1e200, -0.5e-300), (4, -0.0625), (Infinity, 0)]);
        Close(Cosh, [(700, Math.Exp(700) / 2), (1e-300, 1e-300)]);
        Close(Tan, [(Math.PI / 4, 2)]);
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    [InlineData(1)]
    public void AnglesOfPointsOfAnySizeHaveDerivatives(double size)
    {
        double[][] values = FunctionCheck.Run(TracedFunction.Of([Shape.Scalar, Shape.Scalar], v => [Atan2(v[0], v[1])]).WithGradient(), [3 * size], [-4 * size]);
        FunctionCheck.Close([Math.Atan2(3, -4)], values[0], 1e-15, "angle");
        Assert.Equal(-4.0 / 25, values[1][0] * size, 1e-15);
        Assert.Equal(-3.0 / 25, values[2][0] * size, 1e-15);
    }

    [Fact]
    public void LogAddExpIsSmoothAndOrderly()
    {
        double[] x = [0, 1, 1000, -1000, -Infinity, -Infinity, Infinity, Infinity, NaN, 1, 0], y = [0, 1, -1000, -1001, -Infinity, 2, Infinity, -Infinity, 1, NaN, -40];
        double[] values = FunctionCheck.Run(TracedFunction.Of([new Shape(11), new Shape(11)], v => [LogAddExp(v[0], v[1])]), x, y)[0];
        double[] want = [Math.Log(2), 1 + Math.Log(2), 1000, -1000 + Math.Log(1 + Math.Exp(-1)), -Infinity, 2, Infinity, Infinity, NaN, NaN, Math.Exp(-40)];
        for (int i = 0; i < want.Length; i++)
        {
            Assert.True(want[i].Equals(values[i]) || Math.Abs(values[i] - want[i]) <= 4e-16 * Math.Abs(want[i]), $"{i}: {values[i]:R} instead of {want[i]:R}");
        }

        // At a tie: ½ each, and ±¼.
        double[][] tie = FunctionCheck.Run(TracedFunction.Of([new Shape(2)], v => [GradientOf(LogAddExp(v[0][0], v[0][1]), v[0])[0], Hessian(LogAddExp(v[0][0], v[0][1]), v[0])]), [3, 3]);
        FunctionCheck.Close([0.5, 0.5], tie[0], 1e-15, "gradient at a tie");
        FunctionCheck.Close([0.25, -0.25, -0.25, 0.25], tie[1], 1e-15, "Hessian at a tie");
    }

    [Fact]
    public void ConditionsOfPeculiarNumbers()
    {
        double[] x = [1, 1, NaN, Infinity, -Infinity, -0.0], y = [2, 1, 1, Infinity, 0, 0];
        TracedFunction function = TracedFunction.Of([new Shape(6), new Shape(6)], v => [Less(v[0], v[1]), LessOrEqual(v[0], v[1]), NotEqual(v[0], v[1]), IsFinite(v[0]), Not(IsFinite(v[0]))]);
        double[][] values = FunctionCheck.Run(function, x, y);
        Assert.Equal([1, 0, 0, 0, 1, 0], values[0]);
        Assert.Equal([1, 1, 0, 1, 1, 1], values[1]);
        Assert.Equal([1, 0, 1, 0, 1, 0], values[2]);
        Assert.Equal([1, 1, 0, 0, 0, 1], values[3]);
        Assert.Equal([0, 0, 1, 1, 1, 0], values[4]);
        double[][] logic = FunctionCheck.Run(TracedFunction.Of([new Shape(4), new Shape(4)], v => [And(v[0], v[1]), Or(v[0], v[1]), Not(v[0])]), [0, 0, 1, 1], [0, 1, 0, 1]);
        Assert.Equal([0, 0, 0, 1], logic[0]);
        Assert.Equal([0, 1, 1, 1], logic[1]);
        Assert.Equal([1, 1, 0, 0], logic[2]);
    }

    [Fact]
    public void RoundingClampingAndKinks()
    {
        TracedFunction function = TracedFunction.Of([new Shape(7)], x => [Round(x[0]), Ceiling(x[0]), Clamp(x[0], -1, 2)]);
        double[][] values = FunctionCheck.Run(function, [-2.5, -0.5, 0.5, 1.5, 2.25, Infinity, NaN]);
        Assert.Equal([-2, -0.0, 0, 2, 2, Infinity, NaN], values[0]);
        Assert.Equal([-2, -0.0, 1, 2, 3, Infinity, NaN], values[1]);
        Assert.Equal([-1, -0.5, 0.5, 1.5, 2, 2, NaN], values[2]);
        TracedFunction kinks = TracedFunction.Of([new Shape(3)], x => [LeakyRelu(x[0], 0.1), Elu(x[0], 1.5), Clamp(x[0], 0, 800)]);
        double[][] slopes = [.. Enumerable.Range(0, 3).Select(o => FunctionCheck.Run(TracedFunction.Of([new Shape(3)], x => [Sum(new[] { LeakyRelu(x[0], 0.1), Elu(x[0], 1.5), Clamp(x[0], 0, 800) }[o])]).WithGradient(), [-1000, 0, 1000])[1])];
        Assert.Equal([0.1, 0.1, 1], slopes[0]);
        Assert.Equal([0, 1.5, 1], slopes[1]);
        Assert.Equal([0, 0.5, 0], slopes[2]);
        Assert.Equal([-1.5, 0, 1000], FunctionCheck.Run(kinks, [-1000, 0, 1000])[1]);
    }

    private static void Close(Func<Tensor, Tensor> function, (double X, double Slope)[] table)
    {
        TracedFunction gradient = TracedFunction.Of(Shape.Scalar, function).WithGradient();
        foreach ((double x, double slope) in table)
        {
            double actual = FunctionCheck.Run(gradient, [x])[1][0];
            Assert.True(actual == slope || Math.Abs(actual - slope) <= 1e-15 * Math.Abs(slope), $"the derivative at {x:R} is {actual:R} instead of {slope:R}");
        }
    }
}
