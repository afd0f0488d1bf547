using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>Functions of tensors. Import with <c>using static Glissade.Differentiation.Functions;</c>.</summary>
/// <remarks>
/// Elementwise functions broadcast by NumPy's rules: counted from the last axis, lengths are equal or one of them is 1.
/// All throw <see cref="ArgumentException"/> that names the shapes and the operation when shapes do not fit.
/// </remarks>
public static partial class Functions
{
    /// <summary>eˣ.</summary>
    public static Tensor Exp(Tensor x) => Unary<Exp>(x);

    /// <summary>eˣ − 1, exact for small x.</summary>
    public static Tensor ExpMinusOne(Tensor x) => Unary<ExpMinusOne>(x);

    /// <summary>ln x; NaN for negative x, −∞ at 0.</summary>
    public static Tensor Log(Tensor x) => Unary<Log>(x);

    /// <summary>ln(1 + x), exact for small x.</summary>
    public static Tensor LogOnePlus(Tensor x) => Unary<LogOnePlus>(x);

    /// <summary>√x; NaN for negative x.</summary>
    public static Tensor Sqrt(Tensor x) => Unary<Sqrt>(x);

    /// <summary>x².</summary>
    public static Tensor Square(Tensor x) => Unary<Square>(x);

    /// <summary>sin x, x in radians.</summary>
    public static Tensor Sin(Tensor x) => Unary<Sin>(x);

    /// <summary>cos x, x in radians.</summary>
    public static Tensor Cos(Tensor x) => Unary<Cos>(x);

    /// <summary>tanh x.</summary>
    public static Tensor Tanh(Tensor x) => Unary<Tanh>(x);

    /// <summary>The logistic function σ(x) = 1/(1 + e⁻ˣ).</summary>
    public static Tensor Sigmoid(Tensor x) => Unary<Sigmoid>(x);

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public static Tensor Softplus(Tensor x) => Unary<Softplus>(x);

    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    public static Tensor Erf(Tensor x) => Unary<Erf>(x);

    /// <summary>The rectifier max(x, 0): 0 where x is below 0, else x, so NaN and −0 stay what they are; the derivative at 0 is 0.</summary>
    public static Tensor Relu(Tensor x) => Unary<Relu>(x);

    /// <summary>x·Φ(x) with the normal distribution function Φ. Hendrycks and Gimpel (2016), Gaussian Error Linear Units.</summary>
    public static Tensor Gelu(Tensor x) => x * (0.5 * (1 + Erf(x * Math.Sqrt(0.5))));

    /// <summary>|x|; the derivative at 0 is 0.</summary>
    public static Tensor Abs(Tensor x) => Unary<Abs>(x);

    /// <summary>−1, 0 or 1; the derivative is 0.</summary>
    public static Tensor Sign(Tensor x) => Unary<Sign>(x);

    /// <summary>The greatest whole number not above x; the derivative is 0.</summary>
    public static Tensor Floor(Tensor x) => Unary<Floor>(x);

    /// <summary>−x.</summary>
    public static Tensor Negate(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Operation is Negate ? x.Inputs[0]
            : x.Operation is Constant c ? x.Trace.Constant(-c.Value)
            : Unary<Negate>(x);
    }

    /// <summary>x + y.</summary>
    public static Tensor Add(Tensor x, Tensor y) => IsConstant(x, 0) && Covers(y, x) ? y : IsConstant(y, 0) && Covers(x, y) ? x : Binary<Add>(x, y, (a, b) => a + b);

    /// <summary>x − y.</summary>
    public static Tensor Subtract(Tensor x, Tensor y) => IsConstant(y, 0) && Covers(x, y) ? x : Binary<Subtract>(x, y, (a, b) => a - b);

    /// <summary>x · y, elementwise.</summary>
    public static Tensor Multiply(Tensor x, Tensor y) => IsConstant(x, 1) && Covers(y, x) ? y : IsConstant(y, 1) && Covers(x, y) ? x : Binary<Multiply>(x, y, (a, b) => a * b);

    /// <summary>x / y, elementwise.</summary>
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

    /// <summary>xʸ with the special values of IEEE 754 <c>pow</c>.</summary>
    public static Tensor Power(Tensor x, Tensor y) => Binary<Power>(x, y, Math.Pow);

    /// <summary>xʸ for a fixed exponent; small whole and half exponents are multiplications and roots.</summary>
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

    /// <summary>max(x, y), NaN if either is; at a tie each gets half of the gradient.</summary>
    public static Tensor Maximum(Tensor x, Tensor y) => Binary<Maximum>(x, y, Math.Max);

    /// <summary>max(x, y).</summary>
    public static Tensor Maximum(Tensor x, double y) => Maximum(x, ConstantLike(x, y));

    /// <summary>min(x, y), NaN if either is; at a tie each gets half of the gradient.</summary>
    public static Tensor Minimum(Tensor x, Tensor y) => Binary<Minimum>(x, y, Math.Min);

