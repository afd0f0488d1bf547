using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

public class VectorPowerTests
{
    [Fact]
    public void SingleIsWithinOneUnit()
    {
        var random = new Random(20);
        for (int i = 0; i < 1_000_000; i++)
        {
            (float x, float y) = (i % 4) switch
            {
                0 => (BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)), BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))),
                1 => ((float)Math.Exp((random.NextDouble() - 0.5) * 170), (float)((random.NextDouble() - 0.5) * 2)),
                2 => ((float)Math.Exp((random.NextDouble() - 0.5) * 0.1), (float)((random.NextDouble() - 0.5) * 2000)),
                _ => ((float)Math.Exp((random.NextDouble() - 0.5) * 3), (float)((random.NextDouble() - 0.5) * 60)),
            };
            double error = VectorFunctionTests.UnitsInTheLastPlace(Single(x, y), Math.Pow(x, y));
            if (!(error <= 1))
            {
                Assert.Fail($"{x:R} to the {y:R} is {Single(x, y):R}, off by {error} units.");
            }
        }
    }

    [Fact]
    public void DoubleAgreesWithTheTable()
    {
        foreach ((double x, double y, double value) in VectorFunctionReference.Power)
        {
            Assert.True(VectorFunctionTests.UnitsInTheLastPlace(Double(x, y), value) <= 1, $"{x:R} to the {y:R} is {Double(x, y):R}, want {value:R}.");
        }
    }

    [Fact]
    public void SpecialValuesFollowTheStandard()
    {
        double[] values =
        [
            0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
            double.Epsilon, -double.Epsilon, 9007199254740991, -9007199254740991, 9007199254740992, 1e-3, 0.999, -0.999,
        ];
        foreach (double x in values)
        {
            foreach (double y in values)
            {
                double want = Math.Pow(x, y);
                double units = VectorFunctionTests.UnitsInTheLastPlace(Double(x, y), want);
                Assert.True(units <= 1 && double.IsNegative(Double(x, y)) == double.IsNegative(want) || double.IsNaN(want) && units == 0, $"{x:R} to the {y:R} is {Double(x, y):R}, want {want:R}.");
                float narrow = MathF.Pow((float)x, (float)y);
                float got = Single((float)x, (float)y);
                Assert.True(
                    VectorFunctionTests.UnitsInTheLastPlace(got, Math.Pow((float)x, (float)y)) <= 1 && (float.IsNaN(got) || float.IsNegative(got) == float.IsNegative(narrow)),
                    $"{x:R} to the {y:R} in float is {got:R}, want {narrow:R}.");
            }
        }
    }

    [Fact]
    public void WidthDoesNotChangeTheBits()
    {
        var random = new Random(21);
        for (int i = 0; i < 300_000; i++)
        {
            double x = Math.Exp((random.NextDouble() - 0.5) * 300) * (i % 7 == 0 ? -1 : 1), y = i % 7 == 0 ? random.Next(-9, 9) : (random.NextDouble() - 0.5) * 9;
            double wide = VectorFunctions.Power<Vector512<double>, double, Simd512<double>>(Vector512.Create(x), Vector512.Create(y))[7];
            float narrow = VectorFunctions.Power<Vector512<float>, float, Simd512<float>>(Vector512.Create((float)x), Vector512.Create((float)y))[15];
            Assert.True(VectorFunctionTests.SameDouble(wide, Double(x, y)));
            Assert.True(VectorFunctionTests.SameSingle(narrow, Single((float)x, (float)y)));
        }
    }

    private static double Double(double x, double y) =>
        VectorFunctions.Power<Vector256<double>, double, Simd256<double>>(Vector256.Create(x), Vector256.Create(y))[3];

    private static float Single(float x, float y) =>
        VectorFunctions.Power<Vector256<float>, float, Simd256<float>>(Vector256.Create(x), Vector256.Create(y))[7];
}
