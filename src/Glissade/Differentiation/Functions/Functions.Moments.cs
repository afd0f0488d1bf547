namespace Glissade.Differentiation;

/// <content>Reductions that are made of sums: means, variances and norms.</content>
public static partial class Functions
{
    /// <summary>The mean Σx/n over the given axes, or over all; NaN of none.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Mean(Tensor x, params ReadOnlySpan<int> axes)
    {
        int count = CountOf(x, CheckAxes("mean", x, axes));

        // Divided and not multiplied by 1/n, which is rounded: the mean of equal numbers whose sum is exact is that number.
        return Sum(x, axes) / count;
    }

    /// <summary>The mean over the given axes, which may stay with length 1; NaN of none.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Mean(Tensor x, ReadOnlySpan<int> axes, bool keepAxes) => Kept(Mean(x, axes), x, axes, keepAxes);

    /// <summary>The variance Σ(x − x̄)²/n over the given axes, or over all.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentException">There is no element along the axes, or an axis is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    public static Tensor Variance(Tensor x, params ReadOnlySpan<int> axes) => Variance("variance", x, axes, 0, keepAxes: false);

    /// <summary>The variance Σ(x − x̄)²/(n − correction) over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape with more than <paramref name="correction"/> elements along the axes.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="correction">Degrees of freedom taken from n: 0 for the variance of these numbers, 1 for an unbiased estimate from a sample.</param>
    /// <param name="keepAxes">Keep the axes with length 1.</param>
    /// <exception cref="ArgumentException">There are no more elements than the correction, it is negative, or an axis is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    public static Tensor Variance(Tensor x, ReadOnlySpan<int> axes, int correction = 0, bool keepAxes = false) => Variance("variance", x, axes, correction, keepAxes);

    /// <summary>The standard deviation √(Σ(x − x̄)²/n) over the given axes, or over all; its derivative where it is 0 is 0.</summary>
    /// <param name="x">Any shape with at least one element along the axes.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentException">There is no element along the axes, or an axis is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    public static Tensor StandardDeviation(Tensor x, params ReadOnlySpan<int> axes) =>
        RootOrZero(Variance("standard-deviation", x, axes, 0, keepAxes: false), Sqrt);

    /// <summary>The square root of the variance, over axes that may stay with length 1; its derivative where it is 0 is 0.</summary>
    /// <param name="x">Any shape with more than <paramref name="correction"/> elements along the axes.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="correction">Degrees of freedom taken from n: 0 for these numbers, 1 for an estimate from a sample.</param>
    /// <param name="keepAxes">Keep the axes with length 1.</param>
    /// <exception cref="ArgumentException">There are no more elements than the correction, it is negative, or an axis is given twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    public static Tensor StandardDeviation(Tensor x, ReadOnlySpan<int> axes, int correction = 0, bool keepAxes = false) =>
        RootOrZero(Variance("standard-deviation", x, axes, correction, keepAxes), Sqrt);

    /// <summary>Σ xᵢyᵢ of two tensors of one shape.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The same shape.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="ArgumentException">The shapes are not equal.</exception>
    public static Tensor Dot(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return x.Shape == y.Shape
            ? Sum(x * y)
            : throw new ArgumentException($"The shapes {x.Shape} and {y.Shape} do not fit 'dot': they must be equal.", nameof(y));
    }

    /// <summary>The Euclidean norm ‖x‖₂ over all axes.</summary>
    /// <remarks>Where it is 0, its derivatives of every order are 0; the first is then the shortest of the subgradients. It overflows where the sum of squares does.</remarks>
    /// <param name="x">Any shape.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Norm(Tensor x)
    {
        // x·x and not a square, so that a value of its own, which a measuring pass does not keep for others, is what it sums.
        return RootOrZero(Dot(x, x), Sqrt);
    }

    /// <summary>The norm ‖x‖ₚ = (Σ |x|ᵖ)^(1/p) over the given axes, or over all: the sum of magnitudes for p = 1, the Euclidean norm for 2, the greatest magnitude for ∞.</summary>
    /// <remarks>Its derivative where it is 0 is 0, for p = 1 also that by each element that is 0. For p other than 1, 2 and ∞ the powers are of numbers scaled to 1, which neither overflow nor vanish; from p = 2⁶⁰ on it is the norm of ∞, to which it is as near as numbers are.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="p">From 1 to ∞.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is less than 1 or NaN, or an axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Norm(Tensor x, double p, params ReadOnlySpan<int> axes) => Norm(x, p, axes, keepAxes: false);

    /// <summary>The norm ‖x‖ₚ over the given axes, which may stay with length 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">From 1 to ∞.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="keepAxes">Keep them with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is less than 1 or NaN, or an axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor Norm(Tensor x, double p, ReadOnlySpan<int> axes, bool keepAxes)
    {
        bool[] reduced = CheckAxes("norm", x, axes);
        switch (p)
        {
            case 1:
                return Sum(Abs(x), axes, keepAxes);
            case 2:
                return RootOrZero(Sum(Square(x), axes, keepAxes), Sqrt);
            case >= 1L << 60:
                // From here on a power of what is less than the greatest vanishes beside it, and a root of the number of the greatest is 1.
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

    /// <summary>The variance in the name of the operation that was called.</summary>
    private static Tensor Variance(string operation, Tensor x, ReadOnlySpan<int> axes, int correction, bool keepAxes)
    {
        int count = CountOf(x, CheckAxes(operation, x, axes));
        if (correction < 0 || count <= correction)
        {
            throw new ArgumentException(
                count == 0
                    ? $"The '{operation}' of the shape {x.Shape} is over no elements; one at least is needed."
                    : $"The '{operation}' of the shape {x.Shape} is over {count} elements each, so the correction must be 0 or more and less than {count}, not {correction}.",
                nameof(correction));
        }

        return Sum(Square(x - Mean(x, axes, keepAxes: true)), axes, keepAxes) / (count - correction);
    }

    /// <summary>A root of a sum of what is not negative; at 0, where its slope is infinite, 0 with the derivative 0.</summary>
    private static Tensor RootOrZero(Tensor sum, Func<Tensor, Tensor> root) => Select(sum, root(Select(sum, sum, 1)), 0);
}
