using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Derivatives far out, near the ends of the range and at infinities; figures by mpmath with 50 digits.</summary>
public sealed class ExtremeDerivativeTests
{
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void TheDerivativeOfTheReciprocalRootOverflowsOnlyWhereItMust()
    {
        float[][] found = TracedFunction.Of(Shape.Scalar, ReciprocalSqrt).WithGradient().Compile<float>().Run([[1.4e-26]]);
        Assert.Equal(-3.0184078046766788e38f, found[1][0], 1e32f);
        Assert.Equal(-Infinity, TracedFunction.Of(Shape.Scalar, ReciprocalSqrt).WithGradient().Compile<float>().Run([[1.2e-26]])[1][0]);
    }

    [Fact]
    public void TheDerivativesOfErfAreAccurateFarOut()
    {
        // x, rounded to float, and both derivatives there.
        (double X, double First, double Second)[] figures =
        [
            (0.5, 0.8787825789354448, -0.8787825789354448), (2.3, 0.005689018490383501, -0.02616948451321702), (5.1, 5.7076325690129595e-12, -5.821785111528767e-11),
            (7.9, 8.874334393762618e-28, -1.4021448511409435e-26), (8.7, 1.5160278006707226e-33, -2.6378883153351864e-32), (9.1, 1.226100297225701e-36, -2.2315026344948047e-35),
        ];
        TracedFunction function = Derivatives(figures.Length);
        float[][] single = function.Compile<float>().Run([[.. figures.Select(f => f.X)]]);
        for (int i = 0; i < figures.Length; i++)
        {
            const double unit = 1.0 / (1 << 24);
            AssertNear(figures[i].First, single[0][i], 4 * unit, $"erf′({figures[i].X})");
            AssertNear(figures[i].Second, single[1][i], 6 * unit, $"erf″({figures[i].X})");
        }

        (double X, double First, double Second)[] far =
            [(7.77, 6.805150476348724e-27, -1.0575203840245916e-25), (15.3, 2.446018799448304e-102, -7.48481752631181e-101), (26.1, 1.6095743479277808e-296, -8.401978096183016e-295)];
        double[][] found = FunctionCheck.Run(Derivatives(far.Length), [.. far.Select(f => f.X)]);
        for (int i = 0; i < far.Length; i++)
        {
            const double unit = 1.0 / (1L << 53);
            AssertNear(far[i].First, found[0][i], 4 * unit, $"erf′({far[i].X})");
            AssertNear(far[i].Second, found[1][i], 6 * unit, $"erf″({far[i].X})");
        }

        // Even, 0 beyond all numbers, NaN of NaN.
        double[][] ends = FunctionCheck.Run(Derivatives(7), [30, 1e30, 1e200, Infinity, -Infinity, double.NaN, -0.5]);
        FunctionCheck.Close([0, 0, 0, 0, 0, double.NaN, 0.8787825789354448], ends[0], 1e-15, "erf′");
        FunctionCheck.Close([0, 0, 0, 0, 0, double.NaN, 0.8787825789354448], ends[1], 1e-15, "erf″");
    }

    [Fact]
    public void TheGradientsOfLogAddExpAreSharesAtInfinitiesToo()
    {
        double[] x = [-Infinity, Infinity, Infinity, -Infinity, -Infinity, 2], y = [-Infinity, Infinity, -Infinity, Infinity, 1, 2];
        double[][] found = FunctionCheck.Run(TracedFunction.Of([new Shape(6), new Shape(6)], v => [LogAddExp(v[0], v[1]), .. GradientOf(Sum(LogAddExp(v[0], v[1])), v)]), x, y);
        FunctionCheck.Close([-Infinity, Infinity, Infinity, Infinity, 1, 2 + Math.Log(2)], found[0], 1e-15, "values");
        Assert.Equal([0, 0.5, 1, 0, 0, 0.5], found[1]);
        Assert.Equal([0, 0.5, 0, 1, 1, 0.5], found[2]);
    }

    private static TracedFunction Derivatives(int count) => TracedFunction.Of([new Shape(count)], v =>
    {
        Tensor slope = GradientOf(Sum(Erf(v[0])), v[0])[0];
        return [slope, GradientOf(Sum(slope), v[0])[0]];
    });

    private static void AssertNear(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{what}: {actual:R} instead of {expected:R}");
}
