using System.Collections.Immutable;
using Glissade.Experiments.Reporting;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>What a run gave, whatever its kind.</summary>
/// <param name="Status">How it ended, in the words of <see cref="RunSummary.Status"/>.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Steps">Steps taken in all.</param>
/// <param name="Figures">The figures that sum it up.</param>
/// <param name="Report">Adds to a report, which says already how the run ended, what was recorded of it.</param>
internal sealed record RunOutcome(string Status, string Reason, long Steps, ImmutableArray<RunFigure> Figures, Func<RunReport, RunReport> Report)
{
    /// <summary>Steps that were not applied because something was not finite.</summary>
    public long Skipped { get; init; }

    /// <summary>Returns to the last sound state, in their order.</summary>
    public ImmutableArray<RestorationRecord> Restorations { get; init; } = [];
}
