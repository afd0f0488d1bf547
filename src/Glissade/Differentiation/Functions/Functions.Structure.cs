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
    /// <exception cref="ArgumentException">An operand is a scalar, or a vector that is to be transposed; the lengths of the axes that are summed over differ; or batch axes do not fit.</exception>
    public static Tensor MatrixProduct(Tensor x, Tensor y, bool transposeX = false, bool transposeY = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var operation = new MatrixMultiply(transposeX, transposeY);
        Shape result = operation.ResultOf(x.Shape, y.Shape);
        bool isRow = x.Shape.Rank == 1, isColumn = y.Shape.Rank == 1;
        if (isRow || isColumn)
        {
            Tensor matrix = MatrixProduct(
                isRow ? Reshape(x, new Shape(1, x.Shape[0])) : x, isColumn ? Reshape(y, new Shape(y.Shape[0], 1)) : y, transposeX, transposeY);
            return Reshape(matrix, result);
        }

        if (x.Shape.Rank > 2 && y.Shape.Rank == 2 && !transposeX)
        {
            // All rows of all matrices times one matrix are one product.
            Shape rows = new(new Shape(x.Shape.Lengths[..^1]).Count, x.Shape[-1]);
            return Reshape(Node(operation, Reshape(x, rows), y), result);
        }

        (x, y) = WithJoinedBatches(x, y);
        return Node(operation, x, y);
    }

    /// <summary>The same elements in the same order under other axes.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <returns>That shape; x itself if it has it.</returns>
    /// <exception cref="ArgumentException">The number of elements is another.</exception>
    public static Tensor Reshape(Tensor x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Shape == shape ? x
            : x.Operation is Reshape ? Reshape(x.Inputs[0], shape)
            : Node(new Reshape(shape), x);
    }

    /// <summary>Copies along new axes and axes of length 1, by NumPy's rules.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">The shape of the result: counted from the last axis, each length of x is the same there, or 1.</param>
    /// <exception cref="ArgumentException">x has more axes, or a length that is neither.</exception>
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

    /// <summary>The transpose of <see cref="BroadcastTo"/>: the sum over the axes along which <paramref name="shape"/> would be copied to the shape of x.</summary>
    /// <param name="x">A shape that <see cref="BroadcastTo"/> can make of <paramref name="shape"/>.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <exception cref="ArgumentException">The shape would not broadcast to that of x.</exception>
    public static Tensor SumTo(Tensor x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape == shape)
        {
            return x;
        }

        if (!Broadcasting.TryJoin(shape, x.Shape, out Shape joined) || joined != x.Shape)
        {
            throw new ArgumentException($"The shapes {x.Shape} and {shape} do not fit 'sum-to': counted from the last axis, each length of the second must be 1 or that of the first.", nameof(shape));
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
    /// <param name="order">Every axis once; negative counts from the last. None means reversed.</param>
    /// <exception cref="ArgumentException">An axis is missing, named twice, or not there.</exception>
    public static Tensor Transpose(Tensor x, params ReadOnlySpan<int> order)
    {
        ArgumentNullException.ThrowIfNull(x);
        int rank = x.Shape.Rank;
        int[] axes = [.. order.IsEmpty ? Enumerable.Range(0, rank).Reverse() : order.ToArray().Select(a => a < 0 ? a + rank : a)];
        if (axes.Length != rank || axes.Distinct().Count() != rank || axes.Any(a => (uint)a >= (uint)rank))
        {
            throw new ArgumentException($"The order [{string.Join(", ", order.ToArray())}] does not fit 'transpose' of {x.Shape}: it must name each of the {rank} axes once.", nameof(order));
        }

        return axes.AsSpan().SequenceEqual([.. Enumerable.Range(0, rank)]) ? x : Node(new Permute(new IntegerSequence(axes)), x);
    }

    /// <summary>Consecutive indices of one axis.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="start">First index, zero or more.</param>
    /// <param name="length">How many indices, zero or more.</param>
    /// <returns>The shape of x with the length in the place of the axis's.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or an index is outside of it.</exception>
    public static Tensor Slice(Tensor x, int axis, int start, int length)
    {
        axis = AxisOf("slice", x, axis);
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
                return start + length <= pad.Before || start >= pad.Before + inner ? BroadcastTo(x.Trace.Constant(pad.Value), new Shape(lengths)) : null;
            default:
                return null;
        }
    }

    /// <summary>Elements of one number before and after along one axis. The gradient is that of the elements between.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="before">How many before the first index, zero or more.</param>
    /// <param name="after">How many after the last index, zero or more.</param>
    /// <param name="value">Any number, −∞ and NaN too; rounded to the element type when the function is compiled.</param>
    /// <returns>The shape of x, longer along the axis by both.</returns>
    /// <exception cref="ArgumentException">There is no such axis, a number of elements is negative, or the result would be too large for a shape.</exception>
    public static Tensor Pad(Tensor x, int axis, int before, int after, double value = 0)
    {
        axis = AxisOf("pad", x, axis);
        return before == 0 && after == 0 ? x : Node(new Pad(axis, before, after, value), x);
    }

    /// <summary>Tensors one after another along one axis.</summary>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="parts">One at least, and no scalars; their shapes are equal but for the length of the axis.</param>
    /// <returns>The shape of the parts with the sum of their lengths along the axis.</returns>
    /// <exception cref="ArgumentException">There are no parts, no such axis, another axis differs, or the result would be too large for a shape.</exception>
    public static Tensor Concatenate(int axis, params Tensor[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
        {
            throw new ArgumentException("'concatenate' needs one tensor or more.", nameof(parts));
        }

        int index = AxisOf("concatenate", parts[0], axis);
        return parts.Length == 1 ? parts[0] : Node(new Concatenate(index), [.. parts]);
    }

    /// <summary>Tensors of one shape along a new first axis: scalars as a vector, vectors as rows.</summary>
    /// <param name="parts">One at least.</param>
    /// <returns>The number of parts as an axis, then the axes of a part.</returns>
    /// <exception cref="ArgumentException">There are no parts, their shapes differ, or the result would be too large for a shape.</exception>
    public static Tensor Stack(params Tensor[] parts) => Stack(0, parts);

    /// <summary>Tensors of one shape along a new axis.</summary>
    /// <param name="axis">Where the new axis stands in the result; negative counts from its last.</param>
    /// <param name="parts">One at least.</param>
    /// <returns>The axes of a part, and among them the number of parts.</returns>
    /// <exception cref="ArgumentException">There are no parts, their shapes differ, there is no such axis, or the result would be too large for a shape.</exception>
    public static Tensor Stack(int axis, params Tensor[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
        {
            throw new ArgumentException("'stack' needs one tensor or more.", nameof(parts));
        }

        ArgumentNullException.ThrowIfNull(parts[0]);
        Shape shape = parts[0].Shape;
        int index = axis < 0 ? axis + shape.Rank + 1 : axis;
        if (index < 0 || index > shape.Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), axis, $"'stack' of parts of the shape {shape} along a new axis {axis}: it must be from {-shape.Rank - 1} to {shape.Rank}.");
        }

        foreach (Tensor part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            if (part.Shape != shape)
            {
                throw new ArgumentException($"The shapes {shape} and {part.Shape} do not fit 'stack': they must be equal.", nameof(parts));
            }
        }

        _ = Operation.Result("stack", [shape], [parts.Length, .. shape.Lengths]);
        return Concatenate(index, [.. parts.Select(p => Reshape(p, new Shape([.. p.Shape.Lengths[..index], 1, .. p.Shape.Lengths[index..]])))]);
    }

    /// <summary>Whole numbers from 0 to <paramref name="classes"/>−1 as rows that are 1 there and 0 elsewhere; any other number, NaN included, as a row of 0. No gradient passes.</summary>
    /// <remarks>To compile to float with more than 2²⁴ classes is an <see cref="ArgumentException"/>: it could not tell them apart.</remarks>
    /// <param name="x">[...].</param>
    /// <param name="classes">Length of a row, zero or more.</param>
    /// <returns>[..., classes].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of classes is negative.</exception>
    /// <exception cref="ArgumentException">The result would be too large for a shape.</exception>
    public static Tensor OneHot(Tensor x, int classes)
    {
        ArgumentNullException.ThrowIfNull(x);
        return classes >= 0
            ? Node(new OneHot(classes), x)
            : throw new ArgumentOutOfRangeException(nameof(classes), classes, $"The classes of 'one-hot' of the shape {x.Shape} must be 0 or more, not {classes}.");
    }
}
