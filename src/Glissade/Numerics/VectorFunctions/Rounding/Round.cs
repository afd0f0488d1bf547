using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>The nearest whole number, the even one of two equally near.</summary>
    /// <remarks>Exact. Keeps the sign, also of zero; infinities stay themselves, NaN stays NaN.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Round<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        // From here on the spacing of numbers is 1, so adding rounds as asked; beyond it, all are whole.
        TVector unit = TSimd.Constant(typeof(T) == typeof(float) ? 1L << 23 : 1L << 52);
        TVector magnitude = TSimd.Abs(x);
        TVector rounded = TSimd.Subtract(TSimd.Add(magnitude, unit), unit);
        return TSimd.CopySign(TSimd.Select(TSimd.LessThan(magnitude, unit), rounded, magnitude), x);
    }
}
