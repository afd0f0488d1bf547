using Glissade.Updates;

namespace Glissade.Learning.Training;

/// <summary>What one training step did.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="Epoch">Number of its epoch, from 1.</param>
/// <param name="Loss">The batch's mean loss before the step; may be infinite or NaN, in which case the step was not applied.</param>
/// <param name="Outcome">What the update did.</param>
/// <param name="LossScale">The factor of the loss whose gradient was taken; null where the loss is not scaled.</param>
public readonly record struct StepRecord(long Step, int Epoch, double Loss, StepOutcome Outcome, double? LossScale = null);

/// <summary>A return to the last sound state after a divergence; see <see cref="TrainingOptions.OnDivergence"/>.</summary>
/// <param name="Number">Which of the run, from 1.</param>
/// <param name="Step">Steps taken by the state that was restored; the next step is the one after it.</param>
/// <param name="Epoch">Epochs completed by that state.</param>
/// <param name="FromStep">The step after which the run had diverged.</param>
/// <param name="Factor">What all restorations so far have put on the learning rate.</param>
/// <param name="Reason">What was seen.</param>
public sealed record RestorationRecord(int Number, long Step, int Epoch, long FromStep, double Factor, string Reason)
{
    /// <summary>Steps that had been skipped by the state that was restored.</summary>
    public long Skipped { get; init; }
}

/// <summary>What one epoch ended with.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Steps taken by its end.</param>
/// <param name="TrainingLoss">Mean loss over its examples, each as it was before its step.</param>
/// <param name="Validation">The evaluation on the validation data; null without such data.</param>
/// <param name="Test">The evaluation on the test data; null without such data.</param>
/// <param name="IsBest">Whether it is the best so far: by validation loss, or by training loss without validation data.</param>
public sealed record EpochRecord(int Epoch, long Step, double TrainingLoss, Evaluation? Validation, Evaluation? Test, bool IsBest);
