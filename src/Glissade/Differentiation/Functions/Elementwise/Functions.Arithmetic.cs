using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <content>Sums, products, quotients and powers.</content>
public static partial class Functions
{
    /// <summary>−x.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Negate(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Operation is Negate ? x.Inputs[0]
            : x.Operation is Constant c ? x.Trace.Constant(-c.Value)
            : Unary<Negate>(x);
    }

    /// <summary>x + y.</summary>
    /// <remarks>A number 0 is left out while tracing, so that gradients are made of no more than they need: −0 stays −0, where the hardware would make it 0.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Add(Tensor x, Tensor y) => IsConstant(x, 0) && Covers(y, x) ? y : IsConstant(y, 0) && Covers(x, y) ? x : Binary<Add>(x, y, (a, b) => a + b);

    /// <summary>x − y.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Subtract(Tensor x, Tensor y) => IsConstant(y, 0) && Covers(x, y) ? x : Binary<Subtract>(x, y, (a, b) => a - b);

    /// <summary>x · y, elementwise.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Multiply(Tensor x, Tensor y) => IsConstant(x, 1) && Covers(y, x) ? y : IsConstant(y, 1) && Covers(x, y) ? x : Binary<Multiply>(x, y, (a, b) => a * b);

    /// <summary>x / y, elementwise.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Divide(Tensor x, Tensor y) => IsConstant(y, 1) && Covers(x, y) ? x : Binary<Divide>(x, y, (a, b) => a / b);

    /// <summary>x·y + z rounded once, elementwise: the <c>fusedMultiplyAdd</c> of IEEE 754-2019.</summary>
    /// <remarks>
    /// The product is exact, so the result errs by half a unit in its last place at most, where a product and a sum err by two roundings; and only the result
    /// can overflow. It costs one instruction of the processor. A product and a sum that are written apart are never made into it.
    /// </remarks>
    /// <param name="x">A factor.</param>
    /// <param name="y">The other factor.</param>
    /// <param name="z">What is added to the product.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor FusedMultiplyAdd(Tensor x, Tensor y, Tensor z) => Node(new FusedMultiplyAdd(), x, y, z);

    /// <summary>xʸ with the special values of IEEE 754 <c>pow</c>: x⁰ is 1 and 1ʸ is 1 even beside NaN; NaN for a negative x with a y that is not whole.</summary>
    /// <remarks>
    /// The derivative y·xʸ⁻¹ by x, and those of it, are 0 where their factors y, y − 1, … are, at x = 0 too. The derivative xʸ ln x by y is 0 where x is 0 and y
    /// is 0 or more, infinite where x is 0 and y negative, and NaN where x is negative.
    /// </remarks>
    /// <param name="x">The base, of any shape.</param>
    /// <param name="y">The exponent, of a shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Power(Tensor x, Tensor y) => Binary<Power>(x, y, Math.Pow);

    /// <summary>xʸ for a fixed exponent. The exponents 0, ½, 1, 2, 3 and −1 are multiplications, roots and quotients; others as in <see cref="Power(Tensor, Tensor)"/>.</summary>
    /// <remarks>For the exponent ½ it is <see cref="Sqrt"/>, which differs from <c>pow</c> in −0 and −∞: −0 and NaN instead of 0 and ∞.</remarks>
    /// <param name="x">The base, of any shape.</param>
    /// <param name="y">The exponent.</param>
    public static Tensor Power(Tensor x, double y)
    {
        ArgumentNullException.ThrowIfNull(x);
        return y switch
        {
            0 => BroadcastTo(x.Trace.Constant(1), x.Shape),
            0.5 => Sqrt(x),
            1 => x,
            2 => Square(x),
            3 => Square(x) * x,
            -1 => 1 / x,
            _ => Power(x, x.Trace.Constant(y)),
        };
    }

    /// <summary>xʸ for a fixed base: see <see cref="Power(Tensor, Tensor)"/>.</summary>
    /// <param name="x">The base; negative only for exponents that are whole, and then without a derivative by them.</param>
    /// <param name="y">The exponent, of any shape.</param>
    public static Tensor Power(double x, Tensor y) => Power(ConstantLike(y, x), y);
}
