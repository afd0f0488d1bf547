using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>ln(1 + x), exact also near zero.</summary>
    /// <remarks>
    /// Within 1.5 ulp. ±0 and subnormal numbers are returned as they are; −∞ at −1, NaN below, ∞ at ∞, NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector LogOnePlus<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        bool single = typeof(T) == typeof(float);
        int fraction = single ? 23 : 52;
        TVector one = TSimd.Constant(1);
        TVector sum = TSimd.Add(one, x);
        // k, biased, such that (1 + x)·2⁻ᵏ lies between √½ and √2; the constant is the bits of 1 less those of √½.
        TVector biased = TSimd.ShiftRightBits(TSimd.AddBits(sum, TSimd.ConstantBits(single ? 0x004AFB0DUL : 0x00095F619980C433UL)), fraction);
        TVector k = TSimd.Subtract(
            TSimd.AddBits(biased, TSimd.ConstantBits(single ? 0x4B000000UL : 0x4330000000000000UL)),
            TSimd.Constant(single ? 8388608.0 + 127 : 4503599627370496.0 + 1023));
        // f = (1 + x)·2⁻ᵏ − 1 = x·2⁻ᵏ + (2⁻ᵏ − 1), rounded once: what 1 + x lost does not matter. Four times 2⁻ᵏ is never subnormal.
        TVector scale = TSimd.ShiftLeftBits(TSimd.SubtractBits(TSimd.ConstantBits(single ? 256UL : 2048UL), biased), fraction);
        TVector quarter = TSimd.Constant(0.25);
        TVector f = TSimd.FusedMultiplyAdd(TSimd.Multiply(x, quarter), scale, TSimd.FusedMultiplyAdd(scale, quarter, TSimd.Constant(-1)));
        TVector value = LogarithmNearOne<TVector, T, TSimd>(f, k);
        // Where ln(1 + x) rounds to x, and where it is not a number to compute.
        TVector tiny = TSimd.Constant(single ? 1.0 / (1L << 26) : 1.0 / (1L << 55));
        value = TSimd.Select(TSimd.LessThan(TSimd.Abs(x), tiny), x, value);
        value = TSimd.Select(TSimd.LessThan(x, TSimd.Constant(double.PositiveInfinity)), value, x);
        value = TSimd.Select(TSimd.Equal(x, TSimd.Constant(-1)), TSimd.Constant(double.NegativeInfinity), value);
        return TSimd.Select(TSimd.LessThan(x, TSimd.Constant(-1)), TSimd.Constant(double.NaN), value);
    }

    /// <summary>k·ln 2 + ln(1 + f) for f between √½ − 1 and √2 − 1.</summary>
    /// <remarks>
    /// The form in double is that of fdlibm (Sun Microsystems, 1993), with coefficients of our own.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LogarithmNearOne<TVector, T, TSimd>(TVector f, TVector k)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector p;
        if (typeof(T) == typeof(float))
        {
            // (ln(1 + f) − f + f²/2) / f³ on √½ − 1 ≤ f ≤ √2 − 1, minimax relative to the logarithm: 2^−27.3.
            p = TSimd.Constant(-0.07640467584);
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(0.1276529729));
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(-0.1315954775));
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(0.1420110613));
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(-0.1662334949));
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(0.2000125945));
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(-0.2500082254));
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(0.3333333135));
            p = TSimd.FusedMultiplyAdd(p, f, TSimd.Constant(-0.5));
            TVector near = TSimd.FusedMultiplyAdd(TSimd.Multiply(f, f), p, f);
            return TSimd.FusedMultiplyAdd(k, TSimd.Constant(0.6931471805599453), near);
        }
        else
        {
            // With s = f / (2 + f): ln(1 + f) = 2·artanh s = f − (f²/2 − s·(f²/2 + z·P(z))), z = s².
            // P = 2·(artanh(√z)/√z − 1)/z on 0 ≤ z ≤ 0.02947, minimax of z·P: 2^−58.1.
            TVector s = TSimd.Divide(f, TSimd.Add(f, TSimd.Constant(2)));
            TVector z = TSimd.Multiply(s, s);
            TVector half = TSimd.Multiply(TSimd.Multiply(f, f), TSimd.Constant(0.5));
            p = TSimd.Constant(0.1479751172504523);
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.1531390283408348));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.18183569756972742));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.22222198475617314));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.2857142874326696));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.3999999999941107));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.6666666666666735));
            TVector low = TSimd.Multiply(s, TSimd.FusedMultiplyAdd(z, p, half));
            // ln 2 in two parts, the first so short that k times it is exact.
            low = TSimd.FusedMultiplyAdd(k, TSimd.Constant(7.3710025651677988999e-13), low);
            return TSimd.FusedMultiplyAdd(k, TSimd.Constant(0.69314718055920820916), TSimd.Add(f, TSimd.Subtract(low, half)));
        }
    }
}
