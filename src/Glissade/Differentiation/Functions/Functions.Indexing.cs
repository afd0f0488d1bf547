using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>The parts of x at given indices of one axis: rows of an embedding table, elements in another order, some of them several times.</summary>
    /// <remarks>
    /// Element [a, i, b] of the result is x[a, indices[i], b], where each of a, i and b may stand for any number of axes.
    /// The gradient by x is <see cref="ScatterAdd"/>; none flows through the indices. To compile to float with an axis of more than 2²⁴ indices is an
    /// <see cref="ArgumentException"/>: it could not tell them apart.
    /// </remarks>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="indices">Whole numbers from 0 to length−1 of the axis, of any shape. When the program runs, any other number, NaN included, is an <see cref="ArgumentOutOfRangeException"/>.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <returns>The shape of x with the axes of the indices in the place of the axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <exception cref="ArgumentException">The result would be too large for a shape.</exception>
    public static Tensor Gather(Tensor x, Tensor indices, int axis = 0) => Node(new Gather(0, AxisOf("gather", x, axis)), x, indices);

    /// <summary>Zeros to which updates are added at given indices of one axis: sums by key, and the transpose of <see cref="Gather"/>.</summary>
    /// <remarks>
    /// Element [a, j, b] of the result is the sum of updates[a, i, b] over all i with indices[i] = j, added in the order of i, so that
    /// the bits do not depend on the number of threads. The gradient by the updates is <see cref="Gather"/>; none flows through the indices. To compile to float
    /// with a length above 2²⁴ is an <see cref="ArgumentException"/>: it could not tell the indices apart.
    /// </remarks>
    /// <param name="indices">Whole numbers from 0 to <paramref name="length"/>−1, of any shape. When the program runs, any other number, NaN included, is an <see cref="ArgumentOutOfRangeException"/>.</param>
    /// <param name="updates">The shape of the result with the axes of the indices in the place of the axis.</param>
    /// <param name="axis">The axis of the result; negative counts from its last.</param>
    /// <param name="length">Length of that axis, zero or more.</param>
    /// <returns>The shape of the updates with one axis in the place of the axes of the indices.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the length is negative.</exception>
    /// <exception cref="ArgumentException">The updates do not have the axes of the indices in the place of the axis, or the result would be too large for a shape.</exception>
    public static Tensor ScatterAdd(Tensor indices, Tensor updates, int axis, int length)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(updates);
        if (length < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The length of 'scatter-add' of {indices.Shape} and {updates.Shape} along axis {axis} must be 0 or more, not {length}.");
        }

        int rank = updates.Shape.Rank - indices.Shape.Rank + 1;
        int index = axis < 0 ? axis + rank : axis;
        if (rank <= 0)
        {
            throw new ArgumentException($"The shapes {indices.Shape} and {updates.Shape} do not fit 'scatter-add': the updates must have the axes of the indices in the place of axis {axis}.");
        }

        if (index < 0 || index >= rank)
        {
            throw new ArgumentOutOfRangeException(
                nameof(axis), axis, $"The shapes {indices.Shape} and {updates.Shape} do not fit 'scatter-add' along axis {axis}: the result has {rank} axes, so the axis must be from {-rank} to {rank - 1}.");
        }

        return Node(new ScatterAdd(0, index, length), indices, updates);
    }

    /// <summary>Indices of one axis at equal distances: start, start + step, and so on; with a negative step towards the first.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="start">First index, zero or more.</param>
    /// <param name="length">How many indices, zero or more.</param>
    /// <param name="step">From one index to the next; not zero.</param>
    /// <returns>The shape of x with the length in the place of the axis's.</returns>
    /// <exception cref="ArgumentException">There is no such axis, an index is outside of it, or the step is zero.</exception>
    public static Tensor StridedSlice(Tensor x, int axis, int start, int length, int step)
    {
        axis = AxisOf("strided-slice", x, axis);
        int count = x.Shape[axis];
        long last = start + ((length - 1L) * step), end = last + 1;
        if (step == 0 || start < 0 || length < 0 || start > count || (length > 0 && (start == count || last < 0 || last >= count)))
        {
            throw new ArgumentException($"The 'strided-slice' of {length} indices from {start} by {step} does not fit axis {axis} of {x.Shape}, which has {count}: each index must be 0 or more and less than that, and the step not 0.");
        }

        if (step == 1 || length < 2)
        {
            return Slice(x, axis, start, length);
        }

        if (step < 0)
        {
            return Flip(StridedSlice(x, axis, (int)last, length, -step), axis);
        }

        if ((long)(x.Shape.Count / count) * length * step > int.MaxValue)
        {
            // Whole strides would be more than a shape can have; without the last index they end within the axis.
            return Concatenate(axis, StridedSlice(x, axis, start, length - 1, step), Slice(x, axis, (int)last, 1));
        }

        // Filled up to whole strides, the axis is one of strides and one within them, of which the first index is wanted.
        int missing = (length * step) - (int)(end - start);
        Tensor covered = Slice(x, axis, start, (int)(end - start));
        int available = Math.Min(missing, x.Shape[axis] - (int)end);
        Tensor whole = Pad(available == 0 ? covered : Slice(x, axis, start, (int)(end - start) + available), axis, 0, missing - available);
        Tensor strides = Reshape(whole, new Shape([.. x.Shape.Lengths[..axis], length, step, .. x.Shape.Lengths[(axis + 1)..]]));
        return Reshape(Slice(strides, axis + 1, 0, 1), new Shape([.. x.Shape.Lengths[..axis], length, .. x.Shape.Lengths[(axis + 1)..]]));
    }

    /// <summary>The indices of some axes in reverse order: along each, element i of the result is element length − 1 − i of x.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Each at most once; negative counts from the last. None means all.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentException">There is no such axis, or one is named twice.</exception>
    public static Tensor Flip(Tensor x, params ReadOnlySpan<int> axes)
    {
        bool[] flipped = CheckAxes("flip", x, axes);
        if (x.Operation is Flip inner)
        {
            // An axis that is reversed twice is as it was.
            foreach (int axis in inner.Axes.ToArray())
            {
                flipped[axis] ^= true;
            }

            x = x.Inputs[0];
        }

        int[] changed = [.. Enumerable.Range(0, flipped.Length).Where(a => flipped[a] && x.Shape[a] > 1)];
        return changed.Length == 0 ? x : Node(new Flip(new IntegerSequence(changed)), x);
    }
}
