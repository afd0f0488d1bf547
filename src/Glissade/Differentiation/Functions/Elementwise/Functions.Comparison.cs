using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <content>Comparisons, choices and logic.</content>
public static partial class Functions
{
    /// <summary>max(x, y), NaN if either is; at a tie each gets half of the gradient.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Maximum(Tensor x, Tensor y) => Binary<Maximum>(x, y, Math.Max);

    /// <summary>max(x, y).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor Maximum(Tensor x, double y) => Maximum(x, ConstantLike(x, y));

    /// <summary>min(x, y), NaN if either is; at a tie each gets half of the gradient.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Minimum(Tensor x, Tensor y) => Binary<Minimum>(x, y, Math.Min);

    /// <summary>min(x, y).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor Minimum(Tensor x, double y) => Minimum(x, ConstantLike(x, y));

    /// <summary>1 where x &gt; y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Greater(Tensor x, Tensor y) => Binary<Greater>(x, y, (a, b) => a > b ? 1 : 0);

    /// <summary>1 where x &gt; y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor Greater(Tensor x, double y) => Greater(x, ConstantLike(x, y));

    /// <summary>1 where x ≥ y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor GreaterOrEqual(Tensor x, Tensor y) => Binary<GreaterOrEqual>(x, y, (a, b) => a >= b ? 1 : 0);

    /// <summary>1 where x ≥ y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor GreaterOrEqual(Tensor x, double y) => GreaterOrEqual(x, ConstantLike(x, y));

    /// <summary>1 where x &lt; y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Less(Tensor x, Tensor y)
    {
        CheckBroadcast("less", x, y);
        return Greater(y, x);
    }

    /// <summary>1 where x &lt; y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor Less(Tensor x, double y) => Less(x, ConstantLike(x, y));

    /// <summary>1 where x ≤ y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor LessOrEqual(Tensor x, Tensor y)
    {
        CheckBroadcast("less-or-equal", x, y);
        return GreaterOrEqual(y, x);
    }

    /// <summary>1 where x ≤ y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor LessOrEqual(Tensor x, double y) => LessOrEqual(x, ConstantLike(x, y));

    /// <summary>1 where x = y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor EqualTo(Tensor x, Tensor y) => Binary<EqualTo>(x, y, (a, b) => a == b ? 1 : 0);

    /// <summary>1 where x = y, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor EqualTo(Tensor x, double y) => EqualTo(x, ConstantLike(x, y));

    /// <summary>1 where x ≠ y, also where either is NaN, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor NotEqual(Tensor x, Tensor y)
    {
        CheckBroadcast("not-equal", x, y);
        return Not(EqualTo(x, y));
    }

    /// <summary>1 where x ≠ y, also where x is NaN, else 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">The other operand, a number.</param>
    public static Tensor NotEqual(Tensor x, double y) => NotEqual(x, ConstantLike(x, y));

    /// <summary>1 where x is a finite number, 0 where it is ±∞ or NaN.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor IsFinite(Tensor x) => Less(Abs(x), double.PositiveInfinity);

    /// <summary>1 where both are 1, else 0; for conditions, whose values are 0 or 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor And(Tensor x, Tensor y)
    {
        CheckBroadcast("and", x, y);
        return Minimum(x, y);
    }

    /// <summary>1 where either or both are 1, else 0; for conditions, whose values are 0 or 1.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Or(Tensor x, Tensor y)
    {
        CheckBroadcast("or", x, y);
        return Maximum(x, y);
    }

