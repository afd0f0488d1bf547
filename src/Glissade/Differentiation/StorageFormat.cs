namespace Glissade.Differentiation;

/// <summary>A number format of 16 bits in which values can be kept.</summary>
public enum StorageFormat
{
    /// <summary>bfloat16: the exponent of a float and 8 bits of precision, so the range of a float with two to three decimal digits.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary16: 11 bits of precision, magnitudes up to 65,504, normal ones from 2⁻¹⁴, subnormal ones from 2⁻²⁴.</summary>
    Half,
}
