using System.Collections.Immutable;
using System.Globalization;
using Glissade.Experiments.Recording;
using Glissade.Experiments.Reporting;
using Glissade.Experiments.Sections;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Experiments.Running;

/// <summary>Makes the report of a run of what was recorded of it.</summary>
internal static class RunReporting
{
    private static readonly string LearningRateName = new LearningRate(1).Name;

    /// <summary>What the summary says of a run, and what it ran on.</summary>
    /// <param name="summary">How it ended.</param>
    /// <param name="figures">Its figures.</param>
    /// <param name="experiment">The experiment as it was run.</param>
    /// <param name="started">When it began.</param>
    public static RunReport Head(RunSummary summary, ImmutableArray<RunFigure> figures, string experiment, DateTimeOffset started) => new()
    {
        Name = summary.Name,
        Kind = summary.Kind,
        Status = StatusOf(summary),
        Reason = summary.Reason,
        Seed = summary.Seed,
        Seconds = summary.Seconds,
        Started = started,
        Experiment = experiment,
        Machine = Machine.Describe(),
        Steps = summary.Steps,
        Metrics = [.. figures.Select(f => f.ToReport())],
    };

    /// <summary>The status as a report has it.</summary>
    public static ReportStatus StatusOf(RunSummary summary) => summary.Status switch
    {
        RunSummary.Completed => ReportStatus.Completed,
        RunSummary.Diverged => ReportStatus.Diverged,
        _ => ReportStatus.Interrupted,
    };

    /// <summary>The report of a training.</summary>
    /// <param name="head">What the summary says.</param>
    /// <param name="experiment">What was run.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="result">What training gave.</param>
    public static RunReport Make(RunReport head, TrainExperiment experiment, RunFolder folder, TrainingResult result)
    {
        MetricsHistory history = MetricsHistory.Read(folder.Metrics);
        Evaluation shown = result.Test ?? result.Training;
        TrainingData data = experiment.Data.Data;
        return head with
        {
            Parameters = experiment.Network.Built.Layout.Length,
            StepsPerEpoch = experiment.StepsPerEpoch,
            Network = [.. experiment.Network.Built.Layers.Select(Layer)],
            Series = [.. Series(history, experiment.Loss.Name).Where(s => s.Steps.Count > 0)],
            Marks = new ReportMarks { Clipped = history.Clipped, Skipped = history.Skipped },
            ClipBound = ClipBound(experiment.Chain),
            Best = data.Validation is not null && result.BestEpoch > 0 ? new ReportBest(result.BestEpoch * experiment.StepsPerEpoch, "best validation loss") : null,
            Confusion = shown.Confusion is { } counts ? new ReportConfusion(data.Training.ClassNames, counts) : null,
            Predictions = shown is { Truth: { } truth, Predicted: { } predicted } ? new ReportPredictions(data.Training.TargetName, "", truth, predicted) : null,
            Warnings = [.. Warnings(experiment, result, history), .. Gaps(experiment, folder.Metrics, history, result.Steps)],
        };
    }

    /// <summary>What is allowed but seldom meant; told before the run, and in the report.</summary>
    /// <param name="experiment">What is run.</param>
    public static IEnumerable<string> Doubts(Experiment experiment)
    {
        if (!experiment.Chain.Rules.Any(rule => rule.Name == LearningRateName))
        {
            yield return "There is no learning-rate under update, so every step is taken whole, as with a rate of 1.";
        }
    }

    /// <summary>What the record of a run lacks, if anything.</summary>
    /// <param name="experiment">What was run.</param>
    /// <param name="path">The metrics file.</param>
    /// <param name="history">What it tells.</param>
    /// <param name="steps">Steps taken.</param>
    public static IEnumerable<string> Gaps(Experiment experiment, string path, MetricsHistory history, long steps) =>
        MissingSteps.Describe(path, history, experiment is MinimizeExperiment ? 0 : 1, steps) is { } missing ? [missing] : [];

    /// <summary>The restorations of a run, as the summary tells of them. The state knows them all, unless it was saved before it told of them; the record may be lost.</summary>
    /// <param name="result">What training gave.</param>
    /// <param name="history">What was recorded of it.</param>
    public static IEnumerable<RestorationRecord> RestorationsOf(TrainingResult result, MetricsHistory history)
    {
        ImmutableArray<RestorationRecord> known = result.Session.Progress.RestorationRecords;
        return known.Length == result.Restorations ? known.Select(r => r with { Skipped = 0 }) : history.Restorations;
    }

    /// <summary>A return to a sound state in a sentence.</summary>
    public static string Describe(RestorationRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"restoration {record.Number}: {record.Reason}; back to {(record.Epoch == 0 ? "the start" : $"the state after epoch {record.Epoch}")} (step {record.Step}), the learning rate now {record.Factor:G4} of its schedule");