    /// <summary>min(x, y).</summary>
    public static Tensor Minimum(Tensor x, double y) => Minimum(x, ConstantLike(x, y));

    /// <summary>x kept within [low, high]; both bounds are scalars.</summary>
    public static Tensor Clamp(Tensor x, Tensor low, Tensor high) => Minimum(Maximum(x, low), high);

    /// <summary>1 where x &gt; y, else 0.</summary>
    public static Tensor Greater(Tensor x, Tensor y) => Binary<Greater>(x, y, (a, b) => a > b ? 1 : 0);

    /// <summary>1 where x &gt; y, else 0.</summary>
    public static Tensor Greater(Tensor x, double y) => Greater(x, ConstantLike(x, y));

    /// <summary>1 where x ≥ y, else 0.</summary>
    public static Tensor GreaterOrEqual(Tensor x, Tensor y) => Binary<GreaterOrEqual>(x, y, (a, b) => a >= b ? 1 : 0);

    /// <summary>1 where x = y, else 0.</summary>
    public static Tensor EqualTo(Tensor x, Tensor y) => Binary<EqualTo>(x, y, (a, b) => a == b ? 1 : 0);

    /// <summary><paramref name="yes"/> where the condition is not 0, else <paramref name="no"/>.</summary>
    public static Tensor Select(Tensor condition, Tensor yes, Tensor no) => Node(new Select(), condition, yes, no);

    /// <summary><paramref name="yes"/> where the condition is not 0, else <paramref name="no"/>.</summary>
    public static Tensor Select(Tensor condition, Tensor yes, double no) => Select(condition, yes, ConstantLike(condition, no));

    /// <summary>The convex combination (1 − r)·x + r·y. The coefficient should lie in [0, 1].</summary>
    /// <remarks>
    /// (1 − r)·x is rounded, and its sum with r·y once. So finite numbers give x at r = 0 and y at r = 1 exactly; and where x and y are the same number, it is kept for
    /// every r from ½ to 1, unless it is so small that (1 − r)·x underflows: a running mean of a constant does not drift.
    /// </remarks>
    /// <param name="x">The value at r = 0.</param>
    /// <param name="y">The value at r = 1.</param>
    /// <param name="r">The coefficient.</param>
    public static Tensor Blend(Tensor x, Tensor y, Tensor r) => Node(new Blend(), x, y, r);

    /// <summary>The value of x, through which no gradient passes.</summary>
    public static Tensor StopGradient(Tensor x) => Node(new StopGradient(), x);

    /// <summary>The value itself, which can from now on be asked for by a name, as by the Lagrangian of a computation.</summary>
    /// <param name="x">Any value.</param>
    /// <param name="name">Unique in the traced function.</param>
    /// <returns><paramref name="x"/>: nothing is computed.</returns>
    /// <exception cref="ArgumentException">The name is empty, or that of another value.</exception>
    public static Tensor Named(Tensor x, string name)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        x.Trace.Name(x, name);
        return x;
    }

    private static Tensor Unary<TOperation>(Tensor x)
        where TOperation : ElementwiseOperation, new() => Node(new TOperation(), x);

    private static Tensor Binary<TOperation>(Tensor x, Tensor y, Func<double, double, double> fold)
        where TOperation : ElementwiseOperation, new()
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return x.Operation is Constant a && y.Operation is Constant b
            ? x.Trace.Constant(fold(a.Value, b.Value))
            : Node(new TOperation(), x, y);
    }

    internal static Tensor Node(Operation operation, params Tensor[] inputs)
    {
        foreach (Tensor input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input);
        }

        if (operation is ElementwiseOperation elementwise)
        {
            SkipBroadcasts(elementwise, inputs);
        }

        return inputs[0].Trace.Add(operation, inputs);
    }

    /// <summary>An elementwise operation broadcasts by itself, so a copy made before it is needless where the result keeps its shape.</summary>
    private static void SkipBroadcasts(ElementwiseOperation operation, Tensor[] inputs)
    {
        Shape shape = operation.ShapeOf(inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Operation is BroadcastTo)
            {
                Tensor copied = inputs[i];
                inputs[i] = copied.Inputs[0];
                if (operation.ShapeOf(inputs) != shape)
                {
                    inputs[i] = copied;
                }
            }
        }
    }

    private static bool IsConstant(Tensor x, double value)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor source = x.Operation is BroadcastTo ? x.Inputs[0] : x;
        return source.Operation is Constant constant && constant.Value == value;
    }

    /// <summary>Whether the result of an operation on both has the shape of <paramref name="x"/>.</summary>
    private static bool Covers(Tensor x, Tensor y) => y.Shape.Rank == 0 || x.Shape == y.Shape;

    private static Tensor ConstantLike(Tensor x, double value)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Trace.Constant(value);
    }
}
