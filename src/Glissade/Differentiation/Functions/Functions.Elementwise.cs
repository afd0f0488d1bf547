using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <content>Trigonometric and hyperbolic functions and their inverses, rounding, comparisons and logic.</content>
public static partial class Functions
{
    /// <summary>1/√x; ∞ at 0, NaN for negative x.</summary>
    public static Tensor ReciprocalSqrt(Tensor x) => Unary<ReciprocalSqrt>(x);

    /// <summary>tan x, x in radians.</summary>
    public static Tensor Tan(Tensor x) => Unary<Tan>(x);

    /// <summary>arctan x, from −π/2 to π/2.</summary>
    public static Tensor Atan(Tensor x) => Unary<Atan>(x);

    /// <summary>The angle of the point (x, y) from the positive x axis, from −π to π; arctan y/x in the quadrant of the point.</summary>
    /// <remarks>The derivative is accurate for points of any finite size but NaN at the origin, where there is none.</remarks>
    /// <param name="y">The ordinate; first, as in <see cref="Math.Atan2"/>.</param>
    /// <param name="x">The abscissa.</param>
    public static Tensor Atan2(Tensor y, Tensor x) => Binary<Atan2>(y, x, Math.Atan2);

    /// <summary>arcsin x, from −π/2 to π/2; NaN beyond ±1.</summary>
    public static Tensor Asin(Tensor x) => Unary<Asin>(x);

    /// <summary>arccos x, from 0 to π; NaN beyond ±1.</summary>
    public static Tensor Acos(Tensor x) => Unary<Acos>(x);

    /// <summary>sinh x = (eˣ − e⁻ˣ)/2.</summary>
    public static Tensor Sinh(Tensor x) => Unary<Sinh>(x);

    /// <summary>cosh x = (eˣ + e⁻ˣ)/2.</summary>
    public static Tensor Cosh(Tensor x) => Unary<Cosh>(x);

    /// <summary>arsinh x = ln(x + √(x² + 1)).</summary>
    public static Tensor Asinh(Tensor x) => Unary<Asinh>(x);

    /// <summary>arcosh x = ln(x + √(x² − 1)); NaN below 1.</summary>
    public static Tensor Acosh(Tensor x) => Unary<Acosh>(x);

    /// <summary>artanh x = ½·ln((1 + x)/(1 − x)); ±∞ at ±1, NaN beyond.</summary>
    public static Tensor Atanh(Tensor x) => Unary<Atanh>(x);

    /// <summary>The smallest whole number not below x; the derivative is 0.</summary>
    public static Tensor Ceiling(Tensor x) => Negate(Floor(Negate(x)));

    /// <summary>The nearest whole number, the even one of two equally near; the derivative is 0.</summary>
    public static Tensor Round(Tensor x) => Unary<Round>(x);

    /// <summary>x kept within [low, high]; NaN stays NaN. The derivative is 1 inside, 0 outside and ½ at the bounds.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value, not below <paramref name="low"/>.</param>
    /// <exception cref="ArgumentException">The bounds are in the wrong order, or one is NaN.</exception>
    public static Tensor Clamp(Tensor x, double low, double high) => low <= high
        ? Minimum(Maximum(x, low), high)
        : throw new ArgumentException($"The bounds of 'clamp' must be numbers, the first not above the second, but are {low} and {high}.", nameof(low));

    /// <summary>1 where x &lt; y, else 0.</summary>
    public static Tensor Less(Tensor x, Tensor y)
    {
        CheckBroadcast("less", x, y);
        return Greater(y, x);
    }

    /// <summary>1 where x &lt; y, else 0.</summary>
    public static Tensor Less(Tensor x, double y) => Less(x, ConstantLike(x, y));

    /// <summary>1 where x ≤ y, else 0.</summary>
    public static Tensor LessOrEqual(Tensor x, Tensor y)
    {
        CheckBroadcast("less-or-equal", x, y);
        return GreaterOrEqual(y, x);
    }

    /// <summary>1 where x ≤ y, else 0.</summary>
    public static Tensor LessOrEqual(Tensor x, double y) => LessOrEqual(x, ConstantLike(x, y));

    /// <summary>1 where x ≥ y, else 0.</summary>
    public static Tensor GreaterOrEqual(Tensor x, double y) => GreaterOrEqual(x, ConstantLike(x, y));

    /// <summary>1 where x = y, else 0.</summary>
    public static Tensor EqualTo(Tensor x, double y) => EqualTo(x, ConstantLike(x, y));

    /// <summary>1 where x ≠ y, also where either is NaN, else 0.</summary>
    public static Tensor NotEqual(Tensor x, Tensor y)
    {
        CheckBroadcast("not-equal", x, y);
        return Not(EqualTo(x, y));
    }

    /// <summary>1 where x ≠ y, also where x is NaN, else 0.</summary>
    public static Tensor NotEqual(Tensor x, double y) => NotEqual(x, ConstantLike(x, y));

    /// <summary>1 where x is a finite number, 0 where it is ±∞ or NaN.</summary>
    public static Tensor IsFinite(Tensor x) => Less(Abs(x), double.PositiveInfinity);

    /// <summary>x where it is a finite number, y where it is ±∞ or NaN.</summary>
    public static Tensor FiniteOr(Tensor x, Tensor y)
    {
        CheckBroadcast("finite-or", x, y);
        return Node(new FiniteOr(), x, y);
    }

    /// <summary>1 where both are 1, else 0; for conditions, whose values are 0 or 1.</summary>
    public static Tensor And(Tensor x, Tensor y)
    {
        CheckBroadcast("and", x, y);
        return Minimum(x, y);
    }

    /// <summary>1 where either or both are 1, else 0; for conditions, whose values are 0 or 1.</summary>
    public static Tensor Or(Tensor x, Tensor y)
    {
        CheckBroadcast("or", x, y);
        return Maximum(x, y);
    }

    /// <summary>1 where x is 0, and 0 where it is 1; for conditions, whose values are 0 or 1.</summary>
    public static Tensor Not(Tensor x) => 1 - x;

    /// <summary>Refuses two shapes that do not broadcast in the name of an operation that is made of others.</summary>
    private static void CheckBroadcast(string operation, Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (!Broadcasting.TryJoin(x.Shape, y.Shape, out _))
        {
            throw new ArgumentException($"The shapes {x.Shape} and {y.Shape} do not fit '{operation}': counted from the last axis, two lengths must be equal or one of them 1.");
        }
    }
}
