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
    public static Tensor Sum(Tensor x, params ReadOnlySpan<int> axes) => Reduction(ReductionKind.Sum, x, axes);

    /// <summary>The sum over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    public static Tensor Sum(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Sum(x, axes), x, axes, keepAxes);

    /// <summary>The greatest element over the given axes, or over all; ties share the gradient equally. NaN if any is; −∞ of none.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    public static Tensor Max(Tensor x, params ReadOnlySpan<int> axes) => Reduction(ReductionKind.Max, x, axes);

    /// <summary>The greatest element over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    public static Tensor Max(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Max(x, axes), x, axes, keepAxes);

    /// <summary>The smallest element over the given axes, or over all; ties share the gradient equally. NaN if any is; ∞ of none.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    public static Tensor Min(Tensor x, params ReadOnlySpan<int> axes)
    {
        CheckAxes("min", x, axes);
        return -Max(-x, axes);
    }

    /// <summary>The smallest element over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    public static Tensor Min(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Min(x, axes), x, axes, keepAxes);

    /// <summary>The mean over the given axes, or over all.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    public static Tensor Mean(Tensor x, params ReadOnlySpan<int> axes)
    {
        Tensor sum = Sum(x, axes);
        return sum * (sum.Shape.Count / (double)x.Shape.Count);
    }

    /// <summary>The mean over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    public static Tensor Mean(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Mean(x, axes), x, axes, keepAxes);

    /// <summary>The product over the given axes, or over all; 1 of none.</summary>
    /// <remarks>Multiplied in pairs, pairs of pairs and so on, which divides by nothing: derivatives of any order are exact where factors are 0.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
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
    public static Tensor Product(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Product(x, axes), x, axes, keepAxes);

    /// <summary>The variance Σ(x − x̄)²/n over the given axes, or over all.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentException">There is no element along the axes.</exception>
    public static Tensor Variance(Tensor x, params ReadOnlySpan<int> axes) => Variance(x, axes, 0);

    /// <summary>The variance Σ(x − x̄)²/(n − correction) over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape with more than <paramref name="correction"/> elements along the axes.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="correction">Degrees of freedom taken from n: 0 for the variance of these numbers, 1 for an unbiased estimate from a sample.</param>
    /// <param name="keepAxes">Keep the axes with length 1.</param>
    /// <exception cref="ArgumentException">There are no more elements than the correction, or it is negative.</exception>
    public static Tensor Variance(Tensor x, ReadOnlySpan<int> axes, int correction, bool keepAxes = false)
    {
        bool[] reduced = CheckAxes("variance", x, axes);
        int count = new Shape([.. x.Shape.Lengths.ToArray().Where((_, a) => reduced[a])]).Count;
        if (correction < 0 || count <= correction)
        {
            throw new ArgumentException($"The 'variance' of the shape {x.Shape} is over {count} elements each, so the correction must be 0 or more and less than {count}, not {correction}.", nameof(correction));
        }

        return Sum(Square(x - Mean(x, axes, keepAxes: true)), axes, keepAxes) / (count - correction);
    }

    /// <summary>The standard deviation √(Σ(x − x̄)²/n) over the given axes, or over all; its derivative where it is 0 is 0.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentException">There is no element along the axes.</exception>
    public static Tensor StandardDeviation(Tensor x, params ReadOnlySpan<int> axes) => StandardDeviation(x, axes, 0);

    /// <summary>The square root of the variance, over axes that may stay with length 1; its derivative where it is 0 is 0.</summary>
    /// <param name="x">Any shape with more than <paramref name="correction"/> elements along the axes.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="correction">Degrees of freedom taken from n: 0 for these numbers, 1 for an estimate from a sample.</param>
    /// <param name="keepAxes">Keep the axes with length 1.</param>
    /// <exception cref="ArgumentException">There are no more elements than the correction, or it is negative.</exception>
    public static Tensor StandardDeviation(Tensor x, ReadOnlySpan<int> axes, int correction, bool keepAxes = false) =>
        RootOrZero(Variance(x, axes, correction, keepAxes), Sqrt);

    /// <summary>Σ xᵢyᵢ of two tensors of one shape.</summary>
    public static Tensor Dot(Tensor x, Tensor y) => Sum(x * y);

    /// <summary>The Euclidean norm ‖x‖₂ over all axes.</summary>
    /// <remarks>Written as x·x and not as a square, so that a value of its own, which a measuring pass does not keep for others, is what it sums.</remarks>
    public static Tensor Norm(Tensor x) => Sqrt(Dot(x, x));

    /// <summary>The norm ‖x‖ₚ = (Σ |x|ᵖ)^(1/p) over the given axes, or over all: the sum of magnitudes for p = 1, the Euclidean norm for 2, the greatest magnitude for ∞.</summary>
    /// <remarks>Its derivative where it is 0 is 0. For p other than 1, 2 and ∞ the powers are of numbers scaled to 1, which neither overflow nor vanish.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="p">From 1 to ∞.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is less than 1 or NaN.</exception>
    public static Tensor Norm(Tensor x, double p, params ReadOnlySpan<int> axes) => Norm(x, p, axes, keepAxes: false);

    /// <summary>The norm ‖x‖ₚ over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">From 1 to ∞.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is less than 1 or NaN.</exception>
    public static Tensor Norm(Tensor x, double p, ReadOnlySpan<int> axes, bool keepAxes)
    {
        bool[] reduced = CheckAxes("norm", x, axes);
        switch (p)
        {
            case 1:
                return Sum(Abs(x), axes, keepAxes);
            case 2:
                return RootOrZero(Sum(Square(x), axes, keepAxes), Sqrt);
            case double.PositiveInfinity:
                // The greatest of nothing is −∞, but a norm is not negative.
                Tensor greatest = Max(Abs(x), axes, keepAxes);
                return reduced.Where((r, a) => r && x.Shape[a] == 0).Any() ? BroadcastTo(x.Trace.Constant(0), greatest.Shape) : greatest;
            case > 1:
                // The scale cancels exactly, so no gradient needs to pass through it.
                Tensor magnitude = Abs(x);
                Tensor top = Max(magnitude, axes, keepAxes: true);
                Tensor scale = StopGradient(Select(And(IsFinite(top), Greater(top, 0)), top, 1));
                Tensor norm = scale * RootOrZero(Sum(Power(magnitude / scale, p), axes, keepAxes: true), s => Power(s, 1 / p));
                return keepAxes ? norm : Reshape(norm, Sum(x, axes).Shape);
            default:
                throw new ArgumentOutOfRangeException(nameof(p), p, $"The exponent of the 'norm' of the shape {x.Shape} must be 1 or more, not {p}.");
        }
    }

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

    /// <summary>Which axes are reduced; none given means all.</summary>
    private static bool[] CheckAxes(string operation, Tensor x, ReadOnlySpan<int> axes)
    {
        ArgumentNullException.ThrowIfNull(x);
        bool[] reduced = new bool[x.Shape.Rank];
        foreach (int axis in axes)
        {
            reduced[AxisOf(operation, x, axis)] = true;
        }

        if (axes.IsEmpty)
        {
            Array.Fill(reduced, true);
        }

        return reduced;
    }

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

    /// <summary>A root of a sum of what is not negative; at 0, where its slope is infinite, 0 with the derivative 0.</summary>
    private static Tensor RootOrZero(Tensor sum, Func<Tensor, Tensor> root) => Select(sum, root(Select(sum, sum, 1)), 0);
}
