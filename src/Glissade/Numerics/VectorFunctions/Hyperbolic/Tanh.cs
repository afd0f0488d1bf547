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
        TVector twice = TSimd.Add(magnitude, magnitude), shifted, r, tail;
        if (typeof(T) == typeof(float))
        {
            // 2|x| − k·ln 2 is exact but for the error of ln 2 itself, which is a thirtieth of an ulp here and (unlike in an exponential alone) damped by the quotient.
            shifted = TSimd.FusedMultiplyAdd(twice, TSimd.Constant(1.4426950408889634), ExponentShifter<TVector, T, TSimd>());
            r = TSimd.FusedMultiplyAdd(TSimd.Subtract(shifted, ExponentShifter<TVector, T, TSimd>()), TSimd.Constant(-0.6931471824645996), twice);
            tail = TSimd.Multiply(TSimd.Multiply(r, r), ExponentialFactor<TVector, T, TSimd>(r));
        }
        else
        {
            SplitExponent<TVector, T, TSimd>(twice, out shifted, out _, out r, out TVector correction);
            tail = ExponentialTail<TVector, T, TSimd>(r, correction);
        }

        TVector scale = PowerOfTwo<TVector, T, TSimd>(shifted);
        // e^2|x| − 1 = 2ᵏ·tail + (2ᵏ·r + (2ᵏ − 1)): nothing cancels, and for k = 0 it is r + tail.
        TVector head = TSimd.FusedMultiplyAdd(scale, r, TSimd.Subtract(scale, TSimd.Constant(1)));
        TVector growth = TSimd.FusedMultiplyAdd(scale, tail, head);
        return TSimd.CopySign(TSimd.Divide(growth, TSimd.Add(growth, TSimd.Constant(2))), x);
    }
}
