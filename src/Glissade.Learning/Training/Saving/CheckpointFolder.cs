using Glissade.Input;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>Where a run keeps its last state and its best weights.</summary>
/// <remarks>The best weights are written before the state that speaks of them, so a run that was killed between the two resumes soundly.</remarks>
public sealed class CheckpointFolder
{
    private readonly string _fingerprint;
    private (float[] Weights, float[] States)? _pendingBest;
    private long _written;

    /// <summary>A folder; made when the first file is written.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="fingerprint">Tells runs apart; see <see cref="TrainingCheckpoint.Write"/>.</param>
    public CheckpointFolder(string path, string fingerprint)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        (Path, _fingerprint) = (path, fingerprint);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Least time between two checkpoints at the ends of epochs; one second by default. It decides what a crash may cost, never the result.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The state after the last checkpoint.</summary>
    public string LastFile => System.IO.Path.Combine(Path, "last.safetensors");

    /// <summary>The weights of the best epoch.</summary>
    public string BestFile => System.IO.Path.Combine(Path, "best.safetensors");

    /// <summary>The state to which a divergence would go back, the end of the last sound epoch, beside a <see cref="LastFile"/> that is further.</summary>
    public string SoundFile => System.IO.Path.Combine(Path, "sound.safetensors");

    internal bool IsDue => _written == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(_written) >= Interval;

    internal void RememberBest(ReadOnlySpan<float> weights, ReadOnlySpan<float> states) => _pendingBest = (weights.ToArray(), states.ToArray());

    /// <summary>Writes the session's state, and where it is another, the state to which divergence would go back.</summary>
    internal void Write(TrainingSession session, TrainingState lastSound)
    {
        Directory.CreateDirectory(Path);
        if (_pendingBest is { } best)
        {
            ModelFile.Write(BestFile, session, best.Weights, best.States);
            _pendingBest = null;
        }

        bool isApart = IsApart(session.Progress);
        if (isApart)
        {
            TrainingCheckpoint.Write(SoundFile, session, lastSound, _fingerprint);
        }

        TrainingCheckpoint.Write(LastFile, session, session.Save(), _fingerprint);
        if (!isApart)
        {
            File.Delete(SoundFile);
        }

        _written = System.Diagnostics.Stopwatch.GetTimestamp();
    }

    private static bool IsApart(TrainingProgress progress) => progress.Batch > 0 || progress.SoundEpoch != progress.Epoch;

    /// <summary>Restores the last state if there is one, and gives the state to which divergence goes back; null if there is none.</summary>
    internal TrainingState? TryRestore(TrainingSession session)
    {
        // A folder of that name is no checkpoint that is lacking: reading it tells so.
        if (!System.IO.Path.Exists(LastFile))
        {
            return null;
        }

        TrainingState last = TrainingCheckpoint.Read(LastFile, session, _fingerprint);
        TrainingState sound = IsApart(last.Progress) ? TrainingCheckpoint.Read(SoundFile, session, _fingerprint) : last;
        if (sound.Progress.Epoch != last.Progress.SoundEpoch)
        {
            throw new InputException(new InputProblem(
                SoundFile, $"the state after epoch {sound.Progress.Epoch}", $"that after epoch {last.Progress.SoundEpoch}, to which the run would go back"));
        }

        try
        {
            session.Restore(last);
        }
        catch (ArgumentException e)
        {
            throw new InputException(new InputProblem(LastFile, $"a state that does not fit: {e.Message}", "the state of this run"), e);
        }

        return sound;
    }

    /// <summary>The weights of the best epoch, or the states of layers that belong to them.</summary>
    /// <exception cref="InputException">The file is missing or damaged, although the state speaks of it.</exception>
    internal FlatVector<float> ReadBest(Layout layout) => ModelFile.ReadWeights(BestFile, layout);
}