    /// <summary>1 where x is 0, and 0 where it is 1; for conditions, whose values are 0 or 1.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor Not(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return 1 - x;
    }

    /// <summary><paramref name="yes"/> where the condition is not 0, so also where it is NaN, else <paramref name="no"/>.</summary>
    /// <remarks>No gradient passes to the condition, nor to what is not chosen; but 0 times an infinite derivative behind the other is still NaN.</remarks>
    /// <param name="condition">Any shape; comparisons give 0 and 1.</param>
    /// <param name="yes">A shape that broadcasts with that of <paramref name="condition"/>.</param>
    /// <param name="no">A shape that broadcasts with both.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Select(Tensor condition, Tensor yes, Tensor no) => Node(new Select(), condition, yes, no);

    /// <summary><paramref name="yes"/> where the condition is not 0, so also where it is NaN, else <paramref name="no"/>.</summary>
    /// <remarks>No gradient passes to the condition, nor to what is not chosen; but 0 times an infinite derivative behind the other is still NaN.</remarks>
    /// <param name="condition">Any shape; comparisons give 0 and 1.</param>
    /// <param name="yes">A shape that broadcasts with that of <paramref name="condition"/>.</param>
    /// <param name="no">A number.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Select(Tensor condition, Tensor yes, double no) => Select(condition, yes, ConstantLike(condition, no));

    /// <summary><paramref name="yes"/> where the condition is not 0, so also where it is NaN, else <paramref name="no"/>.</summary>
    /// <remarks>No gradient passes to the condition, nor to what is not chosen; but 0 times an infinite derivative behind the other is still NaN.</remarks>
    /// <param name="condition">Any shape; comparisons give 0 and 1.</param>
    /// <param name="yes">A number.</param>
    /// <param name="no">A shape that broadcasts with that of <paramref name="condition"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Select(Tensor condition, double yes, Tensor no) => Select(condition, ConstantLike(condition, yes), no);

    /// <summary><paramref name="yes"/> where the condition is not 0, so also where it is NaN, else <paramref name="no"/>.</summary>
    /// <remarks>No gradient passes to the condition, nor to what is not chosen; but 0 times an infinite derivative behind the other is still NaN.</remarks>
    /// <param name="condition">Any shape; comparisons give 0 and 1.</param>
    /// <param name="yes">A number.</param>
    /// <param name="no">A number.</param>
    public static Tensor Select(Tensor condition, double yes, double no) => Select(condition, ConstantLike(condition, yes), ConstantLike(condition, no));

    /// <summary>x where it is a finite number, y where it is ±∞ or NaN.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor FiniteOr(Tensor x, Tensor y)
    {
        CheckBroadcast("finite-or", x, y);
        return Node(new FiniteOr(), x, y);
    }

    /// <summary>x kept within [low, high]; NaN stays NaN. The derivative is 1 inside, 0 outside and ½ at the bounds.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value, not below <paramref name="low"/>.</param>
    /// <exception cref="ArgumentException">The bounds are in the wrong order, or one is NaN.</exception>
    public static Tensor Clamp(Tensor x, double low, double high) => Clamp(x, ConstantLike(x, low), ConstantLike(x, high));

    /// <summary>x kept within [low, high], element by element: min(max(x, low), high); NaN stays NaN.</summary>
    /// <remarks>
    /// The three broadcast together, so a bound with more axes than x gives a result with more. The derivative goes to x inside, to a bound outside, and half to
    /// each where they are equal. Bounds that are numbers must be in order; where others are not, the result is <paramref name="high"/>.
    /// </remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="low">The least values, of any shape that broadcasts with that of <paramref name="x"/>; NaN gives NaN.</param>
    /// <param name="high">The greatest values, of any shape that broadcasts with both; NaN gives NaN.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast; or the bounds are numbers and in the wrong order, or one of them NaN.</exception>
    public static Tensor Clamp(Tensor x, Tensor low, Tensor high)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (!Broadcasting.TryJoin(x.Shape, low.Shape, out Shape joined) || !Broadcasting.TryJoin(joined, high.Shape, out _))
        {
            throw new ArgumentException($"The shapes {x.Shape}, {low.Shape} and {high.Shape} do not fit 'clamp': counted from the last axis, the lengths of x and of both bounds must be equal or 1.");
        }

        (double? least, double? greatest) = (NumberOf(low), NumberOf(high));
        return double.IsNaN(least ?? 0) || double.IsNaN(greatest ?? 0) || least > greatest
            ? throw new ArgumentException(FormattableString.Invariant($"The bounds of 'clamp' must be numbers, the first not above the second, but are {Text(least)} and {Text(greatest)}."), nameof(low))
            : Minimum(Maximum(x, low), high);

        static string Text(double? bound) => bound is { } number ? FormattableString.Invariant($"{number}") : "a tensor";
    }

    /// <summary>x kept within [low, high], element by element: see <see cref="Clamp(Tensor, Tensor, Tensor)"/>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest values, of any shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, <paramref name="low"/> is NaN, or <paramref name="high"/> a number below it.</exception>
    public static Tensor Clamp(Tensor x, double low, Tensor high) => Clamp(x, ConstantLike(x, low), high);

    /// <summary>x kept within [low, high], element by element: see <see cref="Clamp(Tensor, Tensor, Tensor)"/>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="low">The least values, of any shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <param name="high">The greatest value.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast, <paramref name="high"/> is NaN, or <paramref name="low"/> a number above it.</exception>
    public static Tensor Clamp(Tensor x, Tensor low, double high) => Clamp(x, low, ConstantLike(x, high));

    /// <summary>The convex combination (1 − r)·x + r·y. The coefficient should lie in [0, 1].</summary>
    /// <remarks>
    /// (1 − r)·x is rounded, and its sum with r·y once. So finite numbers give x at r = 0 and y at r = 1 exactly; and where x and y are the same number, it is kept for
    /// every r from ½ to 1, unless it is so small that (1 − r)·x underflows: a running mean of a constant does not drift.
    /// </remarks>
    /// <param name="x">The value at r = 0.</param>
    /// <param name="y">The value at r = 1.</param>
    /// <param name="r">The coefficient.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor Blend(Tensor x, Tensor y, Tensor r) => Node(new Blend(), x, y, r);

    /// <summary>Refuses two shapes that do not broadcast in the name of an operation that is made of others.</summary>
    private static void CheckBroadcast(string operation, Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (!Broadcasting.TryJoin(x.Shape, y.Shape, out _))
        {
            throw Operation.Misfit(operation, x.Shape, y.Shape, Broadcasting.Rule);
        }
    }
}
