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
