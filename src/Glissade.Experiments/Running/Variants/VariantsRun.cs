using System.Collections.Immutable;
using System.Diagnostics;
using Glissade.Experiments.Reporting;
using Glissade.Experiments.Sections;
using Glissade.Learning.Files;

namespace Glissade.Experiments.Running;

/// <summary>Runs the variants of a file one after another, each in a folder of its own below that of the run.</summary>
/// <remarks>
/// A variant that diverges is a finding, not a failure: the others run all the same, and the whole is completed. An interruption ends the variant under way
/// and begins no other; resumed, those that were finished stay as they are, the interrupted one goes on, and the rest follows.
/// </remarks>
internal static class VariantsRun
{
    /// <summary>Runs what is not finished yet.</summary>
    /// <param name="set">The variants.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="text">The experiment as the report shows it.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Ends the variant under way after its current step.</param>
    public static (RunSummary Summary, Func<RunReport> Report) Execute(ExperimentSet set, RunFolder folder, string text, IRunObserver? observer, CancellationToken cancellation)
    {
        // Of all variants, before the first goes on.
        foreach (ExperimentVariant variant in set.Variants)
        {
            RunFolder.RequireFiles(Path.Combine(folder.FolderPath, variant.Name));
        }

        DateTimeOffset started = DateTimeOffset.Now;
        long begun = Stopwatch.GetTimestamp();
        var ended = ImmutableArray.CreateBuilder<KeyValuePair<string, RunSummary>>();
        foreach (ExperimentVariant variant in set.Variants)
        {
            ended.Add(KeyValuePair.Create(variant.Name, Run(variant, Path.Combine(folder.FolderPath, variant.Name), observer, cancellation)));
            if (ended[^1].Value.Status == RunSummary.Interrupted)
            {
                break;
            }
        }

        ImmutableArray<KeyValuePair<string, RunSummary>> all = ended.ToImmutable();
        (string status, string reason) = Judge(all);
        var summary = new RunSummary(
            set.Header.Name,
            set.Header.Kind,
            status,
            reason,
            Stopwatch.GetElapsedTime(begun).TotalSeconds,
            all.Sum(v => v.Value.Steps),
            set.Header.Seed,
            [],
            folder.FolderPath)
        { Variants = all };
        return (summary, () => VariantsReporting.Make(RunReporting.Head(summary, [], text, started), set, summary));
    }

    private static RunSummary Run(ExperimentVariant variant, string path, IRunObserver? observer, CancellationToken cancellation)
    {
        Experiment experiment = variant.Experiment;
        bool isBegun = ExperimentText.FingerprintIn(path) == experiment.Fingerprint;
        if (isBegun && RunSummary.Load(RunFolder.ResultIn(path)) is { Status: not RunSummary.Interrupted } finished)
        {
            return finished;
        }

        using RunFolder folder = isBegun ? RunFolder.TryTake(path) ?? throw RunFolder.InUse(path) : RunFolder.At(path);
        string text = experiment.ToYaml(path);
        if (isBegun)
        {
            folder.DeleteUnfinished();
            File.Delete(folder.Result);
        }
        else
        {
            AtomicFile.WriteText(ExperimentText.FileIn(path), text);
        }

        RunSummary summary = ExperimentRunner.RunOne(experiment, folder, isBegun, text, observer, cancellation).Summary;
        AtomicFile.WriteText(folder.Result, summary.ToJson() + "\n");
        return summary;
    }

    private static (string Status, string Reason) Judge(ImmutableArray<KeyValuePair<string, RunSummary>> ended)
    {
        if (ended[^1] is { Value.Status: RunSummary.Interrupted } last)
        {
            return (RunSummary.Interrupted, $"in the variant '{last.Key}' {last.Value.Reason}");
        }

        string[] diverged = [.. ended.Where(v => v.Value.Status == RunSummary.Diverged).Select(v => v.Key)];
        string all = FormattableString.Invariant($"{ended.Length} variants are done");
        return (RunSummary.Completed, diverged.Length == 0 ? all : $"{all}; diverged: {string.Join(", ", diverged)}");
    }
}
