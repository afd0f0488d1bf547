using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>The same elements in the same order under other axes.</summary>
internal sealed record Reshape(Shape Shape) : Operation
{
    public override string Name => "reshape";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape.Count == Shape.Count
        ? Shape
        : throw Misfit(Name, inputs[0].Shape, Shape, "the number of elements must stay the same.");

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.Reshape(adjoint, node.Inputs[0].Shape)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Reshape(tangents[0]!, Shape);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) =>
        Functions.Reshape(inputs[0], new Shape([inputs[0].Shape[0], .. Shape.Lengths]));
}

/// <summary>Copies along new axes and axes of length 1, by NumPy's rules.</summary>
internal sealed record BroadcastTo(Shape Shape) : Operation
{
    public override string Name => "broadcast";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        Shape from = inputs[0].Shape;
        for (int axis = 1; axis <= from.Rank; axis++)
        {
            if (axis > Shape.Rank || (from[-axis] != Shape[-axis] && from[-axis] != 1))
            {
                throw Misfit(Name, from, Shape, "counted from the last axis, each length must be equal or 1.");
            }
        }

        return Shape;
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.SumTo(adjoint, node.Inputs[0].Shape)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.BroadcastTo(tangents[0]!, Shape);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        ReadOnlySpan<int> lengths = inputs[0].Shape.Lengths;
        Tensor aligned = Functions.Reshape(inputs[0], new Shape([lengths[0], .. Enumerable.Repeat(1, Shape.Rank - lengths.Length + 1), .. lengths[1..]]));
        return Functions.BroadcastTo(aligned, new Shape([lengths[0], .. Shape.Lengths]));
    }
}

/// <summary>Axes in another order; axis i of the result is axis <c>Order[i]</c> of the input.</summary>
internal sealed record Permute(IntegerSequence Order) : Operation
{
    public override string Name => "transpose";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        Shape from = inputs[0].Shape;
        int[] lengths = new int[Order.Length];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = from[Order[axis]];
        }

        return new Shape(lengths);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        int[] inverse = new int[Order.Length];
        for (int axis = 0; axis < inverse.Length; axis++)
        {
            inverse[Order[axis]] = axis;
        }

        return [Functions.Transpose(adjoint, inverse)];
    }

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Transpose(tangents[0]!, Order.ToArray());

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) =>
        Functions.Transpose(inputs[0], [0, .. Order.ToArray().Select(axis => axis + 1)]);
}

/// <summary>Consecutive indices of one axis.</summary>
internal sealed record Slice(int Axis, int Start, int Length) : Operation
{
    public override string Name => "slice";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        Shape from = inputs[0].Shape;
        if (Start < 0 || Length < 0 || Length > from[Axis] - Start)
        {
            throw new ArgumentException($"The slice from {Start} to {(long)Start + Length} of axis {Axis} is outside the shape {from}, whose axis has {from[Axis]} indices.");
        }

        int[] lengths = from.Lengths.ToArray();
        lengths[Axis] = Length;
        return new Shape(lengths);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [Functions.Pad(adjoint, Axis, Start, node.Inputs[0].Shape[Axis] - Start - Length)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Slice(tangents[0]!, Axis, Start, Length);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Slice(inputs[0], Axis + 1, Start, Length);
}

/// <summary>Zeros before and after along one axis.</summary>
internal sealed record Pad(int Axis, int Before, int After) : Operation
{
    public override string Name => "pad";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        if (Before < 0 || After < 0)
        {
            throw new ArgumentException($"Padding of {inputs[0].Shape} along axis {Axis} must be 0 or more on both sides, not {Before} and {After}.");
        }

        int[] lengths = inputs[0].Shape.Lengths.ToArray();
        if ((long)lengths[Axis] + Before + After > int.MaxValue)
        {
            throw new ArgumentException($"Padding of {inputs[0].Shape} along axis {Axis} by {Before} and {After} makes it longer than {int.MaxValue}.");
        }

        lengths[Axis] += Before + After;
        return new Shape(lengths);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [Functions.Slice(adjoint, Axis, Before, node.Inputs[0].Shape[Axis])];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Pad(tangents[0]!, Axis, Before, After);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Pad(inputs[0], Axis + 1, Before, After);
}

/// <summary>Tensors one after another along one axis.</summary>
internal sealed record Concatenate(int Axis) : Operation
{
    public override string Name => "concatenate";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        int[] lengths = inputs[0].Shape.Lengths.ToArray();
        foreach (Tensor input in inputs[1..])
        {
            bool fits = input.Shape.Rank == lengths.Length;
            for (int axis = 0; fits && axis < lengths.Length; axis++)
            {
                fits = axis == Axis || input.Shape[axis] == lengths[axis];
            }

            if (!fits)
            {
                throw Misfit(Name, inputs[0].Shape, input.Shape, $"all axes but axis {Axis} must be equal.");
            }

            lengths[Axis] += input.Shape[Axis];
        }

        return new Shape(lengths);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        int start = 0;
        var parts = new Tensor?[node.Inputs.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            int length = node.Inputs[i].Shape[Axis];
            parts[i] = Functions.Slice(adjoint, Axis, start, length);
            start += length;
        }

        return parts;
    }

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) =>
        Functions.Concatenate(Axis, [.. tangents.Select((t, i) => t ?? Functions.BroadcastTo(node.Trace.Constant(0), node.Inputs[i].Shape))]);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        int batch = BatchOf(inputs, mapped);
        return Functions.Concatenate(Axis + 1, [.. inputs.Select((x, i) => WithBatch(x, mapped[i], batch))]);
    }
}

/// <summary>Whole numbers from 0 to <paramref name="Classes"/>−1 as rows that are 1 there and 0 elsewhere; other numbers give rows of 0.</summary>
internal sealed record OneHot(int Classes) : Operation
{
    public override string Name => "one-hot";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => new([.. inputs[0].Shape.Lengths, Classes]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Node(this, inputs);
}

/// <summary>The value, through which no gradient passes.</summary>
internal sealed record StopGradient : Operation
{
    public override string Name => "stop-gradient";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape;

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Node(this, inputs);
}
