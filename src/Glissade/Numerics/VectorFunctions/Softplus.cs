using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|).</summary>
    /// <remarks>
    /// Within 2 ulp, also in the left tail. 0 at −∞, ln 2 at ±0, ∞ at ∞, NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Softplus<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector decay = Exp<TVector, T, TSimd>(TSimd.Negate(TSimd.Abs(x)));
        TVector zero = TSimd.Constant(0);
        TVector hinge = TSimd.Select(TSimd.GreaterThan(x, zero), x, zero);
        return TSimd.Add(hinge, LogOnePlus<TVector, T, TSimd>(decay));
    }
}
