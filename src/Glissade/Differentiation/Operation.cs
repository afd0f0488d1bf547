using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>One primitive: its name, the shape of its result, and its derivatives in terms of primitives. Equal by value, so equal nodes are one.</summary>
internal abstract record Operation
{
    public abstract string Name { get; }

    /// <summary>The result's shape.</summary>
    /// <exception cref="ArgumentException">The inputs' shapes do not fit; the message names them and the operation.</exception>
    public abstract Shape ShapeOf(ReadOnlySpan<Tensor> inputs);

    /// <summary>λ of each input's constraint, given λ of the node's: (∂node/∂inputᵢ)ᵀ·<paramref name="adjoint"/>; null where nothing flows.</summary>
    public abstract Tensor?[] Adjoints(Tensor node, Tensor adjoint);

    /// <summary>The same where only some inputs' adjoints are wanted, for operations that can save work by knowing.</summary>
    public virtual Tensor?[] Adjoints(Tensor node, Tensor adjoint, bool[] needed) => Adjoints(node, adjoint);

    /// <summary>The change of the node per change of its inputs along <paramref name="tangents"/>: Σᵢ (∂node/∂inputᵢ)·tangentᵢ; null where nothing changes.</summary>
    /// <param name="node">A node of this operation.</param>
    /// <param name="tangents">Of the inputs' shapes; null where an input does not change. One at least is given.</param>
    public abstract Tensor? Tangent(Tensor node, Tensor?[] tangents);

    /// <summary>The node for every index of a batch at once: its shape with the batch axis in front.</summary>
    /// <param name="node">A node of this operation, for one index of the batch.</param>
    /// <param name="inputs">The inputs; those that are mapped have the batch axis in front of their axes, the others are the same for the whole batch.</param>
    /// <param name="mapped">Which inputs are mapped; one at least is.</param>
    public abstract Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped);

    /// <summary>Length of the batch axis of the inputs given to <see cref="Vectorize"/>.</summary>
    protected static int BatchOf(Tensor[] inputs, bool[] mapped) => inputs[Array.IndexOf(mapped, true)].Shape[0];

    /// <summary>An input of <see cref="Vectorize"/> with the batch axis, copied along it if it is the same for all.</summary>
    protected static Tensor WithBatch(Tensor input, bool isMapped, int batch) =>
        isMapped ? input : Functions.BroadcastTo(input, new Shape([batch, .. input.Shape.Lengths]));

    /// <summary>The shape of a result; where there can be none, the error names the operation and what it was given.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="given">Shapes of its inputs.</param>
    /// <param name="lengths">Of the result's axes; none is negative.</param>
    /// <exception cref="ArgumentException">There are too many axes or elements.</exception>
    public static Shape Result(string operation, ReadOnlySpan<Shape> given, ReadOnlySpan<long> lengths)
    {
        long product = 1;
        foreach (long length in lengths)
        {
            product = length > int.MaxValue / product ? long.MaxValue : product * Math.Max(1, length);
        }

        int[] axes = lengths.Length <= Shape.MostAxes && product <= int.MaxValue
            ? new int[lengths.Length]
            : throw new ArgumentException($"The result of '{operation}' of {Listed(given)} would have the axes [{string.Join(", ", lengths.ToArray())}], but a shape has at most {Shape.MostAxes} axes and {int.MaxValue} elements, where lengths of 0 count as 1.");
        for (int axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = (int)lengths[axis];
        }

        return new Shape(axes);
    }

    /// <summary>Shapes in words; of very many the first.</summary>
    private static string Listed(ReadOnlySpan<Shape> shapes)
    {
        const int Most = 4;
        string first = string.Join(" and ", shapes[..Math.Min(shapes.Length, Most)].ToArray());
        return shapes.Length > Most ? $"{first} and {shapes.Length - Most} more" : first;
    }

    internal static ArgumentException Misfit(string operation, Shape left, Shape right, string rule) =>
        new($"The shapes {left} and {right} do not fit '{operation}': {rule}");
}
