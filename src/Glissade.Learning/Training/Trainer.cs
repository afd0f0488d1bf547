using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.WarmStarts;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Learning.Training;

/// <summary>Trains a network: epochs of steps, evaluation after each, the best and the last kept, stopped early if nothing improves.</summary>
/// <remarks>
/// A recipe: each <see cref="Fit"/> is a run of its own. Same seed, same bits, whatever the number of threads; resuming equals never stopping. Estimates of the
/// curvature that a rule names are made on the batch of the step.
/// </remarks>
/// <param name="network">What is trained.</param>
/// <param name="loss">What is made small.</param>
/// <param name="chain">How parameters change.</param>
public sealed class Trainer(Network network, Loss loss, Chain chain)
{
    /// <summary>An average of the parameters to evaluate and keep instead of the parameters themselves; null for none.</summary>
    public ParameterAverage? Average { get; init; }

    /// <summary>What to begin with instead of fresh weights; null for those. Plays no part where a run is resumed.</summary>
    public WarmStart? Start { get; init; }

    /// <summary>Epochs, batch size, seed and stopping.</summary>
    public TrainingOptions Options { get; init; } = new();

    /// <summary>Trains from the start, or from the folder's last state.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="checkpoints">Where state is kept; null for nowhere.</param>
    /// <param name="resume">Whether to go on from the folder's last state, if there is one.</param>
    /// <param name="cancellation">
    /// Ends the run after the current step, with the state saved; the end of an epoch whose evaluation it ends comes when the run goes on. A run whose last step is
    /// taken is completed all the same, unless its average is yet to be measured: a pass over the data that measures the states of layers for an average ends too, and
    /// the weights of the result are then the last parameters themselves. They are evaluated in any case.
    /// </param>
    /// <exception cref="ArgumentException">Nothing of <see cref="Start"/> fits, or network, loss, data and options do not fit together; the message says which.</exception>
    /// <exception cref="Input.InputException">The saved state is damaged or belongs to another run.</exception>
    public TrainingResult Fit(
        TrainingData data, ITrainingObserver? observer = null, CheckpointFolder? checkpoints = null, bool resume = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        var session = new TrainingSession(network.Build(new Shape(data.Training.FeatureCount)), loss, chain, Average, data, Options);
        TrainingState? lastSound = resume ? checkpoints?.TryRestore(session) : null;
        if (lastSound is null && Start is { } start)
        {
            WarmStartReport report = session.WarmStart(start.Source, start.Policy);
            observer?.OnWarmStart(report);
        }

        return new Run(session, lastSound ?? session.Save(), Options, observer, checkpoints).Go(cancellation);
    }

    private sealed class Run(TrainingSession session, TrainingState lastSound, TrainingOptions options, ITrainingObserver? observer, CheckpointFolder? checkpoints)
    {
        private TrainingState _lastSound = lastSound;
        private FlatVector<float>? _best = session.Progress.BestEpoch > 0 ? checkpoints?.ReadBest(session.Network.Layout) : null;
        private FlatVector<float>? _bestStates = session.Progress.BestEpoch > 0 ? checkpoints?.ReadBest(session.Network.StateLayout) : null;

        public TrainingResult Go(CancellationToken cancellation)
        {
            observer?.OnStart(session);
            while (session.Progress.Epoch < options.Epochs && !session.ShouldStopEarly)
            {
                while (session.Progress.Batch < session.StepsPerEpoch)
                {
                    if (cancellation.IsCancellationRequested)
                    {
                        return Interrupt(cancellation);
                    }

                    StepRecord record = session.Step();
                    observer?.OnStep(record);
                    if (session.HasDiverged(record, out string reason) && !TryGoBack(reason))
                    {
                        return Diverge(reason, cancellation);
                    }
                }

                EpochRecord epoch;
                try
                {
                    // After the last step nothing is left to be ended but the evaluations, which the result is made of in any case.
                    bool isLast = session.Progress.Epoch == options.Epochs - 1;
                    epoch = session.EndEpoch(isLast && !session.MeasuresAverage ? CancellationToken.None : cancellation);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // It was being evaluated, or its average measured; the run goes on with the end of this epoch.
                    return Interrupt(cancellation);
                }

                if (!Accept(epoch, out string? divergence) && !TryGoBack(divergence))
                {
                    return Diverge(divergence, cancellation);
                }
            }

            return Finish(TrainingStatus.Completed, session.ShouldStopEarly
                ? $"the validation loss has not improved since epoch {session.Progress.BestEpoch}"
                : $"all {options.Epochs} epochs are done", cancellation);
        }

