using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>How training ended.</summary>
public enum TrainingStatus
{
    /// <summary>All epochs were done, or early stopping found no more improvement.</summary>
    Completed,

    /// <summary>Loss, gradient or update left the finite numbers or all proportion; the last sound state was kept.</summary>
    Diverged,

    /// <summary>It was cancelled; the state was saved and training can go on from it.</summary>
    Interrupted,
}

/// <summary>What training gave, and the truth about how it ended.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Steps">Steps taken in all, skipped ones included.</param>
/// <param name="SkippedSteps">Steps that were not applied because loss or gradient was not finite.</param>
/// <param name="Epochs">Epochs completed.</param>
/// <param name="BestEpoch">The epoch of the lowest validation loss, or training loss without validation data; 0 before the first.</param>
/// <param name="Weights">The weights to use: the best by validation loss, or without validation data the last (averaged if an average was kept, unless the run was interrupted before the states of layers were measured for it).</param>
/// <param name="Test">Their evaluation on the test data; null without such data.</param>
/// <param name="Training">Their evaluation on the training data.</param>
/// <param name="Session">The session, at its last sound state.</param>
public sealed record TrainingResult(
    TrainingStatus Status,
    string Reason,
    long Steps,
    long SkippedSteps,
    int Epochs,
    int BestEpoch,
    FlatVector<float> Weights,
    Evaluation? Test,
    Evaluation Training,
    TrainingSession Session)
{
    /// <summary>The states of layers that belong to <see cref="Weights"/>, such as running means, in the order of <see cref="BuiltNetwork.StateLayout"/>; empty where none keeps any.</summary>
    public FlatVector<float> LayerStates { get; init; } = new(0);

    /// <summary>How often the run went back to its last sound state and on with a smaller learning rate.</summary>
    public int Restorations => Session.Progress.Restorations;
}
