using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

public class VectorAtan2Tests
{
    [Fact]
    public void SingleIsWithinItsBound()
    {
        var random = new Random(40);
        for (int i = 0; i < 1_000_000; i++)
        {
            (float y, float x) = (i % 3) switch
            {
                0 => (BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)), BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))),
                1 => (random.NextSingle() - 0.5f, random.NextSingle() - 0.5f),
                _ => (BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)), 1f),
            };
            x = i % 3 == 2 ? y * (float)((random.NextDouble() * 6) - 3) : x;
            double want = Math.Atan2(y, x);
            double error = VectorFunctionTests.UnitsInTheLastPlace(Single(y, x), want);
            if (!(error <= 1.5))
            {
                Assert.Fail($"atan2({y:R}, {x:R}) is {Single(y, x):R}, off by {error} units, want {want:R}.");
            }
        }
    }

    [Fact]
    public void DoubleAgreesWithTheTable()
    {
        foreach ((double y, double x, double value) in VectorInverseReference.Atan2)
        {
            double error = VectorFunctionTests.UnitsInTheLastPlace(Double(y, x), value);
            Assert.True(error <= 2, $"atan2({y:R}, {x:R}) is {Double(y, x):R}, off by {error} units, want {value:R}.");
        }
    }

    [Fact]
    public void SpecialValuesFollowTheStandard()
    {
        double[] values = [0, -0.0, 1, -1, 2, -2, 0.5, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, -double.Epsilon, double.MaxValue, -double.MaxValue];
        foreach (double y in values)
        {
            foreach (double x in values)
            {
                double want = Math.Atan2(y, x);
                Assert.True(VectorFunctionTests.UnitsInTheLastPlace(Double(y, x), want) <= 1, $"atan2({y:R}, {x:R}) is {Double(y, x):R}, want {want:R}.");
                double narrow = Math.Atan2((float)y, (float)x);
                Assert.True(VectorFunctionTests.UnitsInTheLastPlace(Single((float)y, (float)x), narrow) <= 1, $"atan2({y:R}, {x:R}) in float is {Single((float)y, (float)x):R}, want {narrow:R}.");
                if (y == 0 || x == 0)
                {
                    Assert.True(VectorFunctionTests.SameDouble(Double(y, x), want), $"atan2({y:R}, {x:R}) is {Double(y, x):R}, want exactly {want:R}.");
                }
            }
        }
    }

    [Fact]
    public void WidthDoesNotChangeTheBitsAndTheSignOfYOnlyTheSign()
    {
        var random = new Random(41);
        for (int i = 0; i < 300_000; i++)
        {
            double y = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            double x = i % 2 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)) : y * ((random.NextDouble() * 6) - 3);
            double wide = VectorFunctions.Atan2<Vector512<double>, double, Simd512<double>>(Vector512.Create(y), Vector512.Create(x))[7];
            float narrow = VectorFunctions.Atan2<Vector512<float>, float, Simd512<float>>(Vector512.Create((float)y), Vector512.Create((float)x))[15];
            Assert.True(VectorFunctionTests.SameDouble(wide, Double(y, x)));
            Assert.True(VectorFunctionTests.SameSingle(narrow, Single((float)y, (float)x)));
            Assert.True(double.IsNaN(y) || VectorFunctionTests.SameDouble(-wide, Double(-y, x)));
            Assert.True(VectorFunctionTests.UnitsInTheLastPlace(wide, Math.Atan2(y, x)) <= 3, $"atan2({y:R}, {x:R}) is {wide:R}, want {Math.Atan2(y, x):R}.");
        }
    }

    private static double Double(double y, double x) =>
        VectorFunctions.Atan2<Vector256<double>, double, Simd256<double>>(Vector256.Create(y), Vector256.Create(x))[3];

    private static float Single(float y, float x) =>
        VectorFunctions.Atan2<Vector256<float>, float, Simd256<float>>(Vector256.Create(y), Vector256.Create(x))[7];
}