        private string Interruption => $"interrupted after step {session.StepsTaken}; the state is saved";

        private TrainingResult Interrupt(CancellationToken cancellation) => Finish(TrainingStatus.Interrupted, Interruption, cancellation);

        private bool Accept(EpochRecord epoch, out string reason)
        {
            observer?.OnEpoch(epoch);
            if (session.HasDiverged(epoch, out reason))
            {
                return false;
            }

            if (epoch.IsBest)
            {
                _best ??= new FlatVector<float>(session.Parameters.Length);
                _bestStates ??= new FlatVector<float>(session.LayerStates.Length);
                session.CopyAverage(_best.Span, _bestStates.Span);
                checkpoints?.RememberBest(_best.Span, _bestStates.Span);
            }

            if (options.OnDivergence is StopOnDivergence || session.IsWorthGoingBackTo(epoch))
            {
                session.Progress.SoundEpoch = session.Progress.Epoch;
                _lastSound = session.Save();
            }

            if (checkpoints is { IsDue: true })
            {
                observer?.OnCheckpoint();
                checkpoints.Write(session, _lastSound);
            }

            return true;
        }

        private bool TryGoBack(string reason)
        {
            if (options.OnDivergence is not RestoreOnDivergence response || session.Progress.Restorations >= response.MaximumTimes)
            {
                return false;
            }

            RestorationRecord record = session.GoBack(_lastSound, response.Factor, reason);
            _lastSound = session.Save();

            // At once: a run that is killed now must not diverge a second time for the same restoration. And before anybody is told, who may forget the steps that are
            // undone: the last state might still stand behind them.
            observer?.OnCheckpoint();
            checkpoints?.Write(session, _lastSound);
            observer?.OnRestore(record);
            return true;
        }

        private TrainingResult Diverge(string reason, CancellationToken cancellation)
        {
            (long steps, long skipped) = (session.StepsTaken, session.Progress.Skipped);
            session.Restore(_lastSound);
            string again = session.Progress.Restorations switch { 0 => "", 1 => " again, after 1 restoration", int times => $" again, after {times} restorations" };
            TrainingResult result = Finish(TrainingStatus.Diverged, $"{reason}{again}; the weights after epoch {session.Progress.Epoch} are kept", cancellation);
            return result.Status == TrainingStatus.Diverged ? result with { Steps = steps, SkippedSteps = skipped } : result;
        }

        private TrainingResult Finish(TrainingStatus status, string reason, CancellationToken cancellation)
        {
            observer?.OnCheckpoint();
            checkpoints?.Write(session, _lastSound);
            var weights = new FlatVector<float>(session.Parameters.Length);
            var states = new FlatVector<float>(session.LayerStates.Length);
            if (session.Data.Validation is not null && _best is not null)
            {
                _best.Span.CopyTo(weights.Span);
                _bestStates!.Span.CopyTo(states.Span);
            }
            else
            {
                try
                {
                    session.CopyAverage(weights.Span, states.Span, cancellation);
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // The average would be worth little with states of other parameters; θ has its own. A run that goes on measures them at its end, be there no step left.
                    session.Parameters.Span.CopyTo(weights.Span);
                    session.LayerStates.Span.CopyTo(states.Span);
                    (status, reason) = (TrainingStatus.Interrupted, $"{Interruption}, and the weights are the last parameters, since the states of layers were not measured for their average");
                }
            }

            return new TrainingResult(
                status,
                reason,
                session.StepsTaken,
                session.Progress.Skipped,
                (int)session.Progress.Epoch,
                session.Progress.BestEpoch,
                weights,
                session.Data.Test is { } test ? session.Evaluate(weights.Span, test, states.Span) : null,
                session.Evaluate(weights.Span, session.Data.Training, states.Span),
                session)
            {
                LayerStates = states,
            };
        }
    }
}
