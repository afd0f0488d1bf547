using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <content>Functions of the lines along one axis: running sums, extremes' places, sorting, and access by indices.</content>
/// <remarks>Indices are whole numbers in the element type, so in float a line must not be longer than 2²⁴.</remarks>
public static partial class Functions
{
    /// <summary>Running sums along one axis: element i is the sum of the elements up to i.</summary>
    /// <remarks>Added in double for either element type, one after the other; in float each sum is rounded once, when it is written.</remarks>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="reverse">Sum from the end instead: element i is the sum of the elements from i on.</param>
    /// <param name="exclusive">Leave out the element itself; the first sum is 0.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor CumulativeSum(Tensor x, int axis, bool reverse = false, bool exclusive = false) =>
        Node(new CumulativeSum(AxisOf("cumulative-sum", x, axis), reverse, exclusive), x);

    /// <summary>The index of the greatest element over the given axes, or over all: the first at ties; that of the first NaN if there is one. No gradient passes.</summary>
    /// <remarks>Over several axes it counts their elements in row-major order: of rows of n elements, element j of row i has the index i·n + j.</remarks>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes that disappear, in any order; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">There is no element along the axes, or an axis is given twice.</exception>
    public static Tensor ArgMax(Tensor x, params ReadOnlySpan<int> axes) => PlaceOfExtreme("arg-max", x, axes, true);

    /// <summary>The index of the greatest element over the given axes, which may stay with length 1: what <see cref="ArgMax(Tensor, ReadOnlySpan{int})"/> gives.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes to reduce, in any order; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">There is no element along the axes, or an axis is given twice.</exception>
    public static Tensor ArgMax(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(ArgMax(x, axes), x, axes, keepAxes);

    /// <summary>The index of the smallest element over the given axes, or over all: the first at ties; that of the first NaN if there is one. No gradient passes.</summary>
    /// <remarks>Over several axes it counts their elements in row-major order: of rows of n elements, element j of row i has the index i·n + j.</remarks>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes that disappear, in any order; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">There is no element along the axes, or an axis is given twice.</exception>
    public static Tensor ArgMin(Tensor x, params ReadOnlySpan<int> axes) => PlaceOfExtreme("arg-min", x, axes, false);

    /// <summary>The index of the smallest element over the given axes, which may stay with length 1: what <see cref="ArgMin(Tensor, ReadOnlySpan{int})"/> gives.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes to reduce, in any order; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">There is no element along the axes, or an axis is given twice.</exception>
    public static Tensor ArgMin(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(ArgMin(x, axes), x, axes, keepAxes);

    /// <summary>The indices that put each line along an axis in order: equal elements keep theirs, NaN comes last either way. No gradient passes.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="descending">The greatest first.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor ArgSort(Tensor x, int axis = -1, bool descending = false) => Node(new ArgSort(AxisOf("arg-sort", x, axis), descending), x);

    /// <summary>Each line along an axis in order, NaN last; each element has the gradient of the place that it went to.</summary>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="descending">The greatest first.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
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
    /// <exception cref="ArgumentOutOfRangeException">k is negative or more than the length of the axis, or there is no such axis.</exception>
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
    /// <exception cref="ArgumentException">The shapes differ beside the axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor TakeAlongAxis(Tensor x, Tensor indices, int axis) => Node(new TakeAlongAxis(AxisOf("take-along-axis", x, axis)), x, indices);

    /// <summary>Lines of zeros along an axis, to which the values are added at the indices in their places: what <see cref="TakeAlongAxis"/> does, transposed.</summary>
    /// <remarks>An index that is no whole number from 0 to <paramref name="length"/> − 1 throws <see cref="ArgumentOutOfRangeException"/> when the program runs.</remarks>
    /// <param name="values">[..., m, ...] with m elements along the axis.</param>
    /// <param name="indices">Of the shape of the values; an index may come more than once. No gradient passes through it.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <param name="length">n, the elements of the result along the axis.</param>
    /// <returns>[..., n, ...].</returns>
    /// <exception cref="ArgumentException">The shapes of values and indices differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or there is no such axis.</exception>
    public static Tensor ScatterAddAlongAxis(Tensor values, Tensor indices, int axis, int length)
    {
        axis = AxisOf("scatter-add-along-axis", values, axis);
        return length >= 0
            ? Node(new ScatterAddAlongAxis(axis, length), values, indices)
            : throw new ArgumentOutOfRangeException(nameof(length), length, $"The length of 'scatter-add-along-axis' of the shape {values.Shape} must be 0 or more, not {length}.");
    }

    private static Tensor PlaceOfExtreme(string operation, Tensor x, ReadOnlySpan<int> axes, bool greatest)
    {
        bool[] reduced = CheckAxes(operation, x, axes);
        int count = reduced.Count(r => r), first = Math.Max(0, Array.IndexOf(reduced, true));
        if (CountOf(x, reduced) == 0)
        {
            throw new ArgumentException(axes.IsEmpty
                ? $"'{operation}' of the shape {x.Shape}: there are no elements, one at least is needed."
                : $"'{operation}' of the shape {x.Shape} over the axes [{string.Join(", ", axes.ToArray())}]: there are no elements along them, one at least is needed.");
        }

        if (reduced.AsSpan(first, count).Contains(false))
        {
            first = reduced.Length - count;
            x = Transpose(x, [.. Enumerable.Range(0, reduced.Length).OrderBy(a => reduced[a])]);
        }

        return Node(new ArgExtreme(first, count, greatest), x);
    }
}
