using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>Roots without the divider, where there are such, have the bits of those with it.</summary>
public sealed class SqrtByProductsTests
{
    [Fact]
    public void EveryFloatHasTheRootOfTheDivider()
    {
        Assert.SkipUnless(Simd512<float>.HasSqrtByProducts, "The hardware has no estimates of reciprocal roots.");
        Assert.True(Avx512F.IsSupported);
        ulong wrong = 0;
        for (ulong bits = 0; bits <= uint.MaxValue; bits += (ulong)Vector512<float>.Count)
        {
            Vector512<float> x = (Vector512.Create((uint)bits) + Vector512.CreateSequence(0u, 1u)).AsSingle();
            wrong += Vector512.EqualsAll(Vector512.Sqrt(x).AsUInt32(), Simd512<float>.SqrtByProducts(x).AsUInt32()) ? 0ul : 1;
        }

        Assert.Equal(0ul, wrong);
    }

    /// <summary>Processors of other makers estimate otherwise, within the same bound: every mantissa, and estimates from one end of the bound to the other.</summary>
    [Fact]
    public void AnyEstimateWithinItsBoundGivesTheSameRoot()
    {
        Assert.SkipUnless(Simd512<float>.HasSqrtByProducts, "The hardware has no estimates of reciprocal roots.");
        for (int sixteenth = -16; sixteenth <= 16; sixteenth++)
        {
            Vector512<double> factor = Vector512.Create(1 + (sixteenth / 16.0 * double.ScaleB(1, -14)));
            long wrong = 0;
            for (uint bits = BitConverter.SingleToUInt32Bits(0.5f); bits < BitConverter.SingleToUInt32Bits(2); bits += (uint)Vector512<float>.Count)
            {
                Vector512<float> x = (Vector512.Create(bits) + Vector512.CreateSequence(0u, 1u)).AsSingle();
                Vector512<float> estimate = Vector512.Narrow(factor / Vector512.Sqrt(Vector512.WidenLower(x)), factor / Vector512.Sqrt(Vector512.WidenUpper(x)));
                wrong += Simd512<float>.SqrtFrom(x, estimate) == Vector512.Sqrt(x) ? 0 : 1;
            }

            Assert.Equal(0, wrong);
        }
    }

    /// <summary>Beside numbers that go to the divider, too: the whole vector does then.</summary>
    [Fact]
    public void OneLaneThatIsNotOrdinaryDoesNotDisturbTheOthers()
    {
        Assert.SkipUnless(Simd512<float>.HasSqrtByProducts, "The hardware has no estimates of reciprocal roots.");
        foreach (float odd in new[] { 0, -0f, float.Epsilon, 1e-38f, 7.8e-31f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, -1, float.MaxValue })
        {
            for (int lane = 0; lane < Vector512<float>.Count; lane++)
            {
                Vector512<float> x = (Vector512<float>.Indices + Vector512.Create(0.3f)).WithElement(lane, odd);
                Assert.Equal(Vector512.Sqrt(x).AsUInt32(), Simd512<float>.SqrtByProducts(x).AsUInt32());
            }
        }
    }

    [Fact]
    public void WhereThereIsNoneItIsNotAsked()
    {
        Assert.False(Has<Vector512<double>, Simd512<double>, double>());
        Assert.False(Has<Vector256<float>, Simd256<float>, float>());
        Assert.False(Has<Vector128<float>, Simd128<float>, float>());
        Assert.Throws<NotSupportedException>(() => Root<Vector256<float>, Simd256<float>, float>(default));
    }

    private static bool Has<TVector, TSimd, T>()
        where TVector : struct
        where TSimd : ISimd<TVector, T>
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => TSimd.HasSqrtByProducts;

    private static TVector Root<TVector, TSimd, T>(TVector x)
        where TVector : struct
        where TSimd : ISimd<TVector, T>
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => TSimd.SqrtByProducts(x);
}
