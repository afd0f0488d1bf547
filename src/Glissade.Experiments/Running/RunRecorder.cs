using Glissade.Experiments.Recording;
using Glissade.Experiments.Sections;
using Glissade.Learning.Files;
using Glissade.Learning.Training;
using Glissade.Learning.WarmStarts;

namespace Glissade.Experiments.Running;

/// <summary>Stands between a training and those who watch: records first, then tells.</summary>
internal sealed class RunRecorder(TrainExperiment experiment, RunFolder folder, IRunObserver? observer) : ITrainingObserver, IDisposable
{
    private MetricsLog? _log;

    /// <inheritdoc/>
    public void OnStart(TrainingSession session)
    {
        _log = new MetricsLog(folder.Metrics, session.StepsTaken, session.Progress.Restorations, session.Updater);
        if (session.Progress.RestorationRecords is [.., var last] && last.Step == session.StepsTaken)
        {
            _log.Require(last);
        }

        observer?.OnStart(new RunStart(
            experiment.Header.Name,
            experiment.Header.Kind,
            folder.FolderPath,
            experiment.Header.Seed,
            experiment.Options.Epochs,
            experiment.Options.Epochs * experiment.StepsPerEpoch,
            session.StepsTaken,
            session.Parameters.Length,
            experiment.Describe())
        {
            Skipped = session.Progress.Skipped,
            Restorations = session.Progress.Restorations,
        });
        foreach (string lack in MissingSteps.Tell(folder.Metrics, _log, 1, session.StepsTaken))
        {
            observer?.OnMessage(lack);
        }
    }

    /// <inheritdoc/>
    public void OnWarmStart(WarmStartReport report)
    {
        AtomicFile.WriteText(folder.Start, report.ToString());
        observer?.OnMessage($"begins with {experiment.Start?.File}: {report.ToString().TrimEnd()}");
    }

    /// <inheritdoc/>
    public void OnStep(in StepRecord record)
    {
        _log?.Write(record);
        observer?.OnStep(record);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochRecord record)
    {
        _log?.Write(record);
        observer?.OnEpoch(record);
    }

    /// <inheritdoc/>
    public void OnRestore(RestorationRecord record)
    {
        _log?.Write(record);
        observer?.OnRestore(record);
        observer?.OnMessage(RunReporting.Describe(record));
    }

    /// <inheritdoc/>
    public void OnCheckpoint() => _log?.Flush();

    /// <inheritdoc/>
    public void Dispose() => _log?.Dispose();
}
