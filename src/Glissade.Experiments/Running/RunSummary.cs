using System.Collections.Immutable;

namespace Glissade.Experiments.Running;

/// <summary>How a run ended: what the command prints and <c>result.json</c> holds.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Kind">The experiment's kind, such as <c>train</c>.</param>
/// <param name="Status"><c>completed</c>, <c>diverged</c>, <c>interrupted</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it ended, in a sentence.</param>
/// <param name="Seconds">Time spent in this process.</param>
/// <param name="Steps">Steps taken in all.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Metrics">Figures by name, such as <c>test_accuracy</c>; null where a figure is not finite.</param>
/// <param name="Run">The folder of the run.</param>
public sealed record RunSummary(
    string Name,
    string Kind,
    string Status,
    string Reason,
    double Seconds,
    long Steps,
    ulong Seed,
    ImmutableArray<KeyValuePair<string, double?>> Metrics,
    string Run)
{
    /// <summary>The summary as one JSON object on one line.</summary>
    public string ToJson() => throw new NotImplementedException();
}
