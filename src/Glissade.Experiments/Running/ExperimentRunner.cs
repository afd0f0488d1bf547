using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Glissade.Experiments.Recording;
using Glissade.Experiments.Reporting;
using Glissade.Experiments.Sections;
using Glissade.Learning.Files;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>Reads an experiment file, checks all of it, runs it and keeps the record.</summary>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment.</summary>
    /// <param name="request">What to run, and how.</param>
    /// <param name="observer">Who watches; null for nobody.</param>
    /// <param name="cancellation">Ends the run after the current step, with the state saved; the status is then <c>interrupted</c>.</param>
    /// <returns>How it ended. A run that is to be resumed but was finished already is not run again: its summary is given as it was kept.</returns>
    /// <exception cref="Input.InputException">The file, an assignment, the data or a saved state is wrong; all that is wrong is said at once, and nothing was run.</exception>
    /// <exception cref="IOException">The folder of the run cannot be written.</exception>
    public static RunSummary Run(RunRequest request, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset started = DateTimeOffset.Now;
        long begun = Stopwatch.GetTimestamp();
        TrainExperiment experiment = ExperimentReader.Read(request);
        RunSummary? finished = null;
        using RunFolder? folder = request.Resume
            ? RunResumption.Find(request.Folder, experiment, out finished)
            : request.Folder is { } given ? RunFolder.At(given) : RunFolder.Next(experiment.Header.Name);
        if (folder is null)
        {
            observer?.OnMessage($"the run in {request.Folder} is finished already: {finished!.Status}, {finished.Reason}");
            return finished!;
        }

        if (request.Resume)
        {
            folder.DeleteUnfinished();
            File.Delete(folder.Result);
            observer?.OnMessage($"going on with the run in {folder.FolderPath}");
        }
        else
        {
            AtomicFile.WriteText(TrainExperiment.FileIn(folder.FolderPath), experiment.ToYaml(folder.FolderPath));
        }

        foreach (string doubt in RunReporting.Doubts(experiment))
        {
            observer?.OnMessage(doubt);
        }

        TrainingResult result = Train(experiment, folder, request.Resume, observer, cancellation);
        ModelFile.Write(folder.Model, result.Session, result.Weights.Span);
        ImmutableArray<RunFigure> figures = RunFigure.Of(result);
        var summary = new RunSummary(
            experiment.Header.Name,
            experiment.Header.Kind,
            RunSummary.StatusOf(result.Status),
            result.Reason,
            Stopwatch.GetElapsedTime(begun).TotalSeconds,
            result.Steps,
            experiment.Header.Seed,
            [.. figures.Select(f => f.ToMetric())],
            folder.FolderPath)
        {
            Skipped = result.SkippedSteps,
            Restorations = [.. MetricsHistory.Read(folder.Metrics).Restorations],
        };
        WriteReport(folder, () =>
        {
            RunReport report = RunReporting.Make(experiment, folder, result, summary, figures, started);

            // All steps over the seconds of this process alone would be a speed that never was.
            return request.Resume ? report with { Seconds = double.NaN } : report;
        }, observer);

        // Last, because its presence says that everything else is there.
        AtomicFile.WriteText(folder.Result, summary.ToJson() + "\n");
        return summary;
    }

    private static TrainingResult Train(TrainExperiment experiment, RunFolder folder, bool resume, IRunObserver? observer, CancellationToken cancellation)
    {
        var trainer = new Trainer(experiment.Network.Network, experiment.Loss, experiment.Chain) { Average = experiment.Average, Options = experiment.Options, Start = experiment.Start?.Start };
        using var recorder = new RunRecorder(experiment, folder, observer);
        return trainer.Fit(experiment.Data.Data, recorder, new CheckpointFolder(folder.Checkpoints, experiment.Fingerprint), resume, cancellation);
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
