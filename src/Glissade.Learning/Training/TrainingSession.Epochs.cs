using Glissade.Learning.Data;
using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <content>The ends of epochs: evaluation, and what it says about the run.</content>
public sealed partial class TrainingSession
{
    /// <summary>Ends an epoch whose steps are all taken: evaluates, compares with the best and begins the next.</summary>
    /// <param name="cancellation">Ends the evaluation, or a pass over the training data that the average needs (see <see cref="CopyAverage"/>), as if the epoch had not been ended.</param>
    /// <exception cref="InvalidOperationException">Steps of the epoch are left.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EpochRecord EndEpoch(CancellationToken cancellation = default)
    {
        TrainingProgress progress = Progress;
        if (progress.Batch < StepsPerEpoch)
        {
            throw new InvalidOperationException($"Epoch {progress.Epoch + 1} has {StepsPerEpoch - progress.Batch} steps left.");
        }

        double training = progress.LossCount == 0 ? double.NaN : progress.LossSum / progress.LossCount;
        Evaluation? validation = Evaluate(Data.Validation, cancellation);
        Evaluation? test = Evaluate(Data.Test, cancellation);
        double judged = validation?.Loss ?? training;
        bool isBest = judged < progress.BestLoss - (progress.BestEpoch == 0 ? 0 : _options.EarlyStopping?.MinimumImprovement ?? 0);
        if (isBest)
        {
            // Now, while it may still be cancelled: who keeps the best finds it measured.
            TakeAverage(cancellation);
            (progress.BestLoss, progress.BestEpoch) = (judged, (int)progress.Epoch + 1);
        }

        if (_plateau is not null)
        {
            _plateau.Measure(judged);
            progress.Plateau = _plateau.State;
            Updater.LearningRateFactor = _plateau.Multiplier * progress.RestorationFactor;
        }

        BeginNextEpoch();
        return new EpochRecord((int)progress.Epoch, StepsTaken, training, validation, test, isBest);
    }

    /// <summary>Goes on to the next epoch without looking at what the last one brought.</summary>
    internal void BeginNextEpoch()
    {
        Progress.Epoch++;
        (Progress.Batch, Progress.LossSum, Progress.LossCount) = (0, 0, 0);
    }

    /// <summary>Whether an epoch's loss has grown out of all proportion, or a parameter or a state has left the finite numbers. The test data have no say in it.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="reason">What was seen.</param>
    public bool HasDiverged(EpochRecord epoch, out string reason)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        double first = Progress.FirstLoss ?? double.NaN;
        double bound = _options.DivergenceFactor * LossScale;

        // An epoch without an applied step has no loss: whether too many were skipped in a row is asked after each of them.
        reason =
            !(epoch.TrainingLoss <= bound) && Progress.FirstLoss is not null && !double.IsNaN(epoch.TrainingLoss) ? FormattableString.Invariant($"the mean loss of epoch {epoch.Epoch} was {epoch.TrainingLoss:G4}, against {first:G4} at the first step")
            : epoch.Validation is { } validation && !double.IsFinite(validation.Loss) ? $"the validation loss after epoch {epoch.Epoch} was not finite"
            : ((ReadOnlySpan<float>)Parameters.Span).IndexOfAnyExceptFinite() >= 0 ? $"a parameter was not finite after epoch {epoch.Epoch}"
            : StateThatIsNotFinite is { } state ? $"the state '{state}' was not finite after epoch {epoch.Epoch}"
            : "";
        return reason.Length > 0;
    }

    private string? StateThatIsNotFinite => Updater.State.FirstOrDefault(s => ((ReadOnlySpan<float>)s.Value.Span).IndexOfAnyExceptFinite() >= 0).Key;

    /// <summary>Whether a run that diverges later should go back to the end of an epoch: one on the brink would diverge at once again, at whatever rate.</summary>
    /// <remarks>The bound lies between the loss at the start and that of a divergence, as far from the one as from the other in orders of magnitude.</remarks>
    internal bool IsWorthGoingBackTo(EpochRecord epoch) => epoch.TrainingLoss <= Math.Sqrt(_options.DivergenceFactor) * LossScale;

    private double LossScale => Math.Max(1e-3, Math.Abs(Progress.FirstLoss ?? 1));

    /// <summary>Whether training should stop before the last epoch.</summary>
    public bool ShouldStopEarly => _options.EarlyStopping is { } stopping && Progress.BestEpoch > 0 && Progress.Epoch - Progress.BestEpoch >= stopping.Patience;

    /// <summary>Evaluates the averaged parameters, or the parameters themselves where no average is kept, with the states of layers that belong to them.</summary>
    /// <param name="data">Examples, standardized like the training data; null gives null.</param>
    /// <param name="cancellation">Ends it before the next batch, or in a pass over the training data that the average needs: see <see cref="CopyAverage"/>.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Evaluation? Evaluate(Dataset? data, CancellationToken cancellation = default)
    {
        if (data is null)
        {
            return null;
        }

        TakeAverage(cancellation);
        return _evaluator.Evaluate(data, cancellation);
    }

    /// <summary>Evaluates given parameters.</summary>
    /// <param name="parameters">A vector of the length of θ.</param>
    /// <param name="data">Examples, standardized like the training data.</param>
    /// <param name="states">The states of layers that belong to them, in the order of <see cref="BuiltNetwork.StateLayout"/>; left out where the network's layers keep none.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public Evaluation Evaluate(ReadOnlySpan<float> parameters, Dataset data, ReadOnlySpan<float> states = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireStates(states);
        states.CopyTo(_evaluatedStates.Span);
        parameters.CopyTo(_evaluated.Span);
        return _evaluator.Evaluate(data);
    }
}
