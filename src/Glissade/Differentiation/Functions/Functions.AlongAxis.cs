using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <content>Functions of the lines along one axis: running sums, extremes' places, sorting, and access by indices.</content>
/// <remarks>Indices are whole numbers in the element type, so in float a line must not be longer than 2²⁴.</remarks>
public static partial class Functions
{
    /// <summary>Running sums along one axis: element i is the sum of the elements up to i.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="reverse">Sum from the end instead: element i is the sum of the elements from i on.</param>
    /// <param name="exclusive">Leave out the element itself; the first sum is 0.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor CumulativeSum(Tensor x, int axis, bool reverse = false, bool exclusive = false) =>
        Node(new CumulativeSum(AxisOf("cumulative-sum", x, axis), reverse, exclusive), x);

    /// <summary>The index of the greatest element along one axis: the first at ties; that of the first NaN if there is one. No gradient passes.</summary>
    /// <param name="x">Any shape with at least one element along the axis.</param>
    /// <param name="axis">The axis, which disappears; negative counts from the last.</param>
    public static Tensor ArgMax(Tensor x, int axis) => Node(new ArgExtreme(AxisOf("arg-max", x, axis), true), x);

    /// <summary>The index of the smallest element along one axis: the first at ties; that of the first NaN if there is one. No gradient passes.</summary>
    /// <param name="x">Any shape with at least one element along the axis.</param>
    /// <param name="axis">The axis, which disappears; negative counts from the last.</param>
    public static Tensor ArgMin(Tensor x, int axis) => Node(new ArgExtreme(AxisOf("arg-min", x, axis), false), x);

    /// <summary>The indices that put each line along an axis in order: equal elements keep theirs, NaN comes last either way. No gradient passes.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="descending">The greatest first.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor ArgSort(Tensor x, int axis = -1, bool descending = false) => Node(new ArgSort(AxisOf("arg-sort", x, axis), descending), x);

    /// <summary>Each line along an axis in order, NaN last; each element has the gradient of the place that it went to.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="descending">The greatest first.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Sort(Tensor x, int axis = -1, bool descending = false)
    {
        axis = AxisOf("sort", x, axis);
        return TakeAlongAxis(x, ArgSort(x, axis, descending), axis);
    }

    /// <summary>The k greatest elements of each line along an axis, in order, and their indices; or the k smallest. NaN counts as the last choice.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="k">How many, from 0 to the length of the axis.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="largest">The greatest, descending; else the smallest, ascending.</param>
    /// <returns>The shape of x with k elements along the axis, twice; gradients pass through the values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k is negative or more than the length of the axis.</exception>
    public static (Tensor Values, Tensor Indices) TopK(Tensor x, int k, int axis = -1, bool largest = true)
    {
        axis = AxisOf("top-k", x, axis);
        if (k < 0 || k > x.Shape[axis])
        {
            throw new ArgumentOutOfRangeException(nameof(k), k, $"'top-k' of the shape {x.Shape} along axis {axis}: k must be from 0 to {x.Shape[axis]}, not {k}.");
        }

        Tensor indices = Slice(ArgSort(x, axis, largest), axis, 0, k);
        return (TakeAlongAxis(x, indices, axis), indices);
    }

    /// <summary>From each line of x along an axis, the elements at the indices in the same line of <paramref name="indices"/>.</summary>
    /// <remarks>An index that is no whole number from 0 to n − 1 throws <see cref="ArgumentOutOfRangeException"/> when the program runs.</remarks>
    /// <param name="x">[..., n, ...] with n elements along the axis.</param>
    /// <param name="indices">[..., m, ...], of the shape of x but for the axis; through it no gradient passes.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <returns>[..., m, ...].</returns>
    public static Tensor TakeAlongAxis(Tensor x, Tensor indices, int axis) => Node(new TakeAlongAxis(AxisOf("take-along-axis", x, axis)), x, indices);

    /// <summary>Lines of zeros along an axis, to which the values are added at the indices in their places: what <see cref="TakeAlongAxis"/> does, transposed.</summary>
    /// <remarks>An index that is no whole number from 0 to <paramref name="length"/> − 1 throws <see cref="ArgumentOutOfRangeException"/> when the program runs.</remarks>
    /// <param name="values">[..., m, ...] with m elements along the axis.</param>
    /// <param name="indices">Of the shape of the values; an index may come more than once. No gradient passes through it.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="length">n, the elements of the result along the axis.</param>
    /// <returns>[..., n, ...].</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static Tensor ScatterAddAlongAxis(Tensor values, Tensor indices, int axis, int length)
    {
        axis = AxisOf("scatter-add-along-axis", values, axis);
        return length >= 0
            ? Node(new ScatterAddAlongAxis(axis, length), values, indices)
            : throw new ArgumentOutOfRangeException(nameof(length), length, $"The length of 'scatter-add-along-axis' of the shape {values.Shape} must be 0 or more, not {length}.");
    }
}
