using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <content>Trigonometric and hyperbolic functions and their inverses, and rounding.</content>
public static partial class Functions
{
    /// <summary>1/√x; ∞ at 0, NaN for negative x.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor ReciprocalSqrt(Tensor x) => Unary<ReciprocalSqrt>(x);

    /// <summary>tan x, x in radians.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Tan(Tensor x) => Unary<Tan>(x);

    /// <summary>arctan x, from −π/2 to π/2.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Atan(Tensor x) => Unary<Atan>(x);

    /// <summary>The angle of the point (x, y) from the positive x axis, from −π to π; arctan y/x in the quadrant of the point.</summary>
    /// <remarks>The derivative is accurate for points of any finite size but NaN at the origin, where there is none.</remarks>
    /// <param name="y">The ordinate; first, as in <see cref="Math.Atan2"/>.</param>
    /// <param name="x">The abscissa.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Atan2(Tensor y, Tensor x) => Binary<Atan2>(y, x, Math.Atan2);

    /// <summary>arcsin x, from −π/2 to π/2; NaN beyond ±1.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Asin(Tensor x) => Unary<Asin>(x);

    /// <summary>arccos x, from 0 to π; NaN beyond ±1.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Acos(Tensor x) => Unary<Acos>(x);

    /// <summary>sinh x = (eˣ − e⁻ˣ)/2.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Sinh(Tensor x) => Unary<Sinh>(x);

    /// <summary>cosh x = (eˣ + e⁻ˣ)/2.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Cosh(Tensor x) => Unary<Cosh>(x);

    /// <summary>arsinh x = ln(x + √(x² + 1)).</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Asinh(Tensor x) => Unary<Asinh>(x);

    /// <summary>arcosh x = ln(x + √(x² − 1)); NaN below 1.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Acosh(Tensor x) => Unary<Acosh>(x);

    /// <summary>artanh x = ½·ln((1 + x)/(1 − x)); ±∞ at ±1, NaN beyond.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Atanh(Tensor x) => Unary<Atanh>(x);

    /// <summary>The smallest whole number not below x; the derivative is 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Ceiling(Tensor x) => Negate(Floor(Negate(x)));

    /// <summary>The nearest whole number, the even one of two equally near; the derivative is 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Round(Tensor x) => Unary<Round>(x);
}
