using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>What the rounding of a convex combination promises: exact ends, constants that stay, an error of one rounding beside that of the small part.</summary>
public sealed class BlendTests
{
    private static readonly double[] Decays = [0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 1 - 1e-6, 1];

    [Fact]
    public void TheEndsAreExact()
    {
        AssertEnds(Spread(1000, 200).Append(double.MaxValue).Append(double.Epsilon));
        AssertEnds(Spread(1000, 30).Select(v => (float)v).Append(float.MaxValue).Append(float.Epsilon));
    }

    [Fact]
    public void AMeanOfAConstantIsTheConstant()
    {
        AssertKept(Spread(5000, 200));
        AssertKept(Spread(5000, 30).Select(v => (float)v));
    }

    [Fact]
    public void GreatNumbersOfTwoSignsDoNotOverflowAndInfiniteOnesStay()
    {
        double[] x = [double.MaxValue, -double.MaxValue, double.MaxValue, double.PositiveInfinity, 1], y = [-double.MaxValue, double.MaxValue, double.MaxValue, 1, double.NegativeInfinity];
        Assert.Equal([-0.5 * double.MaxValue, 0.5 * double.MaxValue, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity], Run(x, y, 0.75));
        float[] a = [.. x.Select(v => double.IsFinite(v) && v != 1 ? float.CopySign(float.MaxValue, (float)v) : (float)v)], b = [.. y.Select(v => double.IsFinite(v) && v != 1 ? float.CopySign(float.MaxValue, (float)v) : (float)v)];
        Assert.Equal([-0.5f * float.MaxValue, 0.5f * float.MaxValue, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity], Run(a, b, 0.75f));
    }

    /// <summary>Against exact fractions: half a unit in the last place of the result, and half a one of (1 − r)·x, which is less than one of x by the factor 1 − r.</summary>
    [Fact]
    public void OneRoundingIsAddedToThatOfTheSmallPart()
    {
        double[] x = [.. Spread(2000, 3)], y = [.. Spread(4000, 3).Skip(2000)];
        foreach (double decay in Decays)
        {
            float r = (float)decay;
            float[] values = Run([.. x.Select(v => (float)v)], [.. y.Select(v => (float)v)], r);
            for (int i = 0; i < x.Length; i++)
            {
                // In double each product is exact, and the sum errs by some 1e-16 of what is asked for here.
                double small = (1 - (double)r) * (float)x[i], exact = small + ((double)r * (float)y[i]);
                double bound = 0.5000001 * (MathF.BitIncrement(MathF.Abs(values[i])) - MathF.Abs(values[i])) + (0.5000001 * ((double)MathF.BitIncrement((float)Math.Abs(small)) - (float)Math.Abs(small)));
                Assert.True(Math.Abs(values[i] - exact) <= bound, $"r = {r:R}: {(float)x[i]:R} and {(float)y[i]:R} give {values[i]:R}, not {exact:R} within {bound:R}");
            }
        }
    }

    private static void AssertEnds<T>(IEnumerable<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = [.. numbers], y = [.. numbers.Reverse()];
        Assert.Equal(x, Run(x, y, T.Zero));
        Assert.Equal(y, Run(x, y, T.One));
    }

    private static void AssertKept<T>(IEnumerable<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = [.. numbers];
        foreach (double decay in Decays)
        {
            Assert.Equal(x, Run(x, x, T.CreateTruncating(decay)));
        }
    }

    /// <summary>Numbers of both signs whose sizes are powers of ten up and down.</summary>
    private static IEnumerable<double> Spread(int count, double powers)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (random.Next(2) == 0 ? 1 : -1) * Math.Pow(10, ((2 * random.NextDouble()) - 1) * powers))];
    }

    private static T[] Run<T>(T[] x, T[] y, T r)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CompiledFunction<T> compiled = TracedFunction.Of([new Shape(x.Length), new Shape(y.Length), Shape.Scalar], v => [Blend(v[0], v[1], v[2])]).Compile<T>();
        x.CopyTo(compiled.Inputs[0].Span);
        y.CopyTo(compiled.Inputs[1].Span);
        compiled.Inputs[2][0] = r;
        compiled.Run();
        return compiled.Outputs[0].Span.ToArray();
    }
}
