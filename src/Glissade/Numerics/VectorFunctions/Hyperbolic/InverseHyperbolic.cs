using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>arsinh x = ln(x + √(x² + 1)).</summary>
    /// <remarks>
    /// Computed as ln(1 + |x| + x²/(1 + √(x² + 1))), which loses nothing near zero. Within 2.5 ulp.
    /// Exactly odd; ±0 and subnormal numbers are returned as they are; ±∞ at ±∞; NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Asinh<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x), one = TSimd.Constant(1);
        TVector square = TSimd.Multiply(magnitude, magnitude);
        TVector root = TSimd.Sqrt(TSimd.FusedMultiplyAdd(magnitude, magnitude, one));
        TVector excess = TSimd.Add(magnitude, TSimd.Divide(square, TSimd.Add(one, root)));
        return TSimd.CopySign(LogarithmOfLarge<TVector, T, TSimd>(magnitude, excess), x);
    }

    /// <summary>arcosh x = ln(x + √(x² − 1)).</summary>
    /// <remarks>
    /// Computed as ln(1 + t + √(t(t + 2))) with t = x − 1, which is exact near 1. Within 2.5 ulp.
    /// 0 at 1, NaN below, ∞ at ∞, NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Acosh<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector one = TSimd.Constant(1);
        TVector t = TSimd.Subtract(x, one);
        TVector excess = TSimd.Add(t, TSimd.Sqrt(TSimd.FusedMultiplyAdd(t, t, TSimd.Add(t, t))));
        TVector value = LogarithmOfLarge<TVector, T, TSimd>(x, excess);
        return TSimd.Select(TSimd.LessThan(x, one), TSimd.Constant(double.NaN), value);
    }

    /// <summary>artanh x = ½·ln((1 + x)/(1 − x)).</summary>
    /// <remarks>
    /// Computed as ½·ln(1 + 2|x| + 2x²/(1 − |x|)). Within 2 ulp.
    /// Exactly odd; ±0 and subnormal numbers are returned as they are; ±∞ at ±1, NaN beyond, NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Atanh<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x);
        TVector twice = TSimd.Add(magnitude, magnitude), one = TSimd.Constant(1);
        TVector excess = TSimd.Add(twice, TSimd.Divide(TSimd.Multiply(twice, magnitude), TSimd.Subtract(one, magnitude)));
        TVector value = TSimd.Multiply(TSimd.Constant(0.5), LogOnePlus<TVector, T, TSimd>(excess));
        return TSimd.CopySign(TSimd.Select(TSimd.GreaterThan(magnitude, one), TSimd.Constant(double.NaN), value), x);
    }

    /// <summary>ln(1 + excess), or ln 2x where x is so large that this cannot be told from it and the excess may have overflown.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LogarithmOfLarge<TVector, T, TSimd>(TVector x, TVector excess)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector large = TSimd.GreaterThan(x, TSimd.Constant(typeof(T) == typeof(float) ? 1L << 30 : 1L << 60));
        TVector value = LogOnePlus<TVector, T, TSimd>(TSimd.Select(large, x, excess));
        return TSimd.Select(large, TSimd.Add(value, TSimd.Constant(0.6931471805599453)), value);
    }
}
