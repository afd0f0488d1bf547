using Glissade.Learning.WarmStarts;

namespace Glissade.Learning.Training;

/// <summary>What is told of a run while it goes on: progress bars, records, plots.</summary>
/// <remarks>Called on the thread that trains, between steps.</remarks>
public interface ITrainingObserver
{
    /// <summary>Training begins, or goes on from a saved state.</summary>
    /// <param name="session">The run; its <see cref="TrainingSession.StepsTaken"/> is 0 unless it was resumed.</param>
    void OnStart(TrainingSession session);

    /// <summary>The run begins with what another has saved; comes before <see cref="OnStart"/>.</summary>
    /// <param name="report">What was taken and what was not.</param>
    void OnWarmStart(WarmStartReport report)
    {
    }

    /// <summary>A step was taken.</summary>
    /// <param name="record">What it did.</param>
    void OnStep(in StepRecord record);

    /// <summary>An epoch ended.</summary>
    /// <param name="record">What it ended with.</param>
    void OnEpoch(EpochRecord record);

    /// <summary>The run had diverged and has gone back: what was told of later steps is undone, and they come again with a smaller learning rate.</summary>
    /// <param name="record">Where it went back to, and why.</param>
    void OnRestore(RestorationRecord record)
    {
    }

    /// <summary>A checkpoint is about to be written: what was recorded so far should be safe on disk first.</summary>
    void OnCheckpoint();
}
