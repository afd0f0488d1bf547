using System.Runtime.CompilerServices;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Checks of hyperparameters where a rule is made: of a schedule, the value at the first step and the bounds of all that follow.</summary>
/// <remarks>
/// Later values may come as near to an end of the range as rounding lets them, where the first must keep within: a decay may grow towards 1. Of curves made of
/// factors the bounds may lie outside the values (<see cref="Schedule.Bounds"/>); <see cref="Schedule.Clamp"/> keeps them in.
/// </remarks>
internal static class Hyperparameter
{
    // Further than any run goes, and near enough for a schedule to square it.
    private const long Horizon = int.MaxValue;

    /// <summary>The schedule, if it begins in [0, 1) and stays in [0, 1].</summary>
    public static Schedule Decay(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v is >= 0 and < 1, 0, 1, "in [0, 1)");

    /// <summary>The schedule, if it begins and stays in [0, 1].</summary>
    public static Schedule Share(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v is >= 0 and <= 1, 0, 1, "in [0, 1]");

    /// <summary>The schedule, if it begins and stays at 0 or more.</summary>
    public static Schedule NotNegative(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v >= 0 && double.IsFinite(v), 0, double.PositiveInfinity, "0 or more and finite");

    /// <summary>The schedule, if it begins at a finite number.</summary>
    public static Schedule Finite(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, double.IsFinite, double.NegativeInfinity, double.PositiveInfinity, "finite");

    /// <summary>The number, if it is 0 or more.</summary>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} must be 0 or more and finite, not {value}."));

    /// <summary>The number, if it is above 0.</summary>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} must be above 0 and finite, not {value}."));

    /// <summary>The schedule, if it begins above 0 and stays at 0 or more.</summary>
    public static Schedule Positive(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v > 0 && double.IsFinite(v), 0, double.PositiveInfinity, "above 0 and finite");

    /// <summary>The schedule, if it begins and stays at 1 or more.</summary>
    public static Schedule AtLeastOne(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v >= 1 && double.IsFinite(v), 1, double.PositiveInfinity, "1 or more and finite");

    private static Schedule Check(Schedule schedule, string name, Predicate<double> isRight, double least, double greatest, string right)
    {
        ArgumentNullException.ThrowIfNull(schedule, name);
        double first = schedule.At(0);
        if (!isRight(first))
        {
            throw new ArgumentOutOfRangeException(name, first, FormattableString.Invariant($"{name} must be {right}, but begins at {first}."));
        }

        (double low, double high) = schedule.Bounds(Math.Min(schedule.Length ?? Horizon, Horizon));
        return low >= least && high <= greatest
            ? schedule
            : throw new ArgumentOutOfRangeException(
                name, low >= least ? high : low, FormattableString.Invariant($"{name} must be {right} at every step, but comes to {(low >= least ? high : low)} ({schedule})."));
    }
}
