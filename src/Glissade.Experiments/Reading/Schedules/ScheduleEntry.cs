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

    /// <summary>A whole number of 1 or more.</summary>
    Count,

    /// <summary>A number from 0 to 1.</summary>
    Share,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>One of some words; the first where it is left out.</summary>
    Word,

    /// <summary>A list of pairs of a step, 0 or later, and a value: <c>[[0, 0.1], [5 epochs, 0.01]]</c>.</summary>
    Points,

    /// <summary>A schedule.</summary>
    Schedule,
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
public sealed record ScheduleParameter(string Name, ScheduleParameterKind Kind, string Meaning, double? Default = null, bool FollowsOn = false)
{
    /// <summary>The words that are right.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>Whether it may be left out without standing for a number; its meaning then says what that means.</summary>
    public bool IsOptional { get; init; }
}

/// <summary>A schedule that a file can name.</summary>
/// <param name="Key">Its keyword.</param>
/// <param name="Formula">Its formula, on one line.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Main">The parameter that may stand right behind the keyword, the others then beside it: <c>{ warmup: 50, to: 0.003 }</c>.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record ScheduleEntry(string Key, string Formula, string Source, string Main, ImmutableArray<ScheduleParameter> Parameters)
{
    /// <summary>Whether it only prepares what is meant, so that a run which ends before it does is a mistake.</summary>
    public bool IsWarmup { get; init; }

    internal Func<ScheduleValues, Schedule> Make { get; init; } = _ => throw new NotSupportedException("An entry made outside the catalogue only describes.");
}

/// <summary>The values of the parameters of one schedule, by name.</summary>
internal sealed class ScheduleValues
{
    private readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<long>> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _others = new(StringComparer.Ordinal);

    public double Number(string name) => _numbers[name];

    public long Steps(string name) => _steps[name][0];

    public ImmutableArray<long> Milestones(string name) => _steps[name];

    /// <summary>Steps that may be left out.</summary>
    public long? StepsOrNull(string name) => _steps.TryGetValue(name, out ImmutableArray<long> steps) ? steps[0] : null;

    public long Count(string name) => (long)_numbers[name];

    public bool Boolean(string name) => _numbers[name] != 0;

    public string Word(string name) => (string)_others[name];

    public ImmutableArray<SchedulePoint> Points(string name) => (ImmutableArray<SchedulePoint>)_others[name];

    public Schedule Schedule(string name) => (Schedule)_others[name];

    public void Set(string name, object value) => _others[name] = value;

    public void Set(string name, double value) => _numbers[name] = value;

    public void Set(string name, ImmutableArray<long> steps) => _steps[name] = steps;
}
