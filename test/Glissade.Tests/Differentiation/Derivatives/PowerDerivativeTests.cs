using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Derivatives of powers at and near a base of 0 and an exponent of 0: against PyTorch 1.13 and closed forms.</summary>
public sealed class PowerDerivativeTests
{
    private const double Infinity = double.PositiveInfinity, NaN = double.NaN;

    /// <summary>Base, exponent, and the derivatives by each: torch.autograd.grad(x ** y, [x, y]) in double.</summary>
    private static readonly (double X, double Y, double ByX, double ByY)[] Figures =
    [
        (0, 0, 0, 0), (0, 1, 1, 0), (0, 2, 0, 0), (0, 0.5, Infinity, 0), (0, -1, -Infinity, -Infinity), (-0.0, -1, -Infinity, Infinity), (0, -2, -Infinity, -Infinity),
        (0, -1.5, -Infinity, -Infinity), (5e-324, 0, 0, -744.4400719213812), (1e-30, 0, 0, -69.07755278982137), (Infinity, 0, 0, Infinity), (NaN, 0, 0, NaN),
        (2, 0, 0, 0.6931471805599453), (-2, 3, 12, NaN), (-0.0, -3, -Infinity, Infinity),
    ];

    [Fact]
    public void BothDerivativesAtPeculiarPoints()
    {
        TracedFunction function = TracedFunction.Of([new Shape(Figures.Length), new Shape(Figures.Length)], v => GradientOf(Sum(Power(v[0], v[1])), v));
        double[][] arguments = [[.. Figures.Select(f => f.X)], [.. Figures.Select(f => f.Y)]];
        double[][] found = FunctionCheck.Run(function, arguments);
        float[][] single = function.Compile<float>().Run(arguments);
        for (int i = 0; i < Figures.Length; i++)
        {
            (double x, double y, double byX, double byY) = Figures[i];
            AssertNear(byX, found[0][i], 1e-15, $"by the base at {x:R}, {y:R}");
            AssertNear(byY, found[1][i], 1e-15, $"by the exponent at {x:R}, {y:R}");

            // In float 5e−324 is 0.
            AssertNear(byX, single[0][i], 1e-6, $"in float by the base at {x:R}, {y:R}");
            AssertNear(x == 5e-324 ? 0 : byY, single[1][i], 1e-6, $"in float by the exponent at {x:R}, {y:R}");
        }
    }

    [Fact]
    public void APolynomialOfTensorExponentsHasEveryDerivativeAtZero()
    {
        // 1 + x + x² + x³: 1, 2, 6, 0, 0 at 0; and 1e−30, whose reciprocal squared is infinite in float, is as good as 0.
        TracedFunction function = TracedFunction.Of(Shape.Scalar, x => Sum(Power(x, Functions.Range(x, 4))));
        TracedFunction derivatives = TracedFunction.Of([Shape.Scalar], v => Derivatives(Sum(Power(v[0], Functions.Range(v[0], 4))), v[0], 5));
        Assert.Equal(1, FunctionCheck.Run(function.WithGradient(), [0])[1][0]);
        foreach (double x in new[] { 0, -0.0, 1e-30, 5e-324 })
        {
            Assert.Equal([1, 2, 6, 0, 0], derivatives.Compile<float>().Run([[x]]).Select(d => d[0]));
        }

        Assert.Equal([1 + 4 + 12, 2 + 12, 6, 0, 0], FunctionCheck.Run(derivatives, [2]).Select(d => Math.Round(d[0], 12)));
    }

    [Fact]
    public void HigherDerivativesByTheBaseVanishWhereTheFallingFactorialDoes()
    {
        TracedFunction tensor = TracedFunction.Of([Shape.Scalar, Shape.Scalar], v => Derivatives(Power(v[0], v[1]), v[0], 5));
        Assert.Equal([0, 2, 0, 0, 0], FunctionCheck.Run(tensor, [0], [2]).Select(d => d[0]));
        Assert.Equal([0, 0, 0, 0, 0], FunctionCheck.Run(tensor, [0], [0]).Select(d => d[0]));
        TracedFunction number = TracedFunction.Of([Shape.Scalar], v => Derivatives(Power(v[0], 4.0), v[0], 6));
        Assert.Equal([0, 0, 0, 24, 0, 0], FunctionCheck.Run(number, [0]).Select(d => d[0]));

        // Within another function, whose own derivatives depend on x: ∇²(1 + x + x²)² = 6 at 0; and by forward mode.
        TracedFunction outer = TracedFunction.Of([Shape.Scalar], v =>
        {
            Tensor y = Square(Sum(Power(v[0], Functions.Range(v[0], 3))));
            return [Hessian(y, v[0]), HessianVectorProduct(y, v[0], v[0].Trace.Constant(1)), JacobianVectorProduct(y, v[0], v[0].Trace.Constant(1))];
        });
        Assert.Equal([6, 6, 2], FunctionCheck.Run(outer, [0]).Select(d => d[0]));
    }

