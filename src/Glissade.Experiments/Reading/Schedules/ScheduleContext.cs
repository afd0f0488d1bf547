namespace Glissade.Experiments.Reading;

/// <summary>What a schedule in a file may refer to without saying it.</summary>
/// <param name="TotalSteps">Steps of the whole run, for percentages and for schedules that take the rest of it; null where that is not known.</param>
/// <param name="StepsPerEpoch">Steps of one pass over the data, for durations in epochs; null where there are no epochs. No whole number where a step may reach over two of them.</param>
public sealed record ScheduleContext(long? TotalSteps = null, double? StepsPerEpoch = null)
{
    /// <summary>The context where so many batches make a step.</summary>
    /// <param name="batches">Batches of a step, 1 or more.</param>
    public ScheduleContext Accumulated(int batches) => new(TotalSteps is { } steps ? Math.Max(1, steps / batches) : null, StepsPerEpoch / batches);
}
