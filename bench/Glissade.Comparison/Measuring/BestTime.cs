using System.Diagnostics;
using System.Runtime;

namespace Glissade.Comparison.Measuring;

/// <summary>The time of a piece of work on a machine that others use too: the best of many repeats.</summary>
/// <remarks>Noise only ever adds time, so the least time is the steadiest estimate of what the work costs; peers are measured likewise.</remarks>
internal static class BestTime
{
    /// <summary>Calls that the runtime needs before it compiles a method for good.</summary>
    private const int WarmUpCalls = 40;

    /// <summary>Compiling for good is over when nothing was compiled for this long; the runtime itself waits 100 ms between its turns.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);

    /// <summary>Seconds of one call.</summary>
    /// <param name="work">The work.</param>
    /// <param name="calls">How often it is called in each repeat; the repeat's time is divided by it.</param>
    /// <param name="repeats">Repeats, of which the shortest counts.</param>
    /// <param name="prepare">Called before each repeat, outside the time.</param>
    public static double OfCall(Action work, int calls, int repeats, Action? prepare = null)
    {
        WarmUp(work);
        return OfRepeats(work, calls, repeats, prepare);
    }

    /// <summary>Seconds of one call, called as often in each repeat as fills a given time.</summary>
    /// <param name="work">The work.</param>
    /// <param name="repeats">Repeats, of which the shortest counts.</param>
    /// <param name="repeatSeconds">About how long each repeat lasts.</param>
    public static double OfCall(Action work, int repeats, double repeatSeconds = 0.003)
    {
        WarmUp(work);
        double once = OfRepeats(work, 1, 5);
        return OfRepeats(work, (int)Math.Clamp(repeatSeconds / Math.Max(once, 1e-8), 1, 1_000_000), repeats);
    }

    /// <summary>Seconds since a timestamp, as fine as the clock is: a TimeSpan would round to 100 ns.</summary>
    public static double SecondsSince(long start) => (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;

    private static double OfRepeats(Action work, int calls, int repeats, Action? prepare = null)
    {
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            prepare?.Invoke();
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < calls; call++)
            {
                work();
            }

            best = Math.Min(best, SecondsSince(start) / calls);
        }

        return best;
    }

    /// <summary>Calls the work until its code is compiled for good, which the runtime does in the background after many calls.</summary>
    private static void WarmUp(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        long lastCompiled = start;
        long compiled = JitInfo.GetCompiledMethodCount();
        for (int call = 0; call < WarmUpCalls || Stopwatch.GetElapsedTime(lastCompiled) < Quiet; call++)
        {
            work();
            long now = JitInfo.GetCompiledMethodCount();
            if (now != compiled)
            {
                (compiled, lastCompiled) = (now, Stopwatch.GetTimestamp());
            }

            if (Stopwatch.GetElapsedTime(start) > LongestWarmUp)
            {
                return;
            }
        }
    }
}
