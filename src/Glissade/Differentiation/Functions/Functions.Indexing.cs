using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>The parts of x at given indices of one axis: rows of an embedding table, elements in another order, some of them several times.</summary>
    /// <remarks>
    /// Element [a, i, b] of the result is x[a, indices[i], b], where each of a, i and b may stand for any number of axes.
    /// The gradient by x is <see cref="ScatterAdd"/>; none flows through the indices.
    /// </remarks>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="indices">Whole numbers from 0 to length−1 of the axis, of any shape. When the program runs, any other number, NaN included, is an <see cref="ArgumentOutOfRangeException"/>.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <returns>The shape of x with the axes of the indices in the place of the axis.</returns>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor Gather(Tensor x, Tensor indices, int axis = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(indices);
        return Node(new Gather(0, AxisOf("gather", x.Shape, axis)), x, indices);
    }

    /// <summary>Zeros to which updates are added at given indices of one axis: sums by key, and the transpose of <see cref="Gather"/>.</summary>
    /// <remarks>
    /// Element [a, j, b] of the result is the sum of updates[a, i, b] over all i with indices[i] = j, added in the order of i, so that
    /// the bits do not depend on the number of threads. The gradient by the updates is <see cref="Gather"/>; none flows through the indices.
    /// </remarks>
    /// <param name="indices">Whole numbers from 0 to <paramref name="length"/>−1, of any shape. When the program runs, any other number, NaN included, is an <see cref="ArgumentOutOfRangeException"/>.</param>
    /// <param name="updates">The shape of the result with the axes of the indices in the place of the axis.</param>
    /// <param name="axis">The axis of the result; negative counts from its last.</param>
    /// <param name="length">Length of that axis, zero or more.</param>
    /// <returns>The shape of the updates with one axis in the place of the axes of the indices.</returns>
    /// <exception cref="ArgumentException">There is no such axis, the length is negative, or the updates do not have the axes of the indices there.</exception>
    public static Tensor ScatterAdd(Tensor indices, Tensor updates, int axis, int length)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(updates);
        int rank = updates.Shape.Rank - indices.Shape.Rank + 1;
        int index = axis < 0 ? axis + rank : axis;
        if (length < 0 || index < 0 || index >= rank)
        {
            throw new ArgumentException(
                $"The shapes {indices.Shape} and {updates.Shape} do not fit 'scatter-add' along axis {axis} of length {length}: the updates must have the axes of the indices in the place of the axis, and the length must be 0 or more.");
        }

        return Node(new ScatterAdd(0, index, length), indices, updates);
    }

    /// <summary>Every <paramref name="step"/>-th index of one axis: start, start + step, and so on.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="start">First index.</param>
    /// <param name="length">How many indices, zero or more.</param>
    /// <param name="step">Distance from one index to the next, one or more.</param>
    /// <returns>The shape of x with the length in the place of the axis's.</returns>
    /// <exception cref="ArgumentException">There is no such axis, an index is outside of it, or the step is below one.</exception>
    public static Tensor StridedSlice(Tensor x, int axis, int start, int length, int step)
    {
        ArgumentNullException.ThrowIfNull(x);
        axis = AxisOf("strided-slice", x.Shape, axis);
        long end = start + ((length - 1L) * step) + 1;
        if (step < 1 || start < 0 || length < 0 || start > x.Shape[axis] || (length > 0 && end > x.Shape[axis]))
        {
            throw new ArgumentException($"The 'strided-slice' of {length} indices from {start} by {step} along axis {axis} is outside the shape {x.Shape}: its indices must be from 0 to {x.Shape[axis] - 1}, and the step must be 1 or more.");
        }

        if (step == 1 || length < 2)
        {
            return Slice(x, axis, start, length);
        }

        // Filled up to whole strides, the axis is one of strides and one within them, of which the first index is wanted.
        int missing = checked((length * step) - (int)(end - start));
        Tensor covered = Slice(x, axis, start, (int)(end - start));
        int available = Math.Min(missing, x.Shape[axis] - (int)end);
        Tensor whole = Pad(available == 0 ? covered : Slice(x, axis, start, (int)(end - start) + available), axis, 0, missing - available);
        Tensor strides = Reshape(whole, new Shape([.. x.Shape.Lengths[..axis], length, step, .. x.Shape.Lengths[(axis + 1)..]]));
        return Reshape(Slice(strides, axis + 1, 0, 1), new Shape([.. x.Shape.Lengths[..axis], length, .. x.Shape.Lengths[(axis + 1)..]]));
    }

    /// <summary>The axis counted from the first; if there is none, the error names the operation as well.</summary>
    private static int AxisOf(string operation, Shape shape, int axis) => axis >= -shape.Rank && axis < shape.Rank
        ? shape.Axis(axis)
        : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The shape {shape} does not fit '{operation}' along axis {axis}: it has {shape.Rank} axes.");
}
