using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>eˣ − 1, exact also near zero.</summary>
    /// <remarks>
    /// Within 1.5 ulp. ±0 and subnormal numbers are returned as they are; −1 at −∞, ∞ at ∞, NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpMinusOne<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector bounded = typeof(T) == typeof(float)
            ? Clamp<TVector, T, TSimd>(x, -20, 89)
            : Clamp<TVector, T, TSimd>(x, -40, 710);
        SplitExponent<TVector, T, TSimd>(bounded, out TVector shifted, out _, out TVector r, out TVector correction);
        // Half of 2ᵏ, because 2ᵏ itself overflows a little before the result does.
        TVector half = PowerOfTwo<TVector, T, TSimd>(TSimd.Subtract(shifted, TSimd.Constant(1)));
        TVector head = TSimd.FusedMultiplyAdd(half, r, TSimd.Subtract(half, TSimd.Constant(0.5)));
        TVector value = TSimd.FusedMultiplyAdd(half, ExponentialTail<TVector, T, TSimd>(r, correction), head);
        value = TSimd.Add(value, value);
        // Where eˣ − 1 rounds to x: keeps the sign of zero and the last bit of subnormal numbers.
        TVector tiny = TSimd.Constant(typeof(T) == typeof(float) ? 1.0 / (1L << 26) : 1.0 / (1L << 55));
        return TSimd.Select(TSimd.LessThan(TSimd.Abs(x), tiny), x, value);
    }
}
