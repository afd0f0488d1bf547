using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>xʸ, by the rules of IEEE 754-2019 for pow.</summary>
    /// <remarks>
    /// 2^(y·log₂|x|) with the logarithm and the product carried in two parts. Within 1 ulp.
    /// x⁰ = 1 and 1ʸ = 1 even for NaN, (−1)^±∞ = 1; a negative finite x with a y that is no integer gives NaN;
    /// zeros and infinities keep the sign of x for odd integers y.
    /// </remarks>
    internal static TVector Power<TVector, T, TSimd>(TVector x, TVector y)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector zero = TSimd.Constant(0), one = TSimd.Constant(1);
        TVector infinity = TSimd.Constant(double.PositiveInfinity), notANumber = TSimd.Constant(double.NaN);
        TVector magnitude = TSimd.Abs(x);
        LogarithmBaseTwo<TVector, T, TSimd>(magnitude, out TVector high, out TVector low);
        high = TSimd.Select(TSimd.Equal(magnitude, zero), TSimd.Negate(infinity), high);
        high = TSimd.Select(TSimd.Equal(magnitude, infinity), infinity, high);

        // y·log₂|x| in two parts; where the result is sure to overflow or to vanish, the first part alone says so.
        TVector product = TSimd.Multiply(y, high);
        TVector rest = TSimd.FusedMultiplyAdd(y, low, TSimd.FusedMultiplyAdd(y, high, TSimd.Negate(product)));
        TVector limit = TSimd.Constant(typeof(T) == typeof(float) ? 160 : 1100);
        TVector moderate = TSimd.LessThan(TSimd.Abs(product), limit);
        rest = TSimd.And(moderate, rest);
        product = TSimd.Select(moderate, product, TSimd.CopySign(limit, product));
        TVector value = ExponentialBaseTwo<TVector, T, TSimd>(product, rest);

        // The rules of IEEE 754, the weaker first.
        TVector whole = TSimd.Equal(TSimd.Floor(y), y);
        TVector halfOfY = TSimd.Multiply(y, TSimd.Constant(0.5));
        TVector even = TSimd.Equal(TSimd.Floor(halfOfY), halfOfY);
        TVector signed = TSimd.CopySign(value, x);
        value = TSimd.Select(whole, TSimd.Select(even, value, signed), value);
        TVector negative = TSimd.And(TSimd.LessThan(x, zero), TSimd.LessThan(magnitude, infinity));
        value = TSimd.Select(negative, TSimd.Select(whole, value, notANumber), value);
        value = TSimd.Select(TSimd.Equal(x, x), value, x);
        value = TSimd.Select(TSimd.Equal(y, y), value, y);
        TVector endless = TSimd.Equal(TSimd.Abs(y), infinity);
        value = TSimd.Select(TSimd.And(endless, TSimd.Equal(magnitude, one)), one, value);
        value = TSimd.Select(TSimd.Equal(x, one), one, value);
        return TSimd.Select(TSimd.Equal(y, zero), one, value);
    }

    /// <summary>log₂ x of a positive finite x in two parts, to about 2^−42 of itself in float and 2^−64 in double.</summary>
    /// <remarks>
    /// The two-part arithmetic is that of T. J. Dekker (1971), A floating-point technique for extending the available precision.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogarithmBaseTwo<TVector, T, TSimd>(TVector x, out TVector high, out TVector low)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        bool single = typeof(T) == typeof(float);
        int fraction = single ? 23 : 52;
        // x = 2ᵏ·(1 + f), 1 + f between √½ and √2; subnormal numbers are first made normal.
        TVector subnormal = TSimd.LessThan(x, TSimd.ConstantBits(single ? 0x00800000UL : 0x0010000000000000UL));
        x = TSimd.Select(subnormal, TSimd.Multiply(x, TSimd.Constant(single ? 16777216.0 : 18014398509481984.0)), x);
        TVector lift = TSimd.And(subnormal, TSimd.Constant(single ? 24 : 54));
        TVector biased = TSimd.ShiftRightBits(TSimd.AddBits(x, TSimd.ConstantBits(single ? 0x004AFB0DUL : 0x00095F619980C433UL)), fraction);
        TVector k = TSimd.Subtract(
            TSimd.AddBits(biased, TSimd.ConstantBits(single ? 0x4B000000UL : 0x4330000000000000UL)),
            TSimd.Add(TSimd.Constant(single ? 8388608.0 + 127 : 4503599627370496.0 + 1023), lift));
        TVector exponent = TSimd.ShiftLeftBits(TSimd.SubtractBits(biased, TSimd.ConstantBits(single ? 127UL : 1023UL)), fraction);
        TVector m = TSimd.SubtractBits(x, exponent);
        TVector one = TSimd.Constant(1);
        TVector f = TSimd.Subtract(m, one);

        // s = f / (2 + f) in two parts.
        TVector denominator = TSimd.Add(m, one);
        TVector denominatorLow = TSimd.Subtract(m, TSimd.Subtract(denominator, one));
        TVector reciprocal = TSimd.Divide(one, denominator);
        TVector s = TSimd.Multiply(f, reciprocal);
        TVector minus = TSimd.Negate(s);
        TVector sLow = TSimd.Multiply(
            TSimd.FusedMultiplyAdd(minus, denominatorLow, TSimd.FusedMultiplyAdd(minus, denominator, f)), reciprocal);
        TVector z = TSimd.Multiply(s, s);
        TVector zLow = TSimd.FusedMultiplyAdd(TSimd.Add(s, s), sLow, TSimd.FusedMultiplyAdd(s, s, TSimd.Negate(z)));

        // log₂(1 + f) = s·(2/ln 2 + z·(2/(3·ln 2) + z·Q(z))): what is small is carried in one part, the rest in two.
        TVector q;
        if (typeof(T) == typeof(float))
        {
            // Q on 0 ≤ z ≤ 0.02947, minimax of z²·Q relative to 2/ln 2: 2^−43.8.
            q = TSimd.Constant(0.2817829847);
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.3200088441));
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.4122059643));
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.5770779848));
        }
        else
        {
            // Q on 0 ≤ z ≤ 0.02947, minimax of z²·Q relative to 2/ln 2: 2^−66.
            q = TSimd.Constant(0.1902860276031855);
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.1912669740853922));
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.22198343299853354));
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.2623077149390542));
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.32059890209278263));
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.4121985830931266));
            q = TSimd.FusedMultiplyAdd(q, z, TSimd.Constant(0.577078016355615));
        }
        TVector small = TSimd.Multiply(z, q);
        TVector third = TSimd.Constant(single ? 0.96179670095443726 : 0.96179669392597555);
        TVector thirdLow = TSimd.Constant(single ? -7.0284618125526777e-9 : 5.0577616648125907e-17);
        TVector inner = TSimd.Add(third, small);
        TVector innerLow = TSimd.Add(TSimd.Subtract(small, TSimd.Subtract(inner, third)), thirdLow);
        TVector outer = TSimd.Multiply(z, inner);
        TVector outerLow = TSimd.FusedMultiplyAdd(z, innerLow, TSimd.FusedMultiplyAdd(
            zLow, inner, TSimd.FusedMultiplyAdd(z, inner, TSimd.Negate(outer))));
        TVector first = TSimd.Constant(single ? 2.885390043258667 : 2.8853900817779268);
        TVector firstLow = TSimd.Constant(single ? 3.8519260670000222e-8 : 4.0710547481862066e-17);
        TVector factor = TSimd.Add(first, outer);
        TVector factorLow = TSimd.Add(TSimd.Subtract(outer, TSimd.Subtract(factor, first)), TSimd.Add(outerLow, firstLow));
        TVector main = TSimd.Multiply(s, factor);
        TVector mainLow = TSimd.FusedMultiplyAdd(s, factorLow, TSimd.FusedMultiplyAdd(
            sLow, factor, TSimd.FusedMultiplyAdd(s, factor, TSimd.Negate(main))));
        TVector sum = TSimd.Add(k, main);
        TVector sumLow = TSimd.Add(TSimd.Subtract(main, TSimd.Subtract(sum, k)), mainLow);
        high = TSimd.Add(sum, sumLow);
        low = TSimd.Subtract(sumLow, TSimd.Subtract(high, sum));
    }

    /// <summary>2^(x + rest) for |x| below 2¹¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExponentialBaseTwo<TVector, T, TSimd>(TVector x, TVector rest)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        bool single = typeof(T) == typeof(float);
        TVector shifter = ExponentShifter<TVector, T, TSimd>();
        TVector k = TSimd.Subtract(TSimd.Add(x, shifter), shifter);
        TVector fraction = TSimd.Subtract(x, k);
        TVector naturalTwo = TSimd.Constant(single ? 0.6931471824645996 : 0.6931471805599453);
        TVector naturalTwoLow = TSimd.Constant(single ? -1.9046542121259336e-9 : 2.3190468138462996e-17);
        TVector r = TSimd.Multiply(fraction, naturalTwo);
        TVector correction = TSimd.FusedMultiplyAdd(rest, naturalTwo, TSimd.FusedMultiplyAdd(
            fraction, naturalTwoLow, TSimd.FusedMultiplyAdd(fraction, naturalTwo, TSimd.Negate(r))));
        // The rest may be many units of r; the tail wants a correction below one.
        TVector total = TSimd.Add(r, correction);
        correction = TSimd.Subtract(correction, TSimd.Subtract(total, r));
        r = total;
        TVector value = TSimd.Add(TSimd.Constant(1), TSimd.Add(r, ExponentialTail<TVector, T, TSimd>(r, correction)));
        return Scale<TVector, T, TSimd>(value, k);
    }
}
