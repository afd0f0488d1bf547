using System.Globalization;
using Glissade.Input;

namespace Glissade.Schedules;

/// <summary>A hyperparameter over time: a pure function of the step.</summary>
/// <remarks>
/// A constant is a schedule that does not move, so every hyperparameter is one, and a plain number converts to one. A schedule has no state:
/// knowing the step is knowing the value, so a resumed run follows the same curve. Immutable; free to share between threads.
/// <para>
/// Two schedules are equal when they are of one shape with equal parameters. <see cref="ToString"/> describes the curve in words.
/// </para>
/// </remarks>
public abstract partial record Schedule
{
    /// <summary>Steps until the value no longer changes; null where it changes for ever.</summary>
    /// <remarks>
    /// From this step on, the value is that <see cref="At"/> gives for it. A shape that was given a number of steps has that length even where
    /// its two ends are equal: ten steps of standing still are ten steps.
    /// </remarks>
    public abstract long? Length { get; }

    /// <summary>The value at a step.</summary>
    /// <param name="step">Steps taken so far: 0 for the first step.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public double At(long step)
    {
        if (step < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "A step counts the steps taken so far and must be 0 or more.");
        }

        return ValueAt(step);
    }

    /// <summary>Two values between which all values up to a step lie.</summary>
    /// <param name="last">The last step that counts, 0 or more.</param>
    /// <returns>
    /// The least and the greatest value, but for curves that are made of factors: of a product, and of triangles that decay at every step, the bounds hold
    /// and may lie outside the values.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="last"/> is negative.</exception>
    public (double Low, double High) Bounds(long last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        return BoundsTo(last);
    }

    /// <summary>A description in words, such as <c>cosine from 0.003 to 0 over 1,000 steps</c>.</summary>
    public sealed override string ToString() => Describe();

    /// <summary>The value at a step that is known not to be negative.</summary>
    /// <param name="step">Steps taken so far, 0 or more.</param>
    protected abstract double ValueAt(long step);

    /// <summary>Bounds of the values up to a step that is known not to be negative. A curve that moves both ways says here where it turns.</summary>
    /// <param name="last">The last step that counts, 0 or more.</param>
    /// <returns>The value at step 0 and that at <paramref name="last"/>, in order: right for a curve that moves one way.</returns>
    protected virtual (double Low, double High) BoundsTo(long last)
    {
        (double first, double end) = (ValueAt(0), ValueAt(last));
        return (Math.Min(first, end), Math.Max(first, end));
    }

    /// <summary>The curve in words, without a capital letter or a full stop, so that descriptions can be put together.</summary>
    protected abstract string Describe();

    /// <summary>A number as descriptions show it: as short as it can be and still be that number.</summary>
    internal static string Show(double value) => ExactNumber.Show(value);

    /// <summary>A number of steps as descriptions show it, with the noun.</summary>
    internal static string ShowSteps(long steps) => steps == 1 ? "1 step" : ShowCount(steps) + " steps";

    /// <summary>A count as descriptions show it, thousands set apart.</summary>
    private protected static string ShowCount(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>(1 − p)·from + p·to: the convex combination that every shape with two ends is made of.</summary>
    /// <remarks>Rounding may carry the sum past an end by a unit in the last place; the promise to stay between the ends is worth two comparisons.</remarks>
    internal static double Between(double from, double to, double progress)
        => Math.Clamp((1 - progress) * from + progress * to, Math.Min(from, to), Math.Max(from, to));

    /// <summary>from^(1−p)·to^p for two numbers of one sign: the geometric mean of the ends, which is how an exponential curve goes from one to the other.</summary>
    private protected static double GeometricallyBetween(double from, double to, double progress)
        => Math.Clamp(from * Math.Pow(to / from, progress), Math.Min(from, to), Math.Max(from, to));
}
