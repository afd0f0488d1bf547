using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>The nearest number of a narrower binary format, the even one of two equally near; ±∞ where that is too great.</summary>
    /// <remarks>Rounded once, subnormal numbers of the format included. Keeps the sign, also of zero; infinities stay themselves, NaN stays NaN.</remarks>
    /// <param name="x">What is rounded.</param>
    /// <param name="fraction">Bits of the format's fraction, fewer than the element has.</param>
    /// <param name="least">Exponent of the format's least normal number.</param>
    /// <param name="beyond">Exponent of the least power of two that the format does not have.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector RoundToFormat<TVector, T, TSimd>(TVector x, int fraction, int least, int beyond)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        int own = typeof(T) == typeof(float) ? 23 : 52;
        int dropped = own - fraction;
        TVector magnitude = TSimd.Abs(x);

        // A bit less than half of the last place, and that much more where the last bit kept is odd; a carry moves on into the exponent, as it should.
        TVector last = TSimd.And(TSimd.ShiftRightBits(magnitude, dropped), TSimd.ConstantBits(1));
        TVector carried = TSimd.AddBits(TSimd.AddBits(magnitude, TSimd.ConstantBits((1UL << (dropped - 1)) - 1)), last);
        TVector normal = TSimd.And(carried, TSimd.ConstantBits(~((1UL << dropped) - 1)));

        // Below the normal numbers the spacing stands still: adding a number with that spacing rounds to it.
        TVector shift = TSimd.Constant(Math.ScaleB(1, least - fraction + own));
        TVector small = TSimd.Subtract(TSimd.Add(magnitude, shift), shift);
        TVector rounded = TSimd.Select(TSimd.LessThan(magnitude, TSimd.Constant(Math.ScaleB(1, least))), small, normal);
        rounded = TSimd.Select(TSimd.LessThan(rounded, TSimd.Constant(Math.ScaleB(1, beyond))), rounded, TSimd.Constant(double.PositiveInfinity));
        return TSimd.Select(TSimd.Equal(x, x), TSimd.CopySign(rounded, x), TSimd.Constant(double.NaN));
    }
}
