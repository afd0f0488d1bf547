using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>Where sliding windows lie along the spatial axes, which are those before the last axis, the channels; a number for each of them.</summary>
/// <param name="Kernel">Length of a window, in elements.</param>
/// <param name="Strides">From one window to the next.</param>
/// <param name="Dilations">From one element of a window to the next.</param>
/// <param name="Before">Elements of padding before the axis.</param>
/// <param name="After">Elements of padding after it.</param>
internal sealed record WindowGeometry(IntegerSequence Kernel, IntegerSequence Strides, IntegerSequence Dilations, IntegerSequence Before, IntegerSequence After)
{
    public int Axes => Kernel.Length;

    /// <summary>How many elements a window reaches over.</summary>
    public int Span(int axis) => checked(((Kernel[axis] - 1) * Dilations[axis]) + 1);

    /// <summary>How many windows an axis has; none where a window is longer than the padded axis.</summary>
    public int Count(int axis, int length)
    {
        long room = (long)length + Before[axis] + After[axis] - Span(axis);
        return room < 0 ? 0 : checked((int)(room / Strides[axis]) + 1);
    }

    /// <summary>Lengths of the spatial axes of a tensor [..., spatial..., channels].</summary>
    public IntegerSequence LengthsOf(Shape shape) => new(shape.Lengths[^(Axes + 1)..^1]);

    /// <summary>The axes of a tensor [..., spatial..., channels] without the last, with the numbers of windows for the spatial ones.</summary>
    public int[] CountsOf(Shape shape)
    {
        int[] lengths = shape.Lengths[..^1].ToArray();
        for (int axis = 0; axis < Axes; axis++)
        {
            lengths[^(Axes - axis)] = Count(axis, lengths[^(Axes - axis)]);
        }

        return lengths;
    }

    /// <summary>Shape of the windows of a tensor [..., spatial..., channels]: the axes within a window come first.</summary>
    public Shape WindowsOf(Shape shape) => new([.. Kernel.ToArray(), .. CountsOf(shape), shape[-1]]);
}

/// <summary>Copies every sliding window: [..., spatial..., channels] to [kernel..., ..., windows..., channels].</summary>
/// <param name="Geometry">Where the windows lie.</param>
/// <param name="Padding">Value of the elements outside.</param>
internal sealed record Windows(WindowGeometry Geometry, double Padding) : Operation
{
    public override string Name => "windows";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Geometry.WindowsOf(inputs[0].Shape);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [Functions.Node(new SumWindows(Geometry, Geometry.LengthsOf(node.Inputs[0].Shape)), adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Node(this with { Padding = 0 }, tangents[0]!);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        Tensor all = Functions.Node(this, inputs);
        int kernel = Geometry.Axes;
        return Functions.Transpose(all, [kernel, .. Enumerable.Range(0, kernel), .. Enumerable.Range(kernel + 1, all.Shape.Rank - kernel - 1)]);
    }

    /// <summary>By bits, as with constants.</summary>
    public bool Equals(Windows? other) => other is not null && Geometry == other.Geometry && BitConverter.DoubleToInt64Bits(Padding) == BitConverter.DoubleToInt64Bits(other.Padding);

    public override int GetHashCode() => HashCode.Combine(Geometry, BitConverter.DoubleToInt64Bits(Padding));
}

/// <summary>Adds windows back to where they were copied from: the transpose of <see cref="Windows"/> with padding of 0.</summary>
/// <param name="Geometry">Where the windows lie.</param>
/// <param name="Lengths">Lengths of the spatial axes.</param>
internal sealed record SumWindows(WindowGeometry Geometry, IntegerSequence Lengths) : Operation
{
    public override string Name => "sum-windows";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        ReadOnlySpan<int> lengths = inputs[0].Shape.Lengths;
        return new Shape([.. lengths[Geometry.Axes..^(Geometry.Axes + 1)], .. Lengths.ToArray(), lengths[^1]]);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.Node(new Windows(Geometry, 0), adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Node(this, tangents[0]!);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        int kernel = Geometry.Axes;
        return Functions.Node(this, Functions.Transpose(inputs[0], [.. Enumerable.Range(1, kernel), 0, .. Enumerable.Range(kernel + 1, inputs[0].Shape.Rank - kernel - 1)]));
    }
}
