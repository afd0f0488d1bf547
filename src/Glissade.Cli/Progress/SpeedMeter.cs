namespace Glissade.Cli.Progress;

/// <summary>How fast steps are taken: over the last seconds, so that it follows a machine that gets busy, and does not flicker.</summary>
/// <remarks>Belongs to one thread at a time.</remarks>
/// <param name="time">The clock.</param>
internal sealed class SpeedMeter(TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private const int Kept = 40;

    // The first steps are taken by code that is still being compiled: a forecast from them frightens for nothing.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(500);

    private readonly Queue<(long Time, long Step)> _marks = new();
    private (long Time, long Step) _newest;
    private long _lastMark;

    /// <summary>Forgets what was noted.</summary>
    public void Reset()
    {
        _marks.Clear();
        _newest = default;
    }

    /// <summary>Notes how many steps have been taken by now.</summary>
    public void Mark(long step)
    {
        long now = time.GetTimestamp();
        _newest = (now, step);
        if (_marks.Count == 0 || time.GetElapsedTime(_lastMark, now) >= Between)
        {
            _marks.Enqueue(_newest);
            _lastMark = now;
            if (_marks.Count > Kept)
            {
                _marks.Dequeue();
            }
        }
    }

    /// <summary>Forgets what was noted, as where steps are undone and taken again.</summary>
    public void Restart() => _marks.Clear();

    /// <summary>Steps per second; 0 while there is too little to tell from.</summary>
    public double StepsPerSecond
    {
        get
        {
            if (!_marks.TryPeek(out (long Time, long Step) oldest))
            {
                return 0;
            }

            TimeSpan elapsed = time.GetElapsedTime(oldest.Time, _newest.Time);
            return elapsed >= Least ? (_newest.Step - oldest.Step) / elapsed.TotalSeconds : 0;
        }
    }
}