    [Fact]
    public void MixedDerivativesAreExactAtExponentsOfZero()
    {
        // ∂²xʸ/∂x∂y = xʸ⁻¹(1 + y ln x), which at y = 0 is 1/x, either way round.
        TracedFunction function = TracedFunction.Of([new Shape(3), new Shape(3)], v =>
        {
            Tensor z = Sum(Power(v[0], v[1]));
            return [GradientOf(Sum(GradientOf(z, v[0])[0]), v[1])[0], GradientOf(Sum(GradientOf(z, v[1])[0]), v[0])[0]];
        });
        foreach (double[] mixed in FunctionCheck.Run(function, [4, 0.5, 3], [0, 0, 2]))
        {
            FunctionCheck.Close([0.25, 2, 3 * (1 + (2 * Math.Log(3)))], mixed, 1e-15, "mixed derivative");
        }
    }

    [Fact]
    public void PowersOfANumber()
    {
        TracedFunction function = TracedFunction.Of([new Shape(4)], v => [Power(2.0, v[0]), GradientOf(Sum(Power(2.0, v[0])), v[0])[0], Power(0.0, v[0])]);
        double[][] found = FunctionCheck.Run(function, [0, 3, -1, 0.5]);
        FunctionCheck.Close([1, 8, 0.5, Math.Sqrt(2)], found[0], 1e-15, "2ʸ");
        FunctionCheck.Close([.. found[0].Select(z => z * Math.Log(2))], found[1], 1e-15, "the derivative of 2ʸ");
        Assert.Equal([1, 0, Infinity, 0], found[2]);
        FunctionCheck.Check([new(3, 2)], v => Power(1.7, v[0]));
    }

    [Fact]
    public void SlopesOfPowersHoldAgainstDifferences()
    {
        FunctionCheck.Check([new(3, 2), new(2)], v => GradientOf(Sum(Power(v[0], v[1])), v[0])[0], 0.5, 2);
        FunctionCheck.Check([new(3, 1), new(2)], v => GradientOf(Sum(Power(v[0], v[1])), v[1])[0], 0.5, 2);
        FunctionCheck.Check([new(40, 5)], v => GradientOf(Sum(Power(v[0], 2.7)), v[0])[0], 0.5, 2);
    }

    [Fact]
    public void LongLoopsGiveTheBitsOfShortOnes()
    {
        // Long enough to run as machine code in several parts, with a sum and with operands of other shapes.
        const int rows = 70, columns = 61;
        double[] x = FunctionCheck.Numbers(rows * columns, 1, -2, 2), y = [.. FunctionCheck.Numbers(columns, 2, -3, 4).Select(v => Math.Round(v))];
        TracedFunction Slopes(int length) => TracedFunction.Of([new Shape(length, columns), new Shape(columns)], v =>
        [
            GradientOf(Sum(Power(v[0], v[1])), v[0])[0], GradientOf(Sum(Erf(v[0])), v[0])[0], GradientOf(Sum(Tanh(Power(v[0], v[1]))), v[0])[0] + Sum(v[0]),
        ]);
        double[][] all = FunctionCheck.Run(Slopes(rows), x, y);
        for (int row = 0; row < rows; row++)
        {
            double[][] one = FunctionCheck.Run(Slopes(1), x[(row * columns)..((row + 1) * columns)], y);
            Assert.Equal(one[0], all[0][(row * columns)..((row + 1) * columns)]);
            Assert.Equal(one[1], all[1][(row * columns)..((row + 1) * columns)]);
        }

        for (int i = 0; i < x.Length; i++)
        {
            double exponent = y[i % columns];
            AssertNear(exponent == 0 ? 0 : exponent * Math.Pow(x[i], exponent - 1), all[0][i], 1e-15, $"slope of {x[i]:R} to the power of {exponent}");
        }
    }

    [Fact]
    public void TheMixedDerivativeAtZeroIsItsLimit()
    {
        // ∂²xʸ/∂x∂y with y = 0 is 1/x.
        double[][] found = FunctionCheck.Run(
            TracedFunction.Of([new Shape(3), Shape.Scalar], v => [GradientOf(Sum(GradientOf(Sum(Power(v[0], v[1])), v[0])[0]), v[1])[0]]), [0, 2, 4], [0]);
        Assert.Equal(double.PositiveInfinity, found[0][0]);
    }

    private static Tensor[] Derivatives(Tensor y, Tensor x, int order)
    {
        var all = new Tensor[order];
        for (int n = 0; n < order; n++)
        {
            all[n] = y = GradientOf(y, x)[0];
        }

        return all;
    }

    private static void AssertNear(double expected, double actual, double tolerance, string what) =>
        Assert.True(expected.Equals(actual) || expected == actual || Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{what}: {actual:R} instead of {expected:R}");
}
