using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>The product of two matrices, op(x)·op(y), where op transposes if asked; nothing is copied to transpose.</summary>
    /// <remarks>Axes before the last two are batch axes and broadcast by NumPy's rules: one product for each index of them.</remarks>
    /// <param name="x">[..., m, k], or [..., k, m] if transposed; or a vector [k], which is a row.</param>
    /// <param name="y">[..., k, n], or [..., n, k] if transposed; or a vector [k], which is a column.</param>
    /// <param name="transposeX">Use xᵀ; not for a vector.</param>
    /// <param name="transposeY">Use yᵀ; not for a vector.</param>
    /// <returns>[..., m, n], without the axis of an operand that is a vector.</returns>
    public static Tensor MatrixProduct(Tensor x, Tensor y, bool transposeX = false, bool transposeY = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var operation = new MatrixMultiply(transposeX, transposeY);
        bool isRow = x.Shape.Rank == 1 && y.Shape.Rank is 1 or >= 2 && !transposeX, isColumn = y.Shape.Rank == 1 && x.Shape.Rank >= 1 && !transposeY;
        if ((isRow || isColumn) && x.Shape[transposeX ? -2 : -1] == y.Shape[isColumn ? 0 : transposeY ? -1 : -2])
        {
            Tensor matrix = MatrixProduct(
                isRow ? Reshape(x, new Shape(1, x.Shape[0])) : x, isColumn ? Reshape(y, new Shape(y.Shape[0], 1)) : y, transposeX, transposeY);
            ReadOnlySpan<int> lengths = matrix.Shape.Lengths;
            return Reshape(matrix, new Shape([.. lengths[..^2], .. isRow ? [] : lengths[^2..^1], .. isColumn ? [] : lengths[^1..]]));
        }

        bool fits = x.Shape.Rank >= 2 && y.Shape.Rank >= 2 && x.Shape[transposeX ? -2 : -1] == y.Shape[transposeY ? -1 : -2];
        if (fits && x.Shape.Rank > 2 && y.Shape.Rank == 2 && !transposeX)
        {
            // All rows of all matrices times one matrix are one product.
            Shape rows = new(new Shape(x.Shape.Lengths[..^1]).Count, x.Shape[-1]);
            Tensor product = Node(operation, Reshape(x, rows), y);
            return Reshape(product, new Shape([.. x.Shape.Lengths[..^1], product.Shape[1]]));
        }

        (x, y) = fits ? WithJoinedBatches(x, y) : (x, y);
        return Node(operation, x, y);
    }

    /// <summary>The same elements in the same order under other axes.</summary>
    public static Tensor Reshape(Tensor x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Shape == shape ? x
            : x.Operation is Reshape ? Reshape(x.Inputs[0], shape)
            : Node(new Reshape(shape), x);
    }

    /// <summary>Copies along new axes and axes of length 1, by NumPy's rules.</summary>
    public static Tensor BroadcastTo(Tensor x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape == shape)
        {
            return x;
        }

        // What was copied from may fit where the copy itself does not, so the copy is asked first.
        var operation = new BroadcastTo(shape);
        _ = operation.ShapeOf([x]);
        return x.Operation is BroadcastTo ? BroadcastTo(x.Inputs[0], shape) : Node(operation, x);
    }

    /// <summary>The sum that undoes <see cref="BroadcastTo"/>: over the axes along which <paramref name="shape"/> would be copied to the shape of x.</summary>
    public static Tensor SumTo(Tensor x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape == shape)
        {
            return x;
        }

        var axes = new List<int>();
        int added = x.Shape.Rank - shape.Rank;
        for (int axis = 0; axis < x.Shape.Rank; axis++)
        {
            if (axis < added || (shape[axis - added] == 1 && x.Shape[axis] != 1))
            {
                axes.Add(axis);
            }
        }

        // Without axes to sum, as from [1, 3] to [3], an empty list would mean all of them.
        return Reshape(axes.Count == 0 ? x : Sum(x, [.. axes]), shape);
    }

    /// <summary>Axes in another order: axis i of the result is axis <c>order[i]</c> of x.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="order">Every axis once; none means reversed.</param>
    /// <exception cref="ArgumentException">An axis is missing or named twice.</exception>
    public static Tensor Transpose(Tensor x, params ReadOnlySpan<int> order)
    {
        ArgumentNullException.ThrowIfNull(x);
        int rank = x.Shape.Rank;
        int[] axes = order.IsEmpty ? [.. Enumerable.Range(0, rank).Reverse()] : order.ToArray();
        if (axes.Length != rank || axes.Distinct().Count() != rank || axes.Any(a => (uint)a >= (uint)rank))
        {
            throw new ArgumentException($"The order [{string.Join(", ", axes)}] must name each of the {rank} axes of {x.Shape} once.", nameof(order));
        }

        return axes.AsSpan().SequenceEqual([.. Enumerable.Range(0, rank)]) ? x : Node(new Permute(new IntegerSequence(axes)), x);
    }

    /// <summary>Consecutive indices of one axis.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="start">First index.</param>
    /// <param name="length">How many.</param>
    public static Tensor Slice(Tensor x, int axis, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(x);
        axis = x.Shape.Axis(axis);
        if (start == 0 && length == x.Shape[axis])
        {
            return x;
        }

        return SliceOfPart(x, axis, start, length) ?? Node(new Slice(axis, start, length), x);
    }

    /// <summary>A slice of a slice, of one part of a concatenation or of one side of a padding is a slice of what that was made from; null for any other.</summary>
    private static Tensor? SliceOfPart(Tensor x, int axis, int start, int length)
    {
        if (start < 0 || length < 0 || length > x.Shape[axis] - start)
        {
            return null;
        }

        switch (x.Operation)
        {
            case Slice outer when outer.Axis == axis:
                return Slice(x.Inputs[0], axis, outer.Start + start, length);
            case Concatenate joined when joined.Axis == axis:
                int begin = 0;
                foreach (Tensor part in x.Inputs)
                {
                    if (start >= begin && start + length <= begin + part.Shape[axis])
                    {
                        return Slice(part, axis, start - begin, length);
                    }

                    begin += part.Shape[axis];
                }

                return null;
            case Pad pad when pad.Axis == axis:
                int inner = x.Inputs[0].Shape[axis];
                if (start >= pad.Before && start + length <= pad.Before + inner)
                {
                    return Slice(x.Inputs[0], axis, start - pad.Before, length);
                }

                int[] lengths = x.Shape.Lengths.ToArray();
                lengths[axis] = length;
                return start + length <= pad.Before || start >= pad.Before + inner ? BroadcastTo(x.Trace.Constant(0), new Shape(lengths)) : null;
            default:
                return null;
        }
    }

    /// <summary>Zeros before and after along one axis.</summary>
    public static Tensor Pad(Tensor x, int axis, int before, int after)
    {
        ArgumentNullException.ThrowIfNull(x);
        return before == 0 && after == 0 ? x : Node(new Pad(x.Shape.Axis(axis), before, after), x);
    }

    /// <summary>Tensors one after another along one axis.</summary>
    /// <exception cref="ArgumentException">There are none, or another axis differs.</exception>
    public static Tensor Concatenate(int axis, params Tensor[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
        {
            throw new ArgumentException("At least one tensor is needed to concatenate.", nameof(parts));
        }

        ArgumentNullException.ThrowIfNull(parts[0]);
        int index = parts[0].Shape.Axis(axis);
        return parts.Length == 1 ? parts[0] : Node(new Concatenate(index), [.. parts]);
    }

    /// <summary>Tensors of one shape along a new first axis: scalars as a vector, vectors as rows.</summary>
    /// <exception cref="ArgumentException">There are none, or their shapes differ.</exception>
    public static Tensor Stack(params Tensor[] parts) => Stack(0, parts);

    /// <summary>Tensors of one shape along a new axis.</summary>
    /// <param name="axis">Where the new axis stands in the result; negative counts from its last.</param>
    /// <param name="parts">One at least.</param>
    /// <exception cref="ArgumentException">There are none, or their shapes differ.</exception>
    public static Tensor Stack(int axis, params Tensor[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
        {
            throw new ArgumentException("At least one tensor is needed to stack.", nameof(parts));
        }

        ArgumentNullException.ThrowIfNull(parts[0]);
        int index = new Shape([1, .. parts[0].Shape.Lengths]).Axis(axis);
        foreach (Tensor part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            if (part.Shape != parts[0].Shape)
            {
                throw new ArgumentException($"The shapes {parts[0].Shape} and {part.Shape} do not fit 'stack': they must be equal.", nameof(parts));
            }
        }

        return Concatenate(index, [.. parts.Select(p => Reshape(p, new Shape([.. p.Shape.Lengths[..index], 1, .. p.Shape.Lengths[index..]])))]);
    }

    /// <summary>Whole numbers from 0 to <paramref name="classes"/>−1 as rows that are 1 there and 0 elsewhere.</summary>
    /// <param name="x">[...].</param>
    /// <param name="classes">Length of a row.</param>
    /// <returns>[..., classes].</returns>
    public static Tensor OneHot(Tensor x, int classes) => Node(new OneHot(classes), x);
}
