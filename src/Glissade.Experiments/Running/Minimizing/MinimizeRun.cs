using System.Collections.Immutable;
using System.Globalization;
using Glissade.Experiments.Problems;
using Glissade.Experiments.Recording;
using Glissade.Experiments.Sections;
using Glissade.Learning.Training;
using Glissade.Updates;

namespace Glissade.Experiments.Running;

/// <summary>Runs an experiment of the kind <c>minimize</c>.</summary>
/// <remarks>Its state is kept once a second and when it ends; one that was interrupted or killed goes on from there, and comes by the bits of one that never stopped.</remarks>
internal static class MinimizeRun
{
    // A value this many times the first one will not come back.
    private const double DivergenceFactor = 1e6, LeastFirstValue = 1e-3;

    /// <summary>Runs it, or goes on with it.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="folder">Where the record is kept.</param>
    /// <param name="resume">Whether to go on from the folder's last state, if there is one.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Ends it after the current step, with the state saved.</param>
    /// <exception cref="Input.InputException">The saved state is damaged or belongs to another run.</exception>
    public static RunOutcome Execute(MinimizeExperiment experiment, RunFolder folder, bool resume, IRunObserver? observer, CancellationToken cancellation)
    {
        var search = new Minimization(experiment.Problem, experiment.Chain, experiment.Average, experiment.Header.Seed);
        var checkpoints = new MinimizeCheckpoints(folder.Checkpoints, experiment.Fingerprint);
        double first = search.Value, lowest = first;
        bool goesOn = resume && checkpoints.TryRestore(search, out lowest);

        // Without a state nothing is kept of an earlier attempt, not even the start.
        using var log = new MetricsLog(folder.Metrics, goesOn ? search.Steps : -1);
        HeadSection header = experiment.Header;
        observer?.OnStart(new RunStart(header.Name, header.Kind, folder.FolderPath, header.Seed, 0, experiment.Steps, search.Steps, search.Layout.Length, experiment.Describe()));
        if (!goesOn)
        {
            log.Write(0, first, search.Distance, PointOf(search), null);
        }
        else
        {
            foreach (string lack in MissingSteps.Tell(folder.Metrics, log, 0, search.Steps))
            {
                observer?.OnMessage(lack);
            }
        }

        string? divergence = null;
        while (search.Steps < experiment.Steps && divergence is null && !cancellation.IsCancellationRequested)
        {
            StepOutcome outcome = search.Step();
            log.Write(search.Steps, search.Value, search.Distance, PointOf(search), outcome);
            observer?.OnStep(new StepRecord(search.Steps, 0, search.Value, outcome));
            lowest = search.Value < lowest ? search.Value : lowest;
            divergence = Divergence(search, outcome, first);
            if (divergence is null && checkpoints.IsDue)
            {
                Keep();
            }
        }

        if (divergence is null)
        {
            Keep();
        }
        else
        {
            checkpoints.Delete();
        }

        (string status, string reason) =
            divergence is not null ? (RunSummary.Diverged, divergence)
            : search.Steps < experiment.Steps ? (RunSummary.Interrupted, string.Create(CultureInfo.InvariantCulture, $"interrupted after step {search.Steps} of {experiment.Steps}; the state is saved"))
            : (RunSummary.Completed, string.Create(CultureInfo.InvariantCulture, $"all {experiment.Steps} steps are done"));
        ImmutableArray<RunFigure> figures =
        [
            RunFigure.Of("value", search.Value),
            .. search.Distance is { } distance ? [RunFigure.Of("distance", distance)] : Array.Empty<RunFigure>(),
            RunFigure.Of("lowest_value", lowest),
        ];
        log.Flush();
        return new RunOutcome(status, reason, search.Steps, figures, head => MinimizeReporting.Make(head, experiment, folder, search.Steps));

        void Keep()
        {
            // What is recorded must not stay behind the state.
            log.Flush();
            checkpoints.Write(search, lowest);
        }
    }

    private static ReadOnlySpan<double> PointOf(Minimization search) => search.Point.Length == 2 ? search.Point : [];

    private static string? Divergence(Minimization search, StepOutcome outcome, double first)
    {
        double bound = DivergenceFactor * Math.Max(LeastFirstValue, Math.Abs(first));
        return outcome.IsLost ? string.Create(CultureInfo.InvariantCulture, $"the {(outcome.Skipped == SkipReason.NonFiniteCurvature ? "curvature" : "gradient")} was not finite at step {search.Steps}")
            : !double.IsFinite(outcome.UpdateNorm) ? string.Create(CultureInfo.InvariantCulture, $"the update of step {search.Steps} was not finite")
            : !(search.Value <= bound) ? string.Create(CultureInfo.InvariantCulture, $"the value was {search.Value:G4} after step {search.Steps}, against {first:G4} at the start")
            : null;
    }
}
