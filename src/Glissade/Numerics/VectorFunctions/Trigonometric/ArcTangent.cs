using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>arctan x, from −π/2 to π/2.</summary>
    /// <remarks>
    /// Within 1.5 ulp. Exactly odd; ±0 and subnormal numbers are returned as they are; ±π/2 at ±∞; NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Atan<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x), one = TSimd.Constant(1);
        TVector small = TSimd.LessThanOrEqual(magnitude, TSimd.Constant(0.5));
        TVector middle = TSimd.LessThanOrEqual(magnitude, TSimd.Constant(2));

        // x itself, (x − 1)/(x + 1) beyond π/4, or −1/x beyond π/2.
        TVector numerator = TSimd.Select(small, magnitude, TSimd.Select(middle, TSimd.Subtract(magnitude, one), TSimd.Constant(-1)));
        TVector denominator = TSimd.Select(small, one, TSimd.Select(middle, TSimd.Add(magnitude, one), magnitude));
        TVector t = TSimd.Divide(numerator, denominator);
        return TSimd.CopySign(ArcTangentBeyond<TVector, T, TSimd>(t, Eighths<TVector, T, TSimd>(small, middle)), x);
    }

    /// <summary>The angle of the point (x, y), from −π to π: arctan y/x in the quadrant of the point.</summary>
    /// <remarks>
    /// Within 1.5 ulp, however large or small x and y. Exactly odd in y. At zeros and infinities the values of IEEE 754-2019 for atan2,
    /// such as ±π for y = ±0 left of x = 0, x = −0 included; NaN if either is NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Atan2<TVector, T, TSimd>(TVector y, TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector zero = TSimd.Constant(0), one = TSimd.Constant(1), infinity = TSimd.Constant(double.PositiveInfinity);
        TVector rise = TSimd.Abs(y), run = TSimd.Abs(x);

        // Two infinities have the direction of two ones.
        TVector endless = TSimd.And(TSimd.Equal(rise, infinity), TSimd.Equal(run, infinity));
        rise = TSimd.Select(endless, one, rise);
        run = TSimd.Select(endless, one, run);
        TVector small = TSimd.LessThanOrEqual(rise, TSimd.Multiply(run, TSimd.Constant(0.5)));
        TVector middle = TSimd.And(TSimd.LessThanOrEqual(rise, TSimd.Add(run, run)), TSimd.LessThan(rise, infinity));

        // The sum must not overflow; where both are large, a quarter of them is exact.
        TVector scale = TSimd.Select(TSimd.GreaterThan(run, one), TSimd.Constant(0.25), one);
        TVector scaledRise = TSimd.Multiply(rise, scale), scaledRun = TSimd.Multiply(run, scale);
        TVector numerator = TSimd.Select(small, rise, TSimd.Select(middle, TSimd.Subtract(scaledRise, scaledRun), TSimd.Negate(run)));
        TVector denominator = TSimd.Select(small, TSimd.Select(TSimd.Equal(run, zero), one, run), TSimd.Select(middle, TSimd.Add(scaledRise, scaledRun), rise));
        TVector t = TSimd.Divide(numerator, denominator);
        TVector eighths = Eighths<TVector, T, TSimd>(small, middle);

        // Left of zero the angle is π less, also at −0.
        TVector left = TSimd.LessThan(TSimd.CopySign(one, x), zero);
        t = TSimd.Select(left, TSimd.Negate(t), t);
        eighths = TSimd.Select(left, TSimd.Subtract(TSimd.Constant(4), eighths), eighths);
        TVector angle = ArcTangentBeyond<TVector, T, TSimd>(t, eighths);
        return TSimd.CopySign(angle, y);
    }

    /// <summary>0, 1 or 2 eighths of a turn, for quotients up to ½, up to 2, and beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Eighths<TVector, T, TSimd>(TVector small, TVector middle)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        return TSimd.Select(small, TSimd.Constant(0), TSimd.Select(middle, TSimd.Constant(1), TSimd.Constant(2)));
    }

    /// <summary>k·π/4 + arctan t for |t| at most ½ and k = 0, 1, 2, 3, 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ArcTangentBeyond<TVector, T, TSimd>(TVector t, TVector k)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector z = TSimd.Multiply(t, t);
        TVector p;
        if (typeof(T) == typeof(float))
        {
            // (arctan(√z)/√z − 1)/z on 0 ≤ z ≤ 0.25, minimax relative to the arctangent: 2^−27.8.
            p = TSimd.Constant(0.03872314468);
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.07984053344));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.1094097868));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.1427207738));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.1999948919));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.3333332837));
        }
        else
        {
            // (arctan(√z)/√z − 1)/z on 0 ≤ z ≤ 0.25, minimax relative to the arctangent: 2^−57.7.
            p = TSimd.Constant(0.010117250370231066);
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.027435559398181895));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.04186544718869632));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.051220211717320496));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.05858302628856659));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.06663811208745986));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.07692073975409322));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.09090896249119725));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.11111110659828825));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.14285714276390785));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.1999999999990317));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.3333333333333298));
        }

        // k·π/4 in two parts; the first is short enough for k times it to be exact. What the sum of the large terms loses goes with the small ones.
        bool single = typeof(T) == typeof(float);
        TVector turn = TSimd.Multiply(k, TSimd.Constant(single ? 0.785398006439209 : 0.7853981633974483));
        TVector turnLow = TSimd.Multiply(k, TSimd.Constant(single ? 1.5695823932524066e-07 : 3.061616997868383e-17));
        TVector sum = TSimd.Add(turn, t);
        TVector lost = TSimd.Add(TSimd.Subtract(turn, sum), t);
        TVector rest = TSimd.FusedMultiplyAdd(TSimd.Multiply(t, z), p, TSimd.Add(lost, turnLow));
        return TSimd.Add(sum, rest);
    }
}
