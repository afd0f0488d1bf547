using System.Collections.Immutable;

namespace Glissade.Experiments.Reading;

/// <summary>The schedules that a file can name. The reader and the list shown to people both come from here.</summary>
public static partial class ScheduleCatalog
{
    private static readonly ScheduleParameter From = new("from", ScheduleParameterKind.Value, "value at the first step", FollowsOn: true);
    private static readonly ScheduleParameter To = new("to", ScheduleParameterKind.Value, "value at the end and after");
    private static readonly ScheduleParameter ToZero = To with { Default = 0 };
    private static readonly ScheduleParameter Steps = new("steps", ScheduleParameterKind.Steps, "steps from one end to the other", FollowsOn: true);
    private static readonly ScheduleParameter Factor = new("factor", ScheduleParameterKind.Factor, "what the value is multiplied by");
    private static readonly ScheduleParameter Rate = new("rate", ScheduleParameterKind.Rate, "decay per step");

    /// <summary>All of them.</summary>
    public static ImmutableArray<ScheduleEntry> All { get; } = [.. Shapes(), .. Cycles(), .. Recipes()];

    /// <summary>The keywords.</summary>
    public static ImmutableArray<string> Keys { get; } = [.. All.Select(entry => entry.Key)];

    /// <summary>The schedule of a keyword, or null.</summary>
    /// <param name="key">The keyword.</param>
    public static ScheduleEntry? Find(string key) => All.FirstOrDefault(entry => entry.Key == key);
}
