namespace Glissade.Cli.Progress;

/// <summary>How fast steps are taken: over the last seconds, so that it follows a machine that gets busy, and does not flicker.</summary>
/// <remarks>Belongs to one thread at a time.</remarks>
/// <param name="time">The clock.</param>
internal sealed class SpeedMeter(TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private const int Kept = 40;

    private readonly Queue<(long Time, long Step)> _marks = new();
    private (long Time, long Step) _newest;
    private long _lastMark;

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

    /// <summary>Steps per second; 0 while there is nothing to tell from.</summary>
    public double StepsPerSecond
    {
        get
        {
            if (!_marks.TryPeek(out (long Time, long Step) oldest))
            {
                return 0;
            }

            double seconds = time.GetElapsedTime(oldest.Time, _newest.Time).TotalSeconds;
            return seconds > 0 ? (_newest.Step - oldest.Step) / seconds : 0;
        }
    }
}
