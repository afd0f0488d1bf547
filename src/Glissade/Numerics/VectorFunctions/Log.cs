using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>ln x.</summary>
    /// <remarks>
    /// Within 1.5 ulp, of subnormal numbers too; exactly 0 at 1, −∞ at ±0, NaN below, ∞ at ∞, NaN stays NaN.
    /// The framework's is too long to be inlined, and around a call every vector of a loop is in memory.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Log<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        bool single = typeof(T) == typeof(float);
        int fraction = single ? 23 : 52;

        // Subnormal numbers are made normal.
        TVector isSmall = TSimd.LessThan(x, TSimd.Constant(single ? 1.1754943508222875e-38 : 2.2250738585072014e-308));
        TVector normal = TSimd.Select(isSmall, TSimd.Multiply(x, TSimd.Constant(single ? 8388608.0 : 4503599627370496.0)), x);

        // k, biased, such that f + 1 = x·2⁻ᵏ lies between √½ and √2; the constant is the bits of 1 less those of √½.
        TVector biased = TSimd.ShiftRightBits(TSimd.AddBits(normal, TSimd.ConstantBits(single ? 0x004AFB0DUL : 0x00095F619980C433UL)), fraction);
        TVector k = TSimd.Subtract(
            TSimd.AddBits(biased, TSimd.ConstantBits(single ? 0x4B000000UL : 0x4330000000000000UL)),
            TSimd.Select(isSmall, TSimd.Constant(single ? 8388608.0 + 127 + 23 : 4503599627370496.0 + 1023 + 52), TSimd.Constant(single ? 8388608.0 + 127 : 4503599627370496.0 + 1023)));
        TVector exponent = TSimd.ShiftLeftBits(TSimd.SubtractBits(biased, TSimd.ConstantBits(single ? 127UL : 1023UL)), fraction);
        TVector f = TSimd.Subtract(TSimd.SubtractBits(normal, exponent), TSimd.Constant(1));
        TVector value = LogarithmNearOne<TVector, T, TSimd>(f, k);
        value = TSimd.Select(TSimd.LessThan(x, TSimd.Constant(double.PositiveInfinity)), value, x);
        value = TSimd.Select(TSimd.Equal(x, TSimd.Constant(0)), TSimd.Constant(double.NegativeInfinity), value);
        return TSimd.Select(TSimd.LessThan(x, TSimd.Constant(0)), TSimd.Constant(double.NaN), value);
    }
}
