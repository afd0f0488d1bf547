using System.Collections.Immutable;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Learning.Training;

/// <summary>Where a run stands, apart from its vectors.</summary>
public sealed class TrainingProgress
{
    /// <summary>Epochs completed.</summary>
    public long Epoch { get; internal set; }

    /// <summary>Steps taken of the current epoch.</summary>
    public int Batch { get; internal set; }

    /// <summary>Sum over the epoch's examples so far of the loss before their step.</summary>
    public double LossSum { get; internal set; }

    /// <summary>The epoch's examples so far whose step was applied.</summary>
    public long LossCount { get; internal set; }

    /// <summary>The loss of the first step that was applied; null before it.</summary>
    public double? FirstLoss { get; internal set; }

    /// <summary>Steps skipped since the last applied one.</summary>
    public int SkippedInARow { get; internal set; }

    /// <summary>Steps skipped in all.</summary>
    public long Skipped { get; internal set; }

    /// <summary>The lowest loss by which epochs are compared; +∞ before the first.</summary>
    public double BestLoss { get; internal set; } = double.PositiveInfinity;

    /// <summary>The epoch of the lowest loss, from 1; 0 before the first.</summary>
    public int BestEpoch { get; internal set; }

    /// <summary>The state of the reduction on a plateau; null where there is none.</summary>
    public PlateauState? Plateau { get; internal set; }

    /// <summary>How often the run has gone back to a sound state; see <see cref="TrainingOptions.OnDivergence"/>.</summary>
    public int Restorations { get; internal set; }

    /// <summary>What those restorations have put on the learning rate: the product of their factors, 1 without any.</summary>
    public double RestorationFactor { get; internal set; } = 1;

    /// <summary>What is known of each of them, in their order; those of a state that was saved before it told of them are lacking.</summary>
    public ImmutableArray<RestorationRecord> RestorationRecords { get; internal set; } = [];

    /// <summary>Steps that were undone by them; they count neither as taken nor as skipped.</summary>
    public long UndoneSteps { get; internal set; }

    /// <summary>Epochs completed by the state to which a divergence would go back.</summary>
    public long SoundEpoch { get; internal set; }

    /// <summary>Whether the run began with what another had saved.</summary>
    public bool IsWarmStarted { get; internal set; }

    /// <summary>The state of the loss scaling; null where the loss is not scaled.</summary>
    public LossScaleState? LossScale { get; internal set; }

    internal TrainingProgress Clone() => (TrainingProgress)MemberwiseClone();
}

/// <summary>Everything that decides the next step of a run.</summary>
/// <param name="Parameters">θ.</param>
/// <param name="Vectors">The chain's state vectors, by name, in the chain's order.</param>
/// <param name="Counters">The chain's counters, by name.</param>
/// <param name="Progress">Where the run stands.</param>
public sealed record TrainingState(
    FlatVector<float> Parameters,
    ImmutableArray<KeyValuePair<string, FlatVector<float>>> Vectors,
    ImmutableSortedDictionary<string, double> Counters,
    TrainingProgress Progress)
{
    /// <summary>What stands where in the parameters; null where that is not known.</summary>
    public Layout? Layout { get; init; }

    /// <summary>The states of layers that belong to the parameters; empty where none keeps any.</summary>
    public FlatVector<float> LayerStates { get; init; } = new(0);

    /// <summary>What stands where in the states of layers; null where that is not known.</summary>
    public Layout? StateLayout { get; init; }
}
