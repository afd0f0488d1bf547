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

    /// <summary>A number of steps: 1 or more.</summary>
    public static long Steps(long value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value >= 1 ? value : throw Bad(name, value, "is a number of steps and must be 1 or more");

    /// <summary>A part of a composition: present.</summary>
    public static Schedule Part(Schedule? value, [CallerArgumentExpression(nameof(value))] string name = "")
        => value ?? throw new ArgumentNullException(name);

    private static ArgumentOutOfRangeException Bad(string name, object value, string right) => new(name, value, $"'{name}' {right}.");
}
