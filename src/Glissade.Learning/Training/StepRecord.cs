using Glissade.Updates;

namespace Glissade.Learning.Training;

/// <summary>What one training step did.</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="Epoch">Number of its epoch, from 1.</param>
/// <param name="Loss">The batch's mean loss before the step; may be infinite or NaN, in which case the step was not applied.</param>
/// <param name="Outcome">What the update did.</param>
/// <param name="LossScale">The factor of the loss whose gradient was taken; null where the loss is not scaled.</param>
public readonly record struct StepRecord(long Step, int Epoch, double Loss, StepOutcome Outcome, double? LossScale = null);

/// <summary>What one epoch ended with.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Steps taken by its end.</param>
/// <param name="TrainingLoss">Mean loss over its examples, each as it was before its step.</param>
/// <param name="Validation">The evaluation on the validation data; null without such data.</param>
/// <param name="Test">The evaluation on the test data; null without such data.</param>
/// <param name="IsBest">Whether it is the best so far: by validation loss, or by training loss without validation data.</param>
public sealed record EpochRecord(int Epoch, long Step, double TrainingLoss, Evaluation? Validation, Evaluation? Test, bool IsBest);
