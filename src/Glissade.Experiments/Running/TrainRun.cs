using System.Collections.Immutable;
using Glissade.Experiments.Recording;
using Glissade.Experiments.Sections;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>Runs an experiment of the kind <c>train</c>.</summary>
internal static class TrainRun
{
    /// <summary>Runs it, or goes on with it, and writes its model.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="folder">Where the record is kept.</param>
    /// <param name="resume">Whether to go on from the folder's last state.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Ends it after the current step, with the state saved.</param>
    public static RunOutcome Execute(TrainExperiment experiment, RunFolder folder, bool resume, IRunObserver? observer, CancellationToken cancellation)
    {
        var trainer = new Trainer(experiment.Network.Network, experiment.Loss, experiment.Chain) { Average = experiment.Average, Options = experiment.Options, Start = experiment.Start?.Start };
        TrainingResult result;
        using (var recorder = new RunRecorder(experiment, folder, observer))
        {
            result = trainer.Fit(experiment.Data.Data, recorder, new CheckpointFolder(folder.Checkpoints, experiment.Fingerprint), resume, cancellation);
        }

        ModelFile.Write(folder.Model, result.Session, result.Weights.Span, result.LayerStates.Span);
        ImmutableArray<RunFigure> figures = RunFigure.Of(result);
        return new RunOutcome(RunSummary.StatusOf(result.Status), result.Reason, result.Steps, figures, head => RunReporting.Make(head, experiment, folder, result))
        {
            Skipped = result.SkippedSteps,
            Restorations = [.. RunReporting.RestorationsOf(result, MetricsHistory.Read(folder.Metrics))],
        };
    }
}
