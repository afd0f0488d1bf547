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
            throw new ArgumentException($"The 'slice' of {Length} indices from {Start} on does not fit axis {Axis} of {from}, which has {from[Axis]}: both numbers must be 0 or more, and their sum at most that.");
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

/// <summary>A number before and after along one axis.</summary>
internal sealed record Pad(int Axis, int Before, int After, double Value) : Operation
{
    public override string Name => "pad";

    /// <summary>By the bits of the number, so that −0 and 0 stay apart.</summary>
    public bool Equals(Pad? other) =>
        other is not null && (Axis, Before, After, BitConverter.DoubleToInt64Bits(Value)) == (other.Axis, other.Before, other.After, BitConverter.DoubleToInt64Bits(other.Value));

    public override int GetHashCode() => HashCode.Combine(Axis, Before, After, BitConverter.DoubleToInt64Bits(Value));

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        Shape from = inputs[0].Shape;
        return Before < 0 || After < 0
            ? throw new ArgumentException($"The 'pad' of {from} along axis {Axis} must be 0 or more elements on both sides, not {Before} and {After}.")
            : Result(Name, [from], [.. from.Lengths[..Axis], (long)from[Axis] + Before + After, .. from.Lengths[(Axis + 1)..]]);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [Functions.Slice(adjoint, Axis, Before, node.Inputs[0].Shape[Axis])];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Pad(tangents[0]!, Axis, Before, After);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Pad(inputs[0], Axis + 1, Before, After, Value);
}

/// <summary>The indices of some axes in reverse order.</summary>
/// <param name="Axes">Ascending, each once.</param>
internal sealed record Flip(IntegerSequence Axes) : Operation
{
    public override string Name => "flip";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape;

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.Flip(adjoint, Axes.ToArray())];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Flip(tangents[0]!, Axes.ToArray());

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Flip(inputs[0], [.. Axes.ToArray().Select(axis => axis + 1)]);
}

/// <summary>Tensors one after another along one axis.</summary>
internal sealed record Concatenate(int Axis) : Operation
{
    public override string Name => "concatenate";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        Shape first = inputs[0].Shape;
        var shapes = new Shape[inputs.Length];
        long length = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            shapes[i] = inputs[i].Shape;
            if (!TakeAlongAxis.SameBut(first, shapes[i], Axis))
            {
                throw Misfit(Name, first, shapes[i], $"all axes but axis {Axis} must be equal.");
            }

            length += shapes[i][Axis];
        }

        return Result(Name, shapes, [.. first.Lengths[..Axis], length, .. first.Lengths[(Axis + 1)..]]);
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

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Result(Name, [inputs[0].Shape], [.. inputs[0].Shape.Lengths, Classes]);

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
