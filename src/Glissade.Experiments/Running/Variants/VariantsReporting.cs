using Glissade.Experiments.Problems;
using Glissade.Experiments.Recording;
using Glissade.Experiments.Reporting;
using Glissade.Experiments.Sections;

namespace Glissade.Experiments.Running;

/// <summary>Makes the one report of several variants of what was recorded of each.</summary>
internal static class VariantsReporting
{
    /// <summary>The report.</summary>
    /// <param name="head">What the summary says.</param>
    /// <param name="set">What was run.</param>
    /// <param name="summary">How each variant ended.</param>
    public static RunReport Make(RunReport head, ExperimentSet set, RunSummary summary)
    {
        Shown[] shown = [.. summary.Variants.Select((v, i) => Shown.Of(set.Variants[i], v.Value, Path.Combine(summary.Run, v.Key, RunFolder.MetricsName)))];
        double?[] stepsPerEpoch = [.. set.Variants.Select(v => (double?)(v.Experiment as TrainExperiment)?.StepsPerEpoch).Distinct()];
        return head with
        {
            Parameters = shown.Select(Parameters).Distinct().ToArray() is [var same] ? same : 0,
            StepsPerEpoch = stepsPerEpoch is [var perEpoch] ? perEpoch : null,
            Series = [.. shown.SelectMany(Series).Where(s => s.Steps.Count > 0)],
            Variants = [.. shown.Select(Row)],
            Landscape = Landscape(shown),
            Warnings =
            [
                .. set.Variants.SelectMany(v => RunReporting.Doubts(v.Experiment).Select(doubt => $"{v.Name}: {doubt}")),
                .. shown.SelectMany(v => RunReporting.Gaps(v.Variant.Experiment, v.Metrics, v.History, v.Summary.Steps).Select(gap => $"{v.Variant.Name}: {gap}")),
            ],
        };
    }

    private static ReportVariant Row(Shown variant) => new(
        variant.Variant.Name,
        RunReporting.StatusOf(variant.Summary),
        variant.Summary.Reason,
        variant.Summary.Steps,
        [.. variant.Summary.Metrics.Select(m => RunFigure.Of(m.Key, m.Value ?? double.NaN).ToReport())])
    {
        Marks = new ReportMarks { Clipped = variant.History.Clipped, Skipped = variant.History.Skipped },
        ClipBound = RunReporting.ClipBound(variant.Variant.Experiment.Chain),
    };

    private static IEnumerable<ReportSeries> Series(Shown variant) =>
        (variant.Variant.Experiment is TrainExperiment train ? RunReporting.Series(variant.History, train.Loss.Name) : MinimizeReporting.Series(variant.History))
        .Select(series => series with { Variant = variant.Variant.Name });

    private static long Parameters(Shown variant) => variant.Variant.Experiment switch
    {
        TrainExperiment train => train.Network.Built.Layout.Length,
        MinimizeExperiment minimize => minimize.Problem.Layout.Length,
        _ => 0,
    };

    /// <summary>Ways are drawn over one function only: where variants change it, there are none.</summary>
    private static ReportLandscape? Landscape(Shown[] shown)
    {
        Problem[] problems = [.. shown.Select(v => v.Variant.Experiment).OfType<MinimizeExperiment>().Select(e => e.Problem)];
        bool isOne = problems.Length > 0 && problems.All(p => p.Name == problems[0].Name && p.Constants.SequenceEqual(problems[0].Constants));
        return isOne
            ? MinimizeReporting.Landscape(
                problems[0],
                [.. shown.Select(v => MinimizeReporting.Path(v.Variant.Name, v.History))],
                [.. shown.Select(v => v.Summary.Status != RunSummary.Diverged)])
            : null;
    }

    private sealed record Shown(ExperimentVariant Variant, RunSummary Summary, string Metrics, MetricsHistory History)
    {
        public static Shown Of(ExperimentVariant variant, RunSummary summary, string metrics) => new(variant, summary, metrics, MetricsHistory.Read(metrics));
    }
}
