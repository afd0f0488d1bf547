using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>Who watches a run: the command's progress display, or a test.</summary>
/// <remarks>Called on the thread that runs, between steps.</remarks>
public interface IRunObserver
{
    /// <summary>The experiment was read and checked, and the run begins.</summary>
    /// <param name="start">What is known before the first step.</param>
    void OnStart(RunStart start);

    /// <summary>A training step was taken.</summary>
    /// <param name="record">What it did.</param>
    void OnStep(in StepRecord record);

    /// <summary>An epoch ended.</summary>
    /// <param name="record">What it ended with.</param>
    void OnEpoch(EpochRecord record);

    /// <summary>The run had diverged and went back to its last sound state; a message says so too.</summary>
    /// <param name="record">Where it went back to.</param>
    void OnRestore(RestorationRecord record)
    {
    }

    /// <summary>Something the user should know, in a sentence: what was resumed, that a report lacks pictures.</summary>
    /// <param name="message">The sentence.</param>
    void OnMessage(string message);
}

/// <summary>What is known of a run before its first step.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Epochs">Epochs to do.</param>
/// <param name="TotalSteps">Steps to take in all, those already taken included.</param>
/// <param name="StepsTaken">Steps already taken by the run that is resumed; 0 for a new one.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Description">A line that says what is trained on what.</param>
public sealed record RunStart(string Name, string Kind, string Folder, ulong Seed, int Epochs, long TotalSteps, long StepsTaken, int Parameters, string Description)
{
    /// <summary>Steps skipped so far by the run that is resumed.</summary>
    public long Skipped { get; init; }

    /// <summary>Restorations so far of the run that is resumed.</summary>
    public int Restorations { get; init; }
}
