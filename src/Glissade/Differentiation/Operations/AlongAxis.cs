using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>Running sums along one axis: of what comes before and, unless <paramref name="Exclusive"/>, the element itself; from the end if <paramref name="Reverse"/>.</summary>
internal sealed record CumulativeSum(int Axis, bool Reverse, bool Exclusive) : Operation
{
    public override string Name => "cumulative-sum";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape;

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.CumulativeSum(adjoint, Axis, !Reverse, Exclusive)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.CumulativeSum(tangents[0]!, Axis, Reverse, Exclusive);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.CumulativeSum(inputs[0], Axis + 1, Reverse, Exclusive);
}

/// <summary>The index of the greatest or of the smallest element along neighbouring axes, which disappear: the first at ties, and of the first NaN if there is one.</summary>
/// <param name="Axis">The first of them.</param>
/// <param name="Axes">How many, each with one element or more; the index counts their elements in row-major order.</param>
/// <param name="Greatest">The greatest, not the smallest.</param>
internal sealed record ArgExtreme(int Axis, int Axes, bool Greatest) : Operation
{
    public override string Name => Greatest ? "arg-max" : "arg-min";

    /// <summary>A shape with one axis in place of those that disappear.</summary>
    public Shape Lines(Shape from)
    {
        ReadOnlySpan<int> lengths = from.Lengths;
        return new Shape([.. lengths[..Axis], new Shape(lengths.Slice(Axis, Axes)).Count, .. lengths[(Axis + Axes)..]]);
    }

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        ReadOnlySpan<int> lengths = inputs[0].Shape.Lengths;
        return new Shape([.. lengths[..Axis], .. lengths[(Axis + Axes)..]]);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Node(this with { Axis = Axis + 1 }, inputs);
}

/// <summary>The indices that put the elements of each line along an axis in order; equal elements keep theirs, NaN comes last.</summary>
internal sealed record ArgSort(int Axis, bool Descending) : Operation
{
    public override string Name => "arg-sort";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape;

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Node(this with { Axis = Axis + 1 }, inputs);
}

/// <summary>From each line of the first input along an axis, the elements whose indices stand in the same line of the second.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="OfClasses">The lines are logits and the indices one class each, of a cross-entropy: what an error says.</param>
internal sealed record TakeAlongAxis(int Axis, bool OfClasses = false) : Operation
{
    public override string Name => "take-along-axis";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        (Shape x, Shape indices) = (inputs[0].Shape, inputs[1].Shape);
        return SameBut(x, indices, Axis)
            ? indices
            : throw Misfit(Name, x, indices, $"all axes but axis {Axis} must be equal.");
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [Functions.Node(new ScatterAddAlongAxis(Axis, node.Inputs[0].Shape[Axis], OfClasses), adjoint, node.Inputs[1]), null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => tangents[0] is { } dx ? Functions.Node(this, dx, node.Inputs[1]) : null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        int batch = BatchOf(inputs, mapped);
        return Functions.Node(this with { Axis = Axis + 1 }, WithBatch(inputs[0], mapped[0], batch), WithBatch(inputs[1], mapped[1], batch));
    }

    /// <summary>Whether two shapes have the same axes but for the length of one.</summary>
    public static bool SameBut(Shape x, Shape y, int axis) =>
        x.Rank == y.Rank && x.Lengths[..axis].SequenceEqual(y.Lengths[..axis]) && x.Lengths[(axis + 1)..].SequenceEqual(y.Lengths[(axis + 1)..]);
}

/// <summary>Adds each element of the first input to a line of zeros along an axis, at the index that stands in its place in the second: the transpose of <see cref="TakeAlongAxis"/>.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Length">Elements of each line.</param>
/// <param name="OfClasses">The derivative of a cross-entropy: what an error says.</param>
internal sealed record ScatterAddAlongAxis(int Axis, int Length, bool OfClasses = false) : Operation
{
    public override string Name => "scatter-add-along-axis";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        (Shape values, Shape indices) = (inputs[0].Shape, inputs[1].Shape);
        if (values != indices)
        {
            throw Misfit(Name, values, indices, "values and indices must have the same shape.");
        }

        int[] lengths = values.Lengths.ToArray();
        lengths[Axis] = Length;
        return new Shape(lengths);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.Node(new TakeAlongAxis(Axis, OfClasses), adjoint, node.Inputs[1]), null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) =>
        tangents[0] is { } dv ? Functions.Node(this, dv, node.Inputs[1]) : null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        int batch = BatchOf(inputs, mapped);
        return Functions.Node(this with { Axis = Axis + 1 }, WithBatch(inputs[0], mapped[0], batch), WithBatch(inputs[1], mapped[1], batch));
    }
}
