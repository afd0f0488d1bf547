using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <content>Rounding to formats of 16 bits.</content>
public static partial class Functions
{
    /// <summary>Each element rounded to the nearest number of a format of 16 bits, the even one of two equally near; ±∞ beyond its range, NaN stays NaN.</summary>
    /// <remarks>
    /// The value keeps its element type, but a program over floats keeps it in 16 bits wherever it is stored between steps and read only by elementwise
    /// operations and by matrix products, which multiply the rounded numbers and add up in float. A function whose result is only used rounded is
    /// differentiated at the rounded result, so that nothing else need be kept for the derivative.
    /// Micikevicius et al. (2018), Mixed Precision Training; Kalamkar et al. (2019), A Study of BFLOAT16 for Deep Learning Training.
    /// </remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="format">The format.</param>
    /// <param name="roundAdjoint">Whether the derivative is rounded to the format too, as that of a conversion is; otherwise it passes as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such format.</exception>
    public static Tensor RoundTo(Tensor x, StorageFormat format, bool roundAdjoint = true) => Node(
        format switch
        {
            StorageFormat.BFloat16 => new RoundToBFloat16(roundAdjoint),
            StorageFormat.Half => new RoundToHalf(roundAdjoint),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, $"The storage format must be {nameof(StorageFormat.BFloat16)} or {nameof(StorageFormat.Half)}, not {format}."),
        },
        x);
}
