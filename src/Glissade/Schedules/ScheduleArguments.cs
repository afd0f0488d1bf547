using System.Runtime.CompilerServices;

namespace Glissade.Schedules;

/// <summary>The checks that the parameters of schedules share; each gives back the value it has checked.</summary>
internal static class ScheduleArguments
{
    /// <summary>Any finite number: a hyperparameter may have either sign.</summary>
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) ? value : throw Bad(name, value, "must be a finite number");

    /// <summary>Finite and 0 or more: factors and rates of decay.</summary>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) && value >= 0 ? value : throw Bad(name, value, "must be finite and 0 or more");

    /// <summary>Finite and above 0.</summary>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) && value > 0 ? value : throw Bad(name, value, "must be finite and above 0");

    /// <summary>Finite and not 0: what is divided by.</summary>
    public static double NotZero(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) && value != 0 ? value : throw Bad(name, value, "must be finite and not 0");

    /// <summary>Finite, not 0 and of the sign of another: the two ends of an exponential curve.</summary>
    public static double OfSign(double value, double other, [CallerArgumentExpression(nameof(value))] string name = "")
        => double.IsFinite(value) && (value > 0 == other > 0) && value != 0 && double.IsFinite(value / other) && value / other > 0
            ? value
            : throw Bad(name, value, $"must be finite, not 0, of the same sign as {Schedule.Show(other)} and not beyond all proportion to it");

    /// <summary>From 0 to 1.</summary>
    public static double Share(double value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value is >= 0 and <= 1 ? value : throw Bad(name, value, "must be from 0 to 1");

    /// <summary>A number of steps: 1 or more.</summary>
    public static long Steps(long value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= 1 ? value : throw Bad(name, value, "is a number of steps and must be 1 or more");

    /// <summary>A part of a composition: present.</summary>
    public static Schedule Part(Schedule? value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value ?? throw new ArgumentNullException(name);

    private static ArgumentOutOfRangeException Bad(string name, object value, string right) => new(name, value, $"'{name}' {right}.");
}
