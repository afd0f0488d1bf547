using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>tanh x = (e²ˣ − 1) / (e²ˣ + 1).</summary>
    /// <remarks>
    /// Computed as g / (g + 2) with g = e^2|x| − 1, which loses nothing near zero. Within 2.5 ulp.
    /// Exactly odd; ±0 and subnormal numbers are returned as they are; ±1 from |x| = 10 (float) or 20 (double) on; NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Tanh<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        // Beyond the bound the value rounds to 1; the bound keeps the exponential finite.
        TVector magnitude = TSimd.Abs(x);
        TVector bound = TSimd.Constant(typeof(T) == typeof(float) ? 10 : 20);
        magnitude = TSimd.Select(TSimd.GreaterThan(magnitude, bound), bound, magnitude);
        SplitExponent<TVector, T, TSimd>(TSimd.Add(magnitude, magnitude), out TVector shifted, out _, out TVector r, out TVector correction);
        TVector scale = PowerOfTwo<TVector, T, TSimd>(shifted);
        // e^2|x| − 1 = 2ᵏ·tail + (2ᵏ·r + (2ᵏ − 1)): nothing cancels, and for k = 0 it is r + tail.
        TVector head = TSimd.FusedMultiplyAdd(scale, r, TSimd.Subtract(scale, TSimd.Constant(1)));
        TVector growth = TSimd.FusedMultiplyAdd(scale, ExponentialTail<TVector, T, TSimd>(r, correction), head);
        return TSimd.CopySign(TSimd.Divide(growth, TSimd.Add(growth, TSimd.Constant(2))), x);
    }
}
