using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <remarks>
    /// Within 2.5 ulp, also in the left tail. 0 at −∞, ½ at ±0, 1 at ∞, NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Sigmoid<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        // The exponential of −|x| never overflows, and keeps the left tail to its last subnormal number.
        TVector decay = Exp<TVector, T, TSimd>(TSimd.Negate(TSimd.Abs(x)));
        TVector one = TSimd.Constant(1);
        TVector numerator = TSimd.Select(TSimd.GreaterThanOrEqual(x, TSimd.Constant(0)), one, decay);
        return TSimd.Divide(numerator, TSimd.Add(one, decay));
    }
}
