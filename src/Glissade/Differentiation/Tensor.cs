using System.Runtime.CompilerServices;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>A symbolic array of numbers: what it is computed from and how, not the numbers themselves.</summary>
/// <remarks>
/// Tensors exist while a function is traced; operators and <see cref="Functions"/> make new ones from old. Shapes broadcast by NumPy's rules.
/// The element type is not part of a tensor: the same trace compiles to float and to double.
/// A tensor belongs to one trace, and a trace to one thread while it is built.
/// </remarks>
public sealed class Tensor
{
    internal Tensor(Trace trace, int id, Operation operation, Tensor[] inputs, Shape shape)
    {
        Trace = trace;
        Id = id;
        Operation = operation;
        Inputs = inputs;
        Shape = shape;
    }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape { get; }

    internal Trace Trace { get; }

    /// <summary>Position in the trace: inputs have smaller ones, so ids order the graph.</summary>
    internal int Id { get; }

    internal Operation Operation { get; }

    internal Tensor[] Inputs { get; }

    /// <summary>The part at one index of the first axis: a number of a vector, a row of a matrix.</summary>
    /// <param name="index">From −length to length−1; negative counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index, or the tensor is a scalar.</exception>
    public Tensor this[int index]
    {
        get
        {
            if (Shape.Rank == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(index), index, "A scalar has no axis to index.");
            }

            int length = Shape[0];
            int start = index < 0 ? index + length : index;
            if ((uint)start >= (uint)length)
            {
                throw new ArgumentOutOfRangeException(nameof(index), index, $"Index {index} is outside the first axis of {Shape}; {(length == 0 ? "an axis without elements has no index" : $"it must be from {-length} to {length - 1}")}.");
            }

            return Functions.Reshape(Functions.Slice(this, 0, start, 1), new Shape(Shape.Lengths[1..]));
        }
    }

    /// <summary>x + y, elementwise with broadcasting.</summary>
    public static Tensor operator +(Tensor x, Tensor y) => Functions.Add(x, y);

    /// <summary>x + y.</summary>
    public static Tensor operator +(Tensor x, double y) => Functions.Add(x, Constant(x, y));

    /// <summary>x + y.</summary>
    public static Tensor operator +(double x, Tensor y) => Functions.Add(Constant(y, x), y);

    /// <summary>x − y, elementwise with broadcasting.</summary>
    public static Tensor operator -(Tensor x, Tensor y) => Functions.Subtract(x, y);

    /// <summary>x − y.</summary>
    public static Tensor operator -(Tensor x, double y) => Functions.Subtract(x, Constant(x, y));

    /// <summary>x − y.</summary>
    public static Tensor operator -(double x, Tensor y) => Functions.Subtract(Constant(y, x), y);

    /// <summary>x · y, elementwise with broadcasting; for the matrix product see <see cref="Functions.MatrixProduct"/>.</summary>
    public static Tensor operator *(Tensor x, Tensor y) => Functions.Multiply(x, y);

    /// <summary>x · y.</summary>
    public static Tensor operator *(Tensor x, double y) => Functions.Multiply(x, Constant(x, y));

    /// <summary>x · y.</summary>
    public static Tensor operator *(double x, Tensor y) => Functions.Multiply(Constant(y, x), y);

    /// <summary>x / y, elementwise with broadcasting.</summary>
    public static Tensor operator /(Tensor x, Tensor y) => Functions.Divide(x, y);

    /// <summary>x / y.</summary>
    public static Tensor operator /(Tensor x, double y) => Functions.Divide(x, Constant(x, y));

    /// <summary>x / y.</summary>
    public static Tensor operator /(double x, Tensor y) => Functions.Divide(Constant(y, x), y);

    /// <summary>−x.</summary>
    public static Tensor operator -(Tensor x) => Functions.Negate(x);

    /// <summary>The position in the trace. A tensor equals itself only.</summary>
    public override int GetHashCode() => Id;

    /// <summary>The operation and the shape.</summary>
    public override string ToString() => $"{Operation.Name}{Shape}";

    private static Tensor Constant(Tensor neighbour, double value, [CallerArgumentExpression(nameof(neighbour))] string? parameter = null)
    {
        ArgumentNullException.ThrowIfNull(neighbour, parameter);
        return neighbour.Trace.Constant(value);
    }
}
