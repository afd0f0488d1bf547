using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>sin x.</summary>
    /// <remarks>
    /// Within 1 ulp up to |x| = 10⁵ (float) or 10⁹ (double); beyond, the scalar function of the platform, lane by lane and slowly.
    /// Exactly odd, ±0 and subnormal numbers are returned as they are, infinities give NaN, NaN stays NaN.
    /// The framework's vector sine lets one large lane choose the method for all of them; here no lane sees its neighbours.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Sin<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x);
        SplitQuadrant<TVector, T, TSimd>(magnitude, out TVector quadrant, out TVector r, out TVector correction);
        TVector value = SineOfQuadrant<TVector, T, TSimd>(quadrant, r, correction);
        // Adding to the top bit alone turns the sign; zero has got none so far.
        value = TSimd.AddBits(value, TSimd.And(x, TSimd.Constant(-0.0)));
        return TSimd.All(TSimd.LessThanOrEqual(magnitude, TSimd.Constant(LargestReduced<T>())))
            ? value
            : ReplaceLarge<TVector, T, TSimd>(x, value, Ratio.Sine);
    }

    /// <summary>cos x.</summary>
    /// <remarks>Exactly even, infinities give NaN, NaN stays NaN; otherwise as <see cref="Sin{TVector, T, TSimd}"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Cos<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x);
        SplitQuadrant<TVector, T, TSimd>(magnitude, out TVector quadrant, out TVector r, out TVector correction);
        // The cosine is the sine one quadrant further.
        quadrant = TSimd.AddBits(quadrant, TSimd.ConstantBits(1));
        TVector value = SineOfQuadrant<TVector, T, TSimd>(quadrant, r, correction);
        return TSimd.All(TSimd.LessThanOrEqual(magnitude, TSimd.Constant(LargestReduced<T>())))
            ? value
            : ReplaceLarge<TVector, T, TSimd>(magnitude, value, Ratio.Cosine);
    }

    /// <summary>tan x.</summary>
    /// <remarks>Within 2.5 ulp; otherwise as <see cref="Sin{TVector, T, TSimd}"/>. No floating-point number is a pole.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Tan<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x);
        SplitQuadrant<TVector, T, TSimd>(magnitude, out TVector quadrant, out TVector r, out TVector correction);
        SineAndCosine<TVector, T, TSimd>(r, correction, out TVector sine, out TVector cosine);
        // In odd quadrants it is −cos r / sin r.
        TVector odd = TSimd.SubtractBits(TSimd.ConstantBits(0), TSimd.And(quadrant, TSimd.ConstantBits(1)));
        TVector value = TSimd.Divide(TSimd.Select(odd, TSimd.Negate(cosine), sine), TSimd.Select(odd, sine, cosine));
        value = TSimd.AddBits(value, TSimd.And(x, TSimd.Constant(-0.0)));
        return TSimd.All(TSimd.LessThanOrEqual(magnitude, TSimd.Constant(LargestReduced<T>())))
            ? value
            : ReplaceLarge<TVector, T, TSimd>(x, value, Ratio.Tangent);
    }

    private enum Ratio
    {
        Sine,
        Cosine,
        Tangent,
    }

    /// <summary>Largest |x| that <see cref="SplitQuadrant"/> is used for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double LargestReduced<T>() => typeof(T) == typeof(float) ? 1e5 : 1e9;

    /// <summary>Writes x as k·π/2 + r + correction, with k in the low bits of <paramref name="quadrant"/> and |r| at most 0.79.</summary>
    /// <remarks>
    /// For x from 0 to <see cref="LargestReduced{T}"/>. Reduction after W. J. Cody and W. Waite (1980), Software Manual for the Elementary Functions,
    /// with parts of π/2 of full length, which the fused multiplication allows.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplitQuadrant<TVector, T, TSimd>(TVector x, out TVector quadrant, out TVector r, out TVector correction)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        bool single = typeof(T) == typeof(float);
        // Adding 3/2 of the last power of two with a unit spacing rounds to an integer and leaves it in the low bits.
        TVector shifter = TSimd.Constant(single ? 12582912.0 : 6755399441055744.0);
        quadrant = TSimd.FusedMultiplyAdd(x, TSimd.Constant(0.6366197723675814), shifter);
        TVector k = TSimd.Subtract(quadrant, shifter);

        // Exact: the difference is below 1 and a multiple of half the spacing at π/2.
        TVector rough = TSimd.FusedMultiplyAdd(k, TSimd.Constant(single ? -1.5707963705062866 : -1.5707963267948966), x);
        TVector second = TSimd.Constant(single ? -4.371138828673793e-08 : 6.123233995736766e-17);
        TVector product = TSimd.Multiply(k, second);
        TVector productLow = TSimd.FusedMultiplyAdd(k, second, TSimd.Negate(product));
        r = TSimd.Subtract(rough, product);
        // Rounding r loses little, and exactly how much is found, since the rough rest is a multiple of the product's last place.
        TVector lost = TSimd.Subtract(TSimd.Subtract(TSimd.Subtract(rough, r), product), productLow);
        correction = TSimd.FusedMultiplyAdd(k, TSimd.Constant(single ? 1.7151245100058819e-15 : 1.4973849048591698e-33), lost);
    }

    /// <summary>sin(k·π/2 + r + correction), with k in the low bits of <paramref name="quadrant"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SineOfQuadrant<TVector, T, TSimd>(TVector quadrant, TVector r, TVector correction)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        SineAndCosine<TVector, T, TSimd>(r, correction, out TVector sine, out TVector cosine);

        // k odd selects the cosine; the bit above turns the sign.
        TVector odd = TSimd.SubtractBits(TSimd.ConstantBits(0), TSimd.And(quadrant, TSimd.ConstantBits(1)));
        TVector sign = TSimd.And(TSimd.ShiftLeftBits(quadrant, typeof(T) == typeof(float) ? 30 : 62), TSimd.Constant(-0.0));
        return TSimd.AddBits(TSimd.Select(odd, cosine, sine), sign);
    }

    /// <summary>sin(r + correction) and cos(r + correction) for |r| at most 0.79.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SineAndCosine<TVector, T, TSimd>(TVector r, TVector correction, out TVector sine, out TVector cosine)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        // (r + correction)², rounded once.
        TVector z = TSimd.FusedMultiplyAdd(r, r, TSimd.Multiply(r, TSimd.Add(correction, correction)));
        TVector s, c;
        if (typeof(T) == typeof(float))
        {
            // (sin r − r) / r³ on |r| ≤ 0.79, minimax relative to sin r: 2^−27.8.
            s = TSimd.Constant(-0.0001950788283);
            s = TSimd.FusedMultiplyAdd(s, z, TSimd.Constant(0.008332106285));
            s = TSimd.FusedMultiplyAdd(s, z, TSimd.Constant(-0.1666665375));
            // (cos r − 1 + r²/2) / r⁴ on |r| ≤ 0.79, minimax relative to cos r: 2^−32.9.
            c = TSimd.Constant(2.443120138e-05);
            c = TSimd.FusedMultiplyAdd(c, z, TSimd.Constant(-0.001388730365));
            c = TSimd.FusedMultiplyAdd(c, z, TSimd.Constant(0.04166664556));
        }
        else
        {
            // (sin r − r) / r³ on |r| ≤ 0.7855, minimax relative to sin r: 2^−57.9.
            s = TSimd.Constant(1.5895433441356098e-10);
            s = TSimd.FusedMultiplyAdd(s, z, TSimd.Constant(-2.505073439134673e-08));
            s = TSimd.FusedMultiplyAdd(s, z, TSimd.Constant(2.7557313538523572e-06));
            s = TSimd.FusedMultiplyAdd(s, z, TSimd.Constant(-0.00019841269829358541));
            s = TSimd.FusedMultiplyAdd(s, z, TSimd.Constant(0.00833333333332184));
            s = TSimd.FusedMultiplyAdd(s, z, TSimd.Constant(-0.1666666666666663));
            // (cos r − 1 + r²/2) / r⁴ on |r| ≤ 0.7855, minimax relative to cos r: 2^−63.9.
            c = TSimd.Constant(-1.1358732706858074e-11);
            c = TSimd.FusedMultiplyAdd(c, z, TSimd.Constant(2.087570511401809e-09));
            c = TSimd.FusedMultiplyAdd(c, z, TSimd.Constant(-2.755731421529462e-07));
            c = TSimd.FusedMultiplyAdd(c, z, TSimd.Constant(2.4801587288997475e-05));
            c = TSimd.FusedMultiplyAdd(c, z, TSimd.Constant(-0.0013888888888873338));
            c = TSimd.FusedMultiplyAdd(c, z, TSimd.Constant(0.041666666666666595));
        }

        // The large term comes last, so that its rounding is the only one of weight.
        sine = TSimd.Add(r, TSimd.FusedMultiplyAdd(TSimd.Multiply(r, z), s, correction));
        cosine = TSimd.FusedMultiplyAdd(z, TSimd.FusedMultiplyAdd(z, c, TSimd.Constant(-0.5)), TSimd.Constant(1));
    }

    /// <summary>Puts the scalar function into the lanes beyond <see cref="LargestReduced{T}"/> and leaves the others as they are.</summary>
    /// <remarks>Not inlined: it is rare, and a loop should not give up registers to it.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe TVector ReplaceLarge<TVector, T, TSimd>(TVector x, TVector value, Ratio ratio)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        T* arguments = stackalloc T[64 / sizeof(T)];
        T* values = stackalloc T[64 / sizeof(T)];
        TSimd.Store(x, arguments);
        TSimd.Store(value, values);
        for (int i = 0; i < TSimd.Count; i++)
        {
            double argument = double.CreateTruncating(arguments[i]);
            if (!(Math.Abs(argument) <= LargestReduced<T>()))
            {
                // NaN by our own hand: platforms differ in its sign.
                double exact = !double.IsFinite(argument) ? double.NaN
                    : ratio == Ratio.Sine ? Math.Sin(argument)
                    : ratio == Ratio.Cosine ? Math.Cos(argument)
                    : Math.Tan(argument);
                values[i] = T.CreateTruncating(exact);
            }
        }

        return TSimd.Load(values);
    }
}
