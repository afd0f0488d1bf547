using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Glissade.Experiments.Reporting;
using Glissade.Experiments.Sections;
using Glissade.Learning.Files;

namespace Glissade.Experiments.Running;

/// <summary>Reads an experiment file, checks all of it, runs it and keeps the record.</summary>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment.</summary>
    /// <param name="request">What to run, and how.</param>
    /// <param name="observer">Who watches; null for nobody.</param>
    /// <param name="cancellation">Ends the run after the current step, with the state saved; the status is then <c>interrupted</c>.</param>
    /// <returns>How it ended; of a file with variants, how each of them did. A run that is to be resumed but was finished already is not run again: its summary is given as it was kept.</returns>
    /// <exception cref="Input.InputException">The file, an assignment, the data or a saved state is wrong; all that is wrong is said at once, and nothing was run.</exception>
    /// <exception cref="IOException">The folder of the run cannot be written.</exception>
    public static RunSummary Run(RunRequest request, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ExperimentSet set = ExperimentReader.Read(request);
        RunSummary? finished = null;
        using RunFolder? folder = request.Resume
            ? RunResumption.Find(request.Folder, set, out finished)
            : request.Folder is { } given ? RunFolder.At(given) : RunFolder.Next(set.Header.Name);
        if (folder is null)
        {
            observer?.OnMessage($"the run in {request.Folder} is finished already: {finished!.Status}, {finished.Reason}");
            return finished!;
        }

        string text = set.ToYaml(folder.FolderPath);
        if (request.Resume)
        {
            RunFolder.RequireFiles(folder.FolderPath);
            folder.DeleteUnfinished();
            File.Delete(folder.Result);
            observer?.OnMessage($"going on with the run in {folder.FolderPath}");
        }
        else
        {
            AtomicFile.WriteText(ExperimentText.FileIn(folder.FolderPath), text);
        }

        foreach (string doubt in set.Variants.SelectMany(v => RunReporting.Doubts(v.Experiment)).Distinct())
        {
            observer?.OnMessage(doubt);
        }

        (RunSummary summary, Func<RunReport> report) = set.Single is { } one
            ? RunOne(one, folder, request.Resume, text, observer, cancellation)
            : VariantsRun.Execute(set, folder, text, observer, cancellation);

        // All steps over the seconds of this process alone would be a speed that never was.
        WriteReport(folder, () => request.Resume ? report() with { Seconds = double.NaN } : report(), observer);

        // Last, because its presence says that everything else is there.
        AtomicFile.WriteText(folder.Result, summary.ToJson() + "\n");
        return summary;
    }

    /// <summary>Runs one experiment in a folder that holds its text already; what is left to do is the report and the result.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="resume">Whether to go on from the folder's last state.</param>
    /// <param name="text">The experiment as the report shows it.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Ends it after the current step.</param>
    internal static (RunSummary Summary, Func<RunReport> Report) RunOne(
        Experiment experiment, RunFolder folder, bool resume, string text, IRunObserver? observer, CancellationToken cancellation)
    {
        DateTimeOffset started = DateTimeOffset.Now;
        long begun = Stopwatch.GetTimestamp();
        RunOutcome outcome = experiment is MinimizeExperiment minimize
            ? MinimizeRun.Execute(minimize, folder, resume, observer, cancellation)
            : TrainRun.Execute((TrainExperiment)experiment, folder, resume, observer, cancellation);
        var summary = new RunSummary(
            experiment.Header.Name,
            experiment.Header.Kind,
            outcome.Status,
            outcome.Reason,
            Stopwatch.GetElapsedTime(begun).TotalSeconds,
            outcome.Steps,
            experiment.Header.Seed,
            [.. outcome.Figures.Select(f => f.ToMetric())],
            folder.FolderPath)
        {
            Skipped = outcome.Skipped,
            Restorations = outcome.Restorations,
        };
        return (summary, () => outcome.Report(RunReporting.Head(summary, outcome.Figures, text, started)));
    }

    /// <summary>A report shows what is kept elsewhere: whatever goes wrong with it must not take the result along.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The result is worth more than the report, whatever befell that.")]
    private static void WriteReport(RunFolder folder, Func<RunReport> make, IRunObserver? observer)
    {
        try
        {
            ReportWriter.Write(folder.Report, make());
            if (!ReportWriter.HasPictures)
            {
                observer?.OnMessage("the report has tables only, because this build lacks the page that draws: it is made when Node.js is there at build time");
            }
        }
        catch (Exception fault)
        {
            observer?.OnMessage($"the report could not be written: {fault.Message}");
        }
    }
}
