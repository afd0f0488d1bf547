using System.Runtime.CompilerServices;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Checks of hyperparameters where a rule is made, by the value at the first step.</summary>
internal static class Hyperparameter
{
    /// <summary>The schedule, if it begins in [0, 1).</summary>
    public static Schedule Decay(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v is >= 0 and < 1, "in [0, 1)");

    /// <summary>The schedule, if it begins in [0, 1].</summary>
    public static Schedule Share(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v is >= 0 and <= 1, "in [0, 1]");

    /// <summary>The schedule, if it begins at 0 or more.</summary>
    public static Schedule NotNegative(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v >= 0 && double.IsFinite(v), "0 or more and finite");

    /// <summary>The schedule, if it begins at a finite number.</summary>
    public static Schedule Finite(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, double.IsFinite, "finite");

    /// <summary>The number, if it is 0 or more.</summary>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} must be 0 or more and finite, not {value}."));

    /// <summary>The number, if it is above 0.</summary>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} must be above 0 and finite, not {value}."));

    /// <summary>The schedule, if it begins above 0.</summary>
    public static Schedule Positive(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v > 0 && double.IsFinite(v), "above 0 and finite");

    /// <summary>The schedule, if it begins at 1 or more.</summary>
    public static Schedule AtLeastOne(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") =>
        Check(schedule, name, v => v >= 1 && double.IsFinite(v), "1 or more and finite");

    private static Schedule Check(Schedule schedule, string name, Predicate<double> isRight, string right)
    {
        ArgumentNullException.ThrowIfNull(schedule, name);
        double first = schedule.At(0);
        return isRight(first)
            ? schedule
            : throw new ArgumentOutOfRangeException(name, first, FormattableString.Invariant($"{name} must be {right}, but begins at {first}."));
    }
}
