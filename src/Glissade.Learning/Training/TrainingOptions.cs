using Glissade.Schedules;

namespace Glissade.Learning.Training;

/// <summary>When to stop before the last epoch.</summary>
/// <param name="Patience">Epochs without a better validation loss after which training stops, at least 1.</param>
/// <param name="MinimumImprovement">How much lower than the best a loss must be to count as better, 0 or more.</param>
public sealed record EarlyStopping(int Patience, double MinimumImprovement = 0);

/// <summary>How a network is trained.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed record TrainingOptions
{
    /// <summary>Passes over the training data, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Examples of a step, at least 1; the last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Keys all random numbers of the run: initial weights and the order of examples.</summary>
    public ulong Seed { get; init; }

    /// <summary>When to stop early; null for never. Needs validation data.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// When the learning rate is reduced because the epochs no longer get better: judged by the validation loss, or by the training loss where there are no
    /// validation data; null for never. Needs a chain with a learning rate.
    /// </summary>
    public PlateauSettings? Plateau { get; init; }

    /// <summary>The numbers in which the network is computed while it is trained; evaluation computes with floats.</summary>
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;

    /// <summary>The factor on the loss while its gradient is taken; null, as at first, for a dynamic one with <see cref="TrainingPrecision.Half"/> and none otherwise.</summary>
    public LossScaling? LossScaling { get; init; }

    /// <summary>
    /// Steps in a row that may be skipped because the loss or the gradient is not finite; one more ends the run as diverged. A step after which a dynamic
    /// loss scale could still be reduced does not count.
    /// </summary>
    public int MaximumSkippedInARow { get; init; } = 4;

    /// <summary>An epoch whose mean loss exceeds the first step's loss by this factor ends the run as diverged.</summary>
    public double DivergenceFactor { get; init; } = 1e4;

    /// <summary>What happens when the run diverges; by default it stops. <see cref="DivergenceResponse.Restore"/> needs a chain with a learning rate.</summary>
    public DivergenceResponse OnDivergence { get; init; } = DivergenceResponse.Stop;
}
