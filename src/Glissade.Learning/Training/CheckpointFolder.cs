using Glissade.Learning.Checkpoints;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>Where a run keeps its last state and its best weights.</summary>
/// <remarks>The best weights are written before the state that speaks of them, so a run that was killed between the two resumes soundly.</remarks>
public sealed class CheckpointFolder
{
    private readonly string _fingerprint;
    private float[]? _pendingBest;
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

    internal bool IsDue => _written == 0 || System.Diagnostics.Stopwatch.GetElapsedTime(_written) >= Interval;

    internal void RememberBest(ReadOnlySpan<float> weights) => _pendingBest = weights.ToArray();

    internal void Write(TrainingSession session)
    {
        Directory.CreateDirectory(Path);
        if (_pendingBest is { } best)
        {
            ModelFile.Write(BestFile, session, best);
            _pendingBest = null;
        }

        TrainingCheckpoint.Write(LastFile, session, _fingerprint);
        _written = System.Diagnostics.Stopwatch.GetTimestamp();
    }

    /// <summary>Restores the last state if there is one.</summary>
    internal bool TryRestore(TrainingSession session)
    {
        if (!File.Exists(LastFile))
        {
            return false;
        }

        TrainingCheckpoint.Restore(LastFile, session, _fingerprint);
        return true;
    }

    internal FlatVector<float>? ReadBest(Layout layout) => File.Exists(BestFile) ? ModelFile.ReadWeights(BestFile, layout) : null;
}
