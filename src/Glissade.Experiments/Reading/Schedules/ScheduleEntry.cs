using System.Collections.Immutable;
using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <summary>What a parameter of a schedule is, and so how it is written.</summary>
public enum ScheduleParameterKind
{
    /// <summary>A value that the schedule takes on.</summary>
    Value,

    /// <summary>A number of 0 or more that values are multiplied by.</summary>
    Factor,

    /// <summary>A number of 0 or more per step.</summary>
    Rate,

    /// <summary>A number above 0.</summary>
    Power,

    /// <summary>A number of steps, also as <c>5 epochs</c> or <c>10%</c>.</summary>
    Steps,

    /// <summary>A list of numbers of steps.</summary>
    Milestones,
}

/// <summary>A parameter of a schedule in a file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Meaning">What it means, in a few words.</param>
/// <param name="Default">The number it is where it is left out; null if it must be there.</param>
/// <param name="FollowsOn">
/// Whether it can be left out because of what surrounds it: a value is then that at which the schedule before it ends, a number of steps the rest
/// of the run.
/// </param>
public sealed record ScheduleParameter(string Name, ScheduleParameterKind Kind, string Meaning, double? Default = null, bool FollowsOn = false);

/// <summary>A schedule that a file can name.</summary>
/// <param name="Key">Its keyword.</param>
/// <param name="Formula">Its formula, on one line.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Main">The parameter that may stand right behind the keyword, the others then beside it: <c>{ warmup: 50, to: 0.003 }</c>.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record ScheduleEntry(string Key, string Formula, string Source, string Main, ImmutableArray<ScheduleParameter> Parameters)
{
    internal Func<ScheduleValues, Schedule> Make { get; init; } = _ => throw new NotSupportedException("An entry made outside the catalogue only describes.");
}

/// <summary>The values of the parameters of one schedule, by name.</summary>
internal sealed class ScheduleValues
{
    private readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<long>> _steps = new(StringComparer.Ordinal);

    public double Number(string name) => _numbers[name];

    public long Steps(string name) => _steps[name][0];

    public ImmutableArray<long> Milestones(string name) => _steps[name];

    public void Set(string name, double value) => _numbers[name] = value;

    public void Set(string name, ImmutableArray<long> steps) => _steps[name] = steps;
}
