using Spectre.Console;
using Spectre.Console.Rendering;

namespace Glissade.Cli.Progress;

/// <summary>One line with a bar: as much of it as fits.</summary>
/// <param name="tracker">The run.</param>
/// <param name="colour">Whether colours are welcome.</param>
internal sealed class ProgressLine(ProgressTracker tracker, bool colour) : Renderable
{
    private const string Gap = "  ";
    private const int ShortestBar = 10, LongestBar = 30, BarStep = 5;

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // The empty line above sets it apart, and is needed: the library goes back over a single line by moving up 0 lines,
        // which terminals take for 1.
        yield return Segment.LineBreak;
        if (tracker.Snapshot() is not { } at)
        {
            yield return new Segment(" ");
            yield break;
        }

        // A cursor in the last column makes some terminals begin a new line.
        int width = maxWidth - 1;
        string epoch = ProgressText.Epoch(at);
        List<string> parts = Fitting(at, width - epoch.Length);

        // In steps, so that it does not change its length with every digit that comes and goes.
        int bar = Math.Min(LongestBar, width - epoch.Length - parts.Sum(part => Gap.Length + part.Length) - Gap.Length) / BarStep * BarStep;
        yield return new Segment(epoch.Length <= width ? epoch : epoch[..Math.Max(0, width)], StyleOf(Color.Default, Decoration.Bold));
        if (bar >= ShortestBar)
        {
            int done = (int)Math.Floor(at.Share * bar);
            (char full, char rest) = options.Unicode ? ('━', colour ? '━' : '─') : ('#', '-');
            yield return new Segment(Gap);
            yield return new Segment(new string(full, done), StyleOf(Color.Teal));
            yield return new Segment(new string(rest, bar - done), StyleOf(Color.Grey));
        }

        foreach (string part in parts)
        {
            yield return new Segment(Gap + part);
        }
    }

    // What is told first is given up last; the bar is worth more than speed and learning rate.
    private static List<string> Fitting(ProgressSnapshot at, int width)
    {
        HashSet<string> chosen = [];
        int used = 0;
        Choose(width, ProgressText.Loss(at), ProgressText.Trouble(at), ProgressText.Remaining(at), ProgressText.Metric(at), Figures.Percent(at.Share));
        Choose(width - Gap.Length - ShortestBar, ProgressText.Speed(at), ProgressText.Rate(at));

        string?[] inOrder = [Figures.Percent(at.Share), ProgressText.Loss(at), ProgressText.Metric(at), ProgressText.Rate(at), ProgressText.Trouble(at), ProgressText.Speed(at), ProgressText.Remaining(at)];
        return [.. inOrder.OfType<string>().Where(chosen.Contains)];

        void Choose(int width, params ReadOnlySpan<string?> byImportance)
        {
            foreach (string? part in byImportance)
            {
                if (part is not null && used + Gap.Length + part.Length <= width)
                {
                    chosen.Add(part);
                    used += Gap.Length + part.Length;
                }
            }
        }
    }

    private Style StyleOf(Color color, Decoration decoration = Decoration.None) =>
        colour ? new Style(color, decoration: decoration) : Style.Plain;
}
