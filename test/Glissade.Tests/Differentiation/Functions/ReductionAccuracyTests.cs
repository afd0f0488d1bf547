using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Means that are exact where sums are, running sums that lose nothing in float, norms at 0, and numbers that the element type does not hold.</summary>
public sealed class ReductionAccuracyTests
{
    [Fact]
    public void MeansOfEqualNumbersAreThatNumber()
    {
        Check<float>();
        Check<double>();

        static void Check<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (int n = 1; n <= 200; n++)
            {
                CompiledFunction<T> function = TracedFunction.Of([new Shape(n, 3)], x => [Mean(x[0], 0), Mean(x[0]), Mean(Transpose(x[0]), [1], keepAxes: true), Variance(x[0], 0)]).Compile<T>();
                T[][] values = function.Run([[.. Enumerable.Repeat(3.0, 3 * n)]]);
                Assert.All(values[..3].SelectMany(v => v), v => Assert.Equal(T.CreateTruncating(3), v));
                Assert.All(values[3], v => Assert.Equal(T.Zero, v));
            }
        }
    }

    [Fact]
    public void GradientsOfMeansAreQuotients()
    {
        // Of 49 · (1/49) in double 0.9999999999999999 is left, of 49/49 one. PyTorch 1.13 divides too.
        foreach (int n in new[] { 7, 49, 98, 103 })
        {
            double[] gradient = FunctionCheck.Run(TracedFunction.Of([new Shape(2, n), new Shape(2)], x => [GradientOf(Sum(Mean(x[0], 1) * x[1]), x[0])[0]]), new double[2 * n], [n, 3])[0];
            Assert.Equal([.. Enumerable.Repeat(1.0, n), .. Enumerable.Repeat(3.0 / n, n)], gradient);
            float[] single = TracedFunction.Of([new Shape(2, n), new Shape(2)], x => [GradientOf(Sum(Mean(x[0], 1) * x[1]), x[0])[0]]).Compile<float>().Run([new double[2 * n], [n, 3]])[0];
            Assert.Equal([.. Enumerable.Repeat(1f, n), .. Enumerable.Repeat(3f / n, n)], single);
        }
    }

    [Fact]
    public void MeansOfNothingAreNaN()
    {
        double[][] values = FunctionCheck.Run(TracedFunction.Of([new Shape(2, 0)], x => [Mean(x[0]), Mean(x[0], 1), Mean(x[0], 0)]), [[]]);
        Assert.Equal([double.NaN], values[0]);
        Assert.Equal([double.NaN, double.NaN], values[1]);
        Assert.Empty(values[2]);
    }

    /// <summary>A million times 0.1f is 100000.00149011612 and, rounded once, 100000; added in float it is 100958.34.</summary>
    [Theory]
    [InlineData(1_000_000, 1)]
    [InlineData(250_000, 2)]
    [InlineData(100_000, 5)]
    public void RunningSumsInFloatAreRoundedOnce(int count, int lines)
    {
        foreach ((bool reverse, bool exclusive) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            foreach (int axis in new[] { 0, 1 })
            {
                Shape shape = axis == 0 ? new(count, lines) : new(lines, count);
                TracedFunction function = TracedFunction.Of([shape], x =>
                    [CumulativeSum(x[0], axis, reverse, exclusive), GradientOf(Sum(CumulativeSum(x[0], axis, reverse, exclusive) * x[0].Trace.Constant(0.1)), x[0])[0]]);
                float[][] values = function.Compile<float>().Run([[.. Enumerable.Repeat(0.1, count * lines)]]);
                for (int i = 0; i < count; i++)
                {
                    // 0.1f has 24 binary digits and the number of terms 20, so the product in double is exact, and so is each sum.
                    int terms = (reverse ? count - i : i + 1) - (exclusive ? 1 : 0), weights = (reverse ? i + 1 : count - i) - (exclusive ? 1 : 0);
                    for (int line = 0; line < lines; line++)
                    {
                        int at = axis == 0 ? (i * lines) + line : (line * count) + i;
                        if (values[0][at] != (float)(terms * (double)0.1f) || values[1][at] != (float)(weights * (double)0.1f))
                        {
                            Assert.Fail($"{shape} along {axis}, element {at}: {values[0][at]:R} and {values[1][at]:R} instead of {terms} and {weights} times 0.1.");
                        }
                    }
                }
            }
        }
    }

    /// <summary>Lines beside each other beyond what is summed at once, in both element types, by plain loops.</summary>
    [Theory]
    [InlineData(3, 5, 700)]
    [InlineData(1, 9, 257)]
    [InlineData(2, 40, 1031)]
    public void RunningSumsOfManyNeighbours(int blocks, int count, int unit)
    {
        Shape shape = new(blocks, count, unit);
        double[] x = [.. FunctionCheck.Numbers(shape.Count, 3, -1, 1).Select(v => (double)(float)v)];
        foreach ((bool reverse, bool exclusive) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            double[] expected = new double[x.Length];
            for (int line = 0; line < blocks * unit; line++)
            {
                double sum = 0;
                for (int k = 0; k < count; k++)
                {
                    int at = (((line / unit * count) + (reverse ? count - 1 - k : k)) * unit) + (line % unit);
                    expected[at] = exclusive ? sum : sum + x[at];
                    sum += x[at];
                }
            }

            TracedFunction function = TracedFunction.Of(shape, v => CumulativeSum(v, 1, reverse, exclusive));
            Assert.Equal(expected, function.Compile<double>().Run([x])[0]);
            Assert.Equal([.. expected.Select(v => (float)v)], function.Compile<float>().Run([x])[0]);
        }
    }

    [Fact]
    public void TheNormHasTheDerivativesZeroAtZero()
    {
        TracedFunction function = TracedFunction.Of([new Shape(3)], x => [Norm(x[0]), GradientOf(Norm(x[0]), x[0])[0], Hessian(Norm(x[0]), x[0]), HessianVectorProduct(Norm(x[0]), x[0], x[0] + 1), JacobianVectorProduct(Norm(x[0]), x[0], x[0] + 1)]);
        double[][] values = FunctionCheck.Run(function, [0, 0, 0]);
        Assert.All(values.SelectMany(v => v), v => Assert.Equal(0, v));

        // ‖(2, 3, 6)‖ = 7; the Hessian is (I − uuᵀ)/7 with u = x/7.
        values = FunctionCheck.Run(function, [2, 3, 6]);
        double[] u = [2 / 7.0, 3 / 7.0, 6 / 7.0];
        Assert.Equal([7], values[0]);
        FunctionCheck.Close(u, values[1], 1e-15, "gradient");
        FunctionCheck.Close([.. Enumerable.Range(0, 9).Select(i => ((i / 3 == i % 3 ? 1 : 0) - (u[i / 3] * u[i % 3])) / 7)], values[2], 1e-15, "Hessian");
        Assert.Equal([double.NaN], FunctionCheck.Run(TracedFunction.Of(new Shape(2), x => Norm(x)), [double.NaN, 0])[0]);
    }

    /// <summary>A norm of so great an exponent is that of ∞, and its gradient is no product of 0 and ∞.</summary>
    [Theory]
    [InlineData(1e18)]
    [InlineData(1e19)]
    [InlineData(1e300)]
    [InlineData(double.PositiveInfinity)]
    public void NormsOfGreatExponents(double p)
    {
        TracedFunction function = TracedFunction.Of(new Shape(4), x => Norm(x, p)).WithGradient();
        double[] x = [1, -3, 2.5, 3];
        Assert.Equal([[3f], [0f, -0.5f, 0, 0.5f]], function.Compile<float>().Run([x]));
        double[][] wide = FunctionCheck.Run(function, x);
        Assert.Equal([3], wide[0]);
        FunctionCheck.Close([0, -0.5, 0, 0.5], wide[1], 1e-15, "gradient");
    }

    /// <summary>As τ tends to 0 a smooth maximum is the maximum, and its gradient one, shared at ties.</summary>
    [Theory]
    [InlineData(1e-50)]
    [InlineData(1e-40)]
    [InlineData(1e-300)]
    [InlineData(double.Epsilon)]
    public void TemperaturesBelowTheElementType(double temperature)
    {
        TracedFunction function = TracedFunction.Of([new Shape(2, 3)], x => [LogSumExp(x[0], [1], temperature), GradientOf(Sum(LogSumExp(x[0], [1], temperature)), x[0])[0]]);
        double[] x = [1, 2, 3, -5, -5, -7];
        double[][] wide = FunctionCheck.Run(function, x);
        Assert.Equal([3, -5], wide[0]);
        FunctionCheck.Close([0, 0, 1, 0.5, 0.5, 0], wide[1], 1e-15, "gradient");
        float[][] single = function.Compile<float>().Run([x]);
        Assert.Equal([3f, -5f], single[0]);
        Assert.Equal([0f, 0, 1, 0.5f, 0.5f, 0], single[1]);
    }

    [Fact]
    public void TemperaturesAboveTheElementType()
    {
        // Of one number it is that number, whatever τ.
        Assert.Equal([3f], TracedFunction.Of(new Shape(1, 2), x => LogSumExp(x, [0], 1e300)).Compile<float>().Run([[3, 3]])[0][..1]);
        Assert.Equal([3.0], FunctionCheck.Run(TracedFunction.Of(new Shape(1), x => LogSumExp(x, [0], 1e300)), [3])[0]);
    }

    [Theory]
    [InlineData(1e-50)]
    [InlineData(1e-38)]
    [InlineData(1e-30)]
    [InlineData(1e-5)]
    [InlineData(1e300)]
    public void ALineOfEqualElementsIsNormalizedToZero(double epsilon)
    {
        TracedFunction function = TracedFunction.Of([new Shape(2, 3)], x => [LayerNormalization(x[0], epsilon), GradientOf(Sum(LayerNormalization(x[0], epsilon) * x[0].Trace.Constant(1)), x[0])[0]]);
        foreach (double[] values in new[] { FunctionCheck.Run(function, [4, 4, 4, 0, 0, 0])[0], [.. function.Compile<float>().Run([[4, 4, 4, 0, 0, 0]])[0].Select(v => (double)v)] })
        {
            Assert.Equal([0, 0, 0, 0, 0, 0], values);
        }

        Assert.All(function.Compile<float>().Run([[4, 4, 4, 0, 0, 0]])[1], v => Assert.Equal(0, v));
        Assert.All(FunctionCheck.Run(function, [4, 4, 4, 0, 0, 0])[1], v => Assert.Equal(0, v));
    }

    /// <summary>Where the greatest is NaN, none equals it: the gradient of all of them is NaN. Infinities tie as numbers do.</summary>
    [Fact]
    public void GradientsOfExtremesAtNaNAndInfinities()
    {
        const double NaN = double.NaN, Infinity = double.PositiveInfinity;
        double[] x = [1, NaN, 3, Infinity, 2, Infinity, -Infinity, -Infinity, 5];
        double[][] values = FunctionCheck.Run(TracedFunction.Of([new Shape(3, 3)], v => [GradientOf(Sum(Max(v[0], 1)), v[0])[0], GradientOf(Sum(Min(v[0], 1)), v[0])[0]]), x);
        Assert.Equal([NaN, NaN, NaN, 0.5, 0, 0.5, 0, 0, 1], values[0]);
        Assert.Equal([NaN, NaN, NaN, 0, 1, 0, 0.5, 0.5, 0], values[1]);
    }
}
