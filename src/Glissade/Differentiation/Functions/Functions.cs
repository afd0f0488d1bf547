using System.Runtime.CompilerServices;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>Functions of tensors. Import with <c>using static Glissade.Differentiation.Functions;</c>.</summary>
/// <remarks>
/// Elementwise functions broadcast by NumPy's rules: counted from the last axis, lengths are equal or one of them is 1.
/// All throw <see cref="ArgumentException"/> that names the shapes and the operation when shapes do not fit, or the operation when tensors of two traced
/// functions meet, and <see cref="ArgumentNullException"/> for a tensor that is null.
/// </remarks>
public static partial class Functions
{
    /// <summary>eˣ.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Exp(Tensor x) => Unary<Exp>(x);

    /// <summary>eˣ − 1, exact for small x.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor ExpMinusOne(Tensor x) => Unary<ExpMinusOne>(x);

    /// <summary>ln x; NaN for negative x, −∞ at 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Log(Tensor x) => Unary<Log>(x);

    /// <summary>ln(1 + x), exact for small x.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor LogOnePlus(Tensor x) => Unary<LogOnePlus>(x);

    /// <summary>√x; NaN for negative x.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Sqrt(Tensor x) => Unary<Sqrt>(x);

    /// <summary>x².</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Square(Tensor x) => Unary<Square>(x);

    /// <summary>sin x, x in radians.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Sin(Tensor x) => Unary<Sin>(x);

    /// <summary>cos x, x in radians.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Cos(Tensor x) => Unary<Cos>(x);

    /// <summary>tanh x.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Tanh(Tensor x) => Unary<Tanh>(x);

    /// <summary>The logistic function σ(x) = 1/(1 + e⁻ˣ).</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Sigmoid(Tensor x) => Unary<Sigmoid>(x);

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Softplus(Tensor x) => Unary<Softplus>(x);

    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    /// <remarks>Its derivative 2/√π·e^(−x²) is accurate far from 0, too: the square is carried in two parts.</remarks>
    /// <param name="x">Any shape.</param>
    public static Tensor Erf(Tensor x) => Unary<Erf>(x);

    /// <summary>The rectifier max(x, 0): 0 where x is below 0, else x, so NaN and −0 stay what they are; the derivative at 0 is 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Relu(Tensor x) => Unary<Relu>(x);

    /// <summary>x·Φ(x) with the normal distribution function Φ. Hendrycks and Gimpel (2016), Gaussian Error Linear Units.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Gelu(Tensor x) => x * (0.5 * (1 + Erf(x * Math.Sqrt(0.5))));

    /// <summary>|x|; the derivative at 0 is 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Abs(Tensor x) => Unary<Abs>(x);

    /// <summary>−1, 0 or 1; the derivative is 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Sign(Tensor x) => Unary<Sign>(x);

    /// <summary>The greatest whole number not above x; the derivative is 0.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Floor(Tensor x) => Unary<Floor>(x);

    /// <summary>The value of x, through which no gradient passes.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor StopGradient(Tensor x) => Node(new StopGradient(), x);

    /// <summary>The value itself, which can from now on be asked for by a name, as by the Lagrangian of a computation.</summary>
    /// <remarks>
    /// A value may have several names, and each of them finds it: two expressions that are the same are one value. Within <see cref="VectorizedMap(Func{Tensor, Tensor}, Tensor)"/>
    /// the name is that of the whole batch. Within a step of <see cref="Scan"/> and a function given to <see cref="Checkpointed"/> it names nothing outside, since the
    /// value is another one in every step: make it a result of the step, and name that.
    /// </remarks>
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
        where TOperation : ElementwiseOperation, new()
    {
        ArgumentNullException.ThrowIfNull(x);
        return Node(new TOperation(), x);
    }

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
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is null)
            {
                throw new ArgumentNullException(nameof(inputs), $"Operand {i} of '{operation.Name}' is null.");
            }
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

    private static bool IsConstant(Tensor x, double value, [CallerArgumentExpression(nameof(x))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(x, parameter);
        return NumberOf(x) == value;
    }

    /// <summary>The number that a tensor is, or is a copy of, whatever runs; null for others.</summary>
    private static double? NumberOf(Tensor x) => (x.Operation is BroadcastTo ? x.Inputs[0] : x).Operation is Constant constant ? constant.Value : null;

    /// <summary>Whether the result of an operation on both has the shape of <paramref name="x"/>.</summary>
    private static bool Covers(Tensor x, Tensor y) => y.Shape.Rank == 0 || x.Shape == y.Shape;

    private static Tensor ConstantLike(Tensor x, double value, [CallerArgumentExpression(nameof(x))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(x, parameter);
        return x.Trace.Constant(value);
    }
}
