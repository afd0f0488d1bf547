using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <content>
/// Reductions. Each has two forms: <c>Sum(x, 0, 1)</c> names axes that disappear, none meaning all, and <c>Sum(x, [0, 1], keepAxes: true)</c>
/// can keep them with length 1, so that the result broadcasts against x.
/// </content>
public static partial class Functions
{
    /// <summary>The sum over the given axes, or over all.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Sum(Tensor x, params ReadOnlySpan<int> axes) => Reduction(ReductionKind.Sum, x, axes);

    /// <summary>The sum over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Sum(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Sum(x, axes), x, axes, keepAxes);

    /// <summary>The greatest element over the given axes, or over all; ties share the gradient equally. NaN if any is; −∞ of none.</summary>
    /// <remarks>Infinities tie as numbers do. Where the result is NaN, so is the gradient of every element that it was chosen from: none of them is equal to it.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Max(Tensor x, params ReadOnlySpan<int> axes) => Reduction(ReductionKind.Max, x, axes);

    /// <summary>The greatest element over the given axes, which may stay with length 1; ties, NaN and the element of nothing are as for <see cref="Max(Tensor, ReadOnlySpan{int})"/>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Max(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Max(x, axes), x, axes, keepAxes);

    /// <summary>The smallest element over the given axes, or over all; ties share the gradient equally. NaN if any is; ∞ of none.</summary>
    /// <remarks>Infinities tie as numbers do. Where the result is NaN, so is the gradient of every element that it was chosen from: none of them is equal to it.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Min(Tensor x, params ReadOnlySpan<int> axes)
    {
        CheckAxes("min", x, axes);
        return -Max(-x, axes);
    }

    /// <summary>The smallest element over the given axes, which may stay with length 1; ties, NaN and the element of nothing are as for <see cref="Min(Tensor, ReadOnlySpan{int})"/>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Min(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Min(x, axes), x, axes, keepAxes);

    /// <summary>The product over the given axes, or over all; 1 of none.</summary>
    /// <remarks>Multiplied in pairs, pairs of pairs and so on, which divides by nothing: derivatives of any order are exact where factors are 0.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Product(Tensor x, params ReadOnlySpan<int> axes)
    {
        bool[] reduced = CheckAxes("product", x, axes);
        int[] order = [.. Enumerable.Range(0, reduced.Length).OrderBy(a => !reduced[a])];
        int[] kept = [.. order.Where(a => !reduced[a]).Select(a => x.Shape[a])];
        int count = new Shape([.. order.Where(a => reduced[a]).Select(a => x.Shape[a])]).Count;
        if (count == 0)
        {
            return BroadcastTo(x.Trace.Constant(1), new Shape(kept));
        }

        Tensor factors = Reshape(Transpose(x, order), new Shape([count, .. kept]));

        // The excess over a power of two first, then halves with halves.
        int power = 1 << (31 - int.LeadingZeroCount(count));
        int excess = count - power;
        if (excess > 0)
        {
            Tensor pairs = Slice(factors, 0, 0, excess) * Slice(factors, 0, power, excess);
            factors = excess == power ? pairs : Concatenate(0, pairs, Slice(factors, 0, excess, power - excess));
        }

        for (int half = power / 2; half > 0; half /= 2)
        {
            factors = Slice(factors, 0, 0, half) * Slice(factors, 0, half, half);
        }

        return Reshape(factors, new Shape(kept));
    }

    /// <summary>The product over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Product(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Product(x, axes), x, axes, keepAxes);

    internal static Tensor Reduction(ReductionKind kind, Tensor x, ReadOnlySpan<int> axes)
    {
        bool[] reduced = CheckAxes(kind == ReductionKind.Sum ? "sum" : "max", x, axes);
        int rank = x.Shape.Rank;
        int count = reduced.Count(r => r);
        if (count == 0)
        {
            return x;
        }

        if (Enumerable.Range(0, rank).All(a => !reduced[a] || x.Shape[a] == 1))
        {
            return Reshape(x, new Shape([.. Enumerable.Range(0, rank).Where(a => !reduced[a]).Select(a => x.Shape[a])]));
        }

        if (reduced.AsSpan(rank - count).IndexOf(false) < 0)
        {
            return Node(new Reduce(kind, false, count), x);
        }

        if (reduced.AsSpan(0, count).IndexOf(false) < 0)
        {
            return Node(new Reduce(kind, true, count), x);
        }

        int[] order = [.. Enumerable.Range(0, rank).OrderBy(a => reduced[a])];
        return Node(new Reduce(kind, false, count), Transpose(x, order));
    }

    /// <summary>Which axes are reduced; none given means all. Refused in the name of an operation if one is not there or given twice.</summary>
    private static bool[] CheckAxes(string operation, Tensor x, ReadOnlySpan<int> axes)
    {
        ArgumentNullException.ThrowIfNull(x);
        bool[] reduced = new bool[x.Shape.Rank];
        foreach (int axis in axes)
        {
            ref bool named = ref reduced[AxisOf(operation, x, axis)];
            named = named
                ? throw new ArgumentException($"'{operation}' of the shape {x.Shape} over the axes [{string.Join(", ", axes.ToArray())}]: axis {axis} is given twice; each axis may be given once.", nameof(axes))
                : true;
        }

        if (axes.IsEmpty)
        {
            Array.Fill(reduced, true);
        }

        return reduced;
    }

    /// <summary>How many elements of x each element of the result comes from.</summary>
    private static int CountOf(Tensor x, bool[] reduced) => new Shape([.. x.Shape.Lengths.ToArray().Where((_, a) => reduced[a])]).Count;

    /// <summary>An axis counted from the first; refused in the name of an operation if there is no such axis.</summary>
    private static int AxisOf(string operation, Tensor x, int axis)
    {
        ArgumentNullException.ThrowIfNull(x);
        int rank = x.Shape.Rank;
        int index = axis < 0 ? axis + rank : axis;
        return (uint)index < (uint)rank
            ? index
            : throw new ArgumentOutOfRangeException(nameof(axis), axis, rank == 0
                ? $"'{operation}' of the shape {x.Shape}: a scalar has no axes, so there is no axis {axis}."
                : $"'{operation}' of the shape {x.Shape}: an axis must be from {-rank} to {rank - 1}, not {axis}.");
    }

    /// <summary>A reduced value with the reduced axes, if they are to be kept.</summary>
    private static Tensor Kept(Tensor value, Tensor x, ReadOnlySpan<int> axes, bool keepAxes)
    {
        if (!keepAxes)
        {
            return value;
        }

        int[] lengths = x.Shape.Lengths.ToArray();
        if (axes.IsEmpty)
        {
            Array.Fill(lengths, 1);
        }

        foreach (int axis in axes)
        {
            lengths[x.Shape.Axis(axis)] = 1;
        }

        return Reshape(value, new Shape(lengths));
    }
}