    /// <summary>The share of elements that the rule clipped over the second half of the steps; 0 without it.</summary>
    private static double SophiaClips(MetricsHistory history, long steps)
    {
        if (!history.Clips.TryGetValue(Updates.Sophia.Scaling().Name, out MetricsHistory.Curve? curve))
        {
            return 0;
        }

        long from = steps / 2;
        return curve.Steps.Zip(curve.Values).Where(point => point.First > from).Sum(point => point.Second) / (steps - from);
    }

    private static IEnumerable<string> Warnings(TrainExperiment experiment, TrainingResult result, MetricsHistory history)
    {
        foreach (string doubt in Doubts(experiment))
        {
            yield return doubt;
        }

        if (result.SkippedSteps > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{result.SkippedSteps:N0} of {result.Steps:N0} steps were skipped, because {Causes(history)}{(result.Session.Progress.LossScale is null ? "" : "; a dynamic loss scale finds its bound by that")}.");
        }

        if (SophiaClips(history, result.Steps) is > 0.9 and var clipped)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"In the second half of the run 'sophia' clipped {clipped:P0} of its elements, so its steps were little more than signs; the authors want 10 to 50%, which a greater gamma gives.");
        }

        foreach (RestorationRecord restoration in RestorationsOf(result, history))
        {
            string told = Describe(restoration);
            yield return char.ToUpperInvariant(told[0]) + told[1..] + ".";
        }

        if (result.Status == TrainingStatus.Diverged)
        {
            yield return $"The run diverged; the figures are those of the last sound weights, after epoch {result.Epochs}.";
        }

        if (result.Test is null)
        {
            yield return "No part of the data was kept for a test; what is shown was measured on the examples learned from.";
        }
    }

    private static string Causes(MetricsHistory history) => history.SkipReasons.Count == 0
        ? "their loss or gradient was not finite"
        : string.Join(" and ", history.SkipReasons.Select(r => string.Create(CultureInfo.InvariantCulture, $"the {r.Key} was not finite (at {r.Value:N0})")));

    private static ReportLayer Layer(BuiltLayer layer)
    {
        int inputs = layer.Parameters.IsEmpty ? 0 : layer.Parameters[0].FanIn;
        string text = layer.Layer is Dense dense ? string.Create(CultureInfo.InvariantCulture, $"{layer.Name}: dense {inputs} → {dense.Units}") : layer.Layer.ToString();
        return new ReportLayer(text, layer.Output.ToString(), layer.ParameterCount);
    }

    /// <summary>The curves of a training.</summary>
    /// <param name="history">What was recorded.</param>
    /// <param name="loss">The name of the loss.</param>
    public static IEnumerable<ReportSeries> Series(MetricsHistory history, string loss)
    {
        MetricsNames.PartNames validation = MetricsNames.Validation, test = MetricsNames.Test;
        yield return Curve("train", ReportGroups.Loss, loss, history[MetricsNames.Loss]) with { Logarithmic = true };
        yield return Curve("validation", ReportGroups.Loss, loss, history[validation.Loss]) with { Logarithmic = true };
        yield return Curve("test", ReportGroups.Loss, loss, history[test.Loss]) with { Logarithmic = true };
        yield return Curve("validation", ReportGroups.Accuracy, "share right", history[validation.Accuracy]);
        yield return Curve("test", ReportGroups.Accuracy, "share right", history[test.Accuracy]);
        yield return Curve("validation", ReportGroups.RSquared, "R²", history[validation.RSquared]);
        yield return Curve("test", ReportGroups.RSquared, "R²", history[test.RSquared]);
        yield return Curve("learning rate", ReportGroups.LearningRate, "", history[MetricsNames.LearningRate]);
        foreach ((string name, MetricsHistory.Curve curve) in history.Hyperparameters)
        {
            // A picture for each: a momentum and a temperature have no scale in common.
            yield return Curve(name, name, "", curve);
        }

        foreach ((string rule, MetricsHistory.Curve curve) in history.Clips)
        {
            yield return Curve(rule, ReportGroups.Clipped, "share of elements", curve) with { Kind = ReportSeriesKind.Points };
        }

        yield return Curve("norm", ReportGroups.GradientNorm, "L2 norm", history[MetricsNames.GradientNorm]) with { Logarithmic = true };
    }

    /// <summary>A curve.</summary>
    public static ReportSeries Curve(string name, string group, string axis, MetricsHistory.Curve curve) =>
        new() { Name = name, Group = group, Axis = axis, Steps = curve.Steps, Values = curve.Values };

    /// <summary>The bound on the norm that is drawn: only a rule that sees the gradient itself, and a bound that stands still, can be drawn as a line.</summary>
    public static double? ClipBound(Chain chain) =>
        chain.Rules is [ClipByGlobalNorm { Bound: ConstantSchedule bound }, ..] ? bound.Value : null;
}
