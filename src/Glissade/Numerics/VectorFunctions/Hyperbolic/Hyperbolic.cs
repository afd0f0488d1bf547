using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>sinh x = (eˣ − e⁻ˣ)/2.</summary>
    /// <remarks>
    /// Within 2 ulp. Exactly odd; ±0 and subnormal numbers are returned as they are; ±∞ at ±∞ and where the value overflows; NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Sinh<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        HyperbolicParts<TVector, T, TSimd>(x, out TVector growing, out TVector falling, out TVector r, out TVector growth, out TVector decay);
        TVector head = TSimd.FusedMultiplyAdd(growing, r, TSimd.Subtract(growing, falling));
        head = TSimd.FusedMultiplyAdd(falling, r, head);
        TVector tail = TSimd.FusedMultiplyAdd(growing, growth, TSimd.Negate(TSimd.Multiply(falling, decay)));
        TVector value = TSimd.Add(head, tail);
        // Where sinh x rounds to x: keeps the last bit of subnormal numbers.
        TVector magnitude = TSimd.Abs(x), tiny = TSimd.Constant(typeof(T) == typeof(float) ? 1.0 / (1L << 14) : 1.0 / (1L << 28));
        return TSimd.CopySign(TSimd.Select(TSimd.LessThan(magnitude, tiny), magnitude, TSimd.Add(value, value)), x);
    }

    /// <summary>cosh x = (eˣ + e⁻ˣ)/2.</summary>
    /// <remarks>Within 2 ulp. Exactly even; exactly 1 at ±0; ∞ at ±∞ and where the value overflows; NaN stays NaN.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Cosh<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        HyperbolicParts<TVector, T, TSimd>(x, out TVector growing, out TVector falling, out TVector r, out TVector growth, out TVector decay);
        TVector head = TSimd.Add(growing, falling);
        TVector tail = TSimd.FusedMultiplyAdd(growing, growth, TSimd.Multiply(falling, decay));
        TVector value = TSimd.Add(head, TSimd.FusedMultiplyAdd(TSimd.Subtract(growing, falling), r, tail));
        return TSimd.Add(value, value);
    }

    /// <summary>e^|x|/4 as growing·(1 + r + growth) and e^−|x|/4 as falling·(1 − r + decay).</summary>
    /// <remarks>A quarter, because half of the power of two overflows a little before the results do.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void HyperbolicParts<TVector, T, TSimd>(TVector x, out TVector growing, out TVector falling, out TVector r, out TVector growth, out TVector decay)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        bool single = typeof(T) == typeof(float);
        TVector bounded = Clamp<TVector, T, TSimd>(TSimd.Abs(x), 0, single ? 89.75 : 710.5);
        SplitExponent<TVector, T, TSimd>(bounded, out TVector shifted, out TVector k, out r, out TVector correction);
        TVector two = TSimd.Constant(2);
        growing = PowerOfTwo<TVector, T, TSimd>(TSimd.Subtract(shifted, two));
        // e^−|x| cannot be seen beside e^|x| from k = 30 (float) or 60 (double) on, long before its power of two is subnormal.
        TVector mirrored = TSimd.Subtract(TSimd.Subtract(ExponentShifter<TVector, T, TSimd>(), k), two);
        falling = TSimd.And(TSimd.LessThan(k, TSimd.Constant(single ? 30 : 60)), PowerOfTwo<TVector, T, TSimd>(mirrored));
        growth = ExponentialTail<TVector, T, TSimd>(r, correction);
        decay = ExponentialTail<TVector, T, TSimd>(TSimd.Negate(r), TSimd.Negate(correction));
    }
}
