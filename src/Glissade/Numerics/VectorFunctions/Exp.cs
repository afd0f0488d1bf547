using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>eˣ.</summary>
    /// <remarks>
    /// Over the whole range within 1 ulp, subnormal results included; e⁰ is exactly 1, e^−∞ = 0, e^∞ = ∞, NaN stays NaN.
    /// The framework's vector exponential of float gives 1.0000001 for e⁰, which a softmax would show; hence this one.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Exp<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        x = typeof(T) == typeof(float)
            ? Clamp<TVector, T, TSimd>(x, -104.5, 89.5)
            : Clamp<TVector, T, TSimd>(x, -746.5, 710.5);
        SplitExponent<TVector, T, TSimd>(x, out _, out TVector k, out TVector r, out TVector correction);
        TVector value = TSimd.Add(TSimd.Constant(1), TSimd.Add(r, ExponentialTail<TVector, T, TSimd>(r, correction)));
        return Scale<TVector, T, TSimd>(value, k);
    }
}
