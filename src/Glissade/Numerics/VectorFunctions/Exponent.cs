using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>Transcendental functions of hardware vectors, each written once for every width and for float and double.</summary>
/// <remarks>
/// Every lane is computed by the same operations whatever the width, so the bits do not depend on it.
/// Polynomials are our own minimax fits; the comment beside each names its interval and its largest error.
/// </remarks>
internal static partial class VectorFunctions
{
    /// <summary>A number whose sum with an integer k carries k plus the exponent bias in its low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExponentShifter<TVector, T, TSimd>()
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        return TSimd.Constant(typeof(T) == typeof(float) ? 12582912.0 + 127 : 6755399441055744.0 + 1023);
    }

    /// <summary>Writes x as k·ln 2 + r + correction with k an integer and |r| at most 0.3466; the correction is what rounding r lost.</summary>
    /// <remarks>
    /// The caller keeps |x| below 2¹¹. Reduction after W. J. Cody and W. Waite (1980), Software Manual for the Elementary Functions.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplitExponent<TVector, T, TSimd>(TVector x, out TVector shifted, out TVector k, out TVector r, out TVector correction)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        // Adding 3/2 of the last power of two with a unit spacing rounds to an integer and leaves it, biased, in the low bits.
        shifted = TSimd.FusedMultiplyAdd(x, TSimd.Constant(1.4426950408889634), ExponentShifter<TVector, T, TSimd>());
        k = TSimd.Subtract(shifted, ExponentShifter<TVector, T, TSimd>());
        TVector high = TSimd.Constant(typeof(T) == typeof(float) ? -0.6931471824645996 : -0.6931471805599453);
        TVector low = TSimd.Constant(typeof(T) == typeof(float) ? 1.9046542121259336e-9 : -2.3190468138462996e-17);
        TVector rough = TSimd.FusedMultiplyAdd(k, high, x);
        r = TSimd.FusedMultiplyAdd(k, low, rough);
        correction = TSimd.FusedMultiplyAdd(k, low, TSimd.Subtract(rough, r));
    }

    /// <summary>e^(r + correction) − 1 − r for |r| at most 0.3466.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExponentialTail<TVector, T, TSimd>(TVector r, TVector correction)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        // The correction c adds c·eʳ, and c·(1 + r) is as much of it as can be seen.
        return TSimd.FusedMultiplyAdd(TSimd.Multiply(r, r), ExponentialFactor<TVector, T, TSimd>(r), TSimd.FusedMultiplyAdd(r, correction, correction));
    }

    /// <summary>(eʳ − 1 − r) / r² for |r| at most 0.3466.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExponentialFactor<TVector, T, TSimd>(TVector r)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector p;
        if (typeof(T) == typeof(float))
        {
            // On |r| ≤ 0.34665, minimax relative to r: 2^−28.7.
            p = TSimd.Constant(0.0001991416066);
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.001394094434));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.008333273232));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.04166635498));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.1666666716));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.5));
        }
        else
        {
            // On |r| ≤ 0.34665, minimax relative to r: 2^−60.4.
            p = TSimd.Constant(2.092445316480156e-09);
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(2.5109015564448126e-08));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(2.755724273701096e-07));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(2.755724427862398e-06));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(2.4801587360563373e-05));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.00019841269886047047));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.0013888888888866852));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.008333333333321667));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.0416666666666667));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.16666666666666677));
            p = TSimd.FusedMultiplyAdd(p, r, TSimd.Constant(0.5));
        }

        return p;
    }

    /// <summary>2ᵏ from k plus <see cref="ExponentShifter"/>, for k within the range of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo<TVector, T, TSimd>(TVector shifted)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        return TSimd.ShiftLeftBits(shifted, typeof(T) == typeof(float) ? 23 : 52);
    }

    /// <summary>x·2ᵏ, where the hardware has no instruction for it in two halves, so that subnormal results are rounded once and overflow ends at infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scale<TVector, T, TSimd>(TVector x, TVector k)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        if (TSimd.CanScale)
        {
            return TSimd.Scale(x, k);
        }

        TVector shifter = ExponentShifter<TVector, T, TSimd>();
        TVector first = TSimd.FusedMultiplyAdd(k, TSimd.Constant(0.5), shifter);
        TVector second = TSimd.Add(TSimd.Subtract(k, TSimd.Subtract(first, shifter)), shifter);
        return TSimd.Multiply(TSimd.Multiply(x, PowerOfTwo<TVector, T, TSimd>(first)), PowerOfTwo<TVector, T, TSimd>(second));
    }

    /// <summary>x kept between two bounds; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Clamp<TVector, T, TSimd>(TVector x, double low, double high)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => TSimd.LessOrSecond(TSimd.Constant(high), TSimd.GreaterOrSecond(TSimd.Constant(low), x));
}
