using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>The parts of the first input at the indices, of one axis, that the second input names.</summary>
/// <param name="BatchAxes">How many first axes both inputs have in common: each index of them has indices of its own.</param>
/// <param name="Axis">The axis of the first input, counted from the first, batch axes included; the axes of the indices take its place.</param>
internal sealed record Gather(int BatchAxes, int Axis) : Operation
{
    public override string Name => "gather";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        (Shape from, Shape indices) = (inputs[0].Shape, inputs[1].Shape);
        return Result(Name, [from, indices], [.. from.Lengths[..Axis], .. indices.Lengths[BatchAxes..], .. from.Lengths[(Axis + 1)..]]);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [Functions.Node(new ScatterAdd(BatchAxes, Axis, node.Inputs[0].Shape[Axis]), node.Inputs[1], adjoint), null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => tangents[0] is { } tangent ? Functions.Node(this, tangent, node.Inputs[1]) : null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        if (BatchAxes == 0 && !mapped[1])
        {
            return Functions.Node(new Gather(0, Axis + 1), inputs[0], inputs[1]);
        }

        if (BatchAxes == 0 && !mapped[0])
        {
            // The batch is one more axis of the indices; from there it moves to the front.
            Tensor all = Functions.Node(this, inputs);
            return Functions.Transpose(all, [Axis, .. Enumerable.Range(0, all.Shape.Rank).Where(a => a != Axis)]);
        }

        int batch = BatchOf(inputs, mapped);
        return Functions.Node(new Gather(BatchAxes + 1, Axis + 1), WithBatch(inputs[0], mapped[0], batch), WithBatch(inputs[1], mapped[1], batch));
    }
}

/// <summary>Zeros to which the second input is added at the indices, of one axis, that the first input names: the transpose of <see cref="Gather"/>.</summary>
/// <param name="BatchAxes">How many first axes both inputs have in common.</param>
/// <param name="Axis">The axis of the result, counted from the first, batch axes included, whose place the axes of the indices take in the second input.</param>
/// <param name="Length">Length of that axis.</param>
internal sealed record ScatterAdd(int BatchAxes, int Axis, int Length) : Operation
{
    public override string Name => "scatter-add";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        (Shape indices, Shape updates) = (inputs[0].Shape, inputs[1].Shape);
        ReadOnlySpan<int> own = indices.Lengths[BatchAxes..];
        if (updates.Rank < Axis + own.Length || !updates.Lengths.Slice(Axis, own.Length).SequenceEqual(own))
        {
            throw Misfit(Name, indices, updates, $"from axis {Axis} on, the updates must have the axes of the indices.");
        }

        return Result(Name, [indices, updates], [.. updates.Lengths[..Axis], Length, .. updates.Lengths[(Axis + own.Length)..]]);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null, Functions.Node(new Gather(BatchAxes, Axis), adjoint, node.Inputs[0])];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => tangents[1] is { } tangent ? Functions.Node(this, node.Inputs[0], tangent) : null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        if (BatchAxes == 0 && !mapped[0])
        {
            return Functions.Node(this with { Axis = Axis + 1 }, inputs);
        }

        int batch = BatchOf(inputs, mapped);
        return Functions.Node(new ScatterAdd(BatchAxes + 1, Axis + 1, Length), WithBatch(inputs[0], mapped[0], batch), WithBatch(inputs[1], mapped[1], batch));
    }
}
