namespace Glissade.Experiments.Reading;

/// <summary>What a schedule in a file may refer to without saying it.</summary>
/// <param name="TotalSteps">Steps of the whole run, for percentages and for schedules that take the rest of it; null where that is not known.</param>
/// <param name="StepsPerEpoch">Steps of one pass over the data, for durations in epochs; null where there are no epochs.</param>
public sealed record ScheduleContext(long? TotalSteps = null, long? StepsPerEpoch = null);
