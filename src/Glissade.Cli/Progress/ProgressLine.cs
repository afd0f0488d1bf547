using Spectre.Console;
using Spectre.Console.Rendering;

namespace Glissade.Cli.Progress;

/// <summary>One line with a bar: as much of it as fits.</summary>
/// <param name="tracker">The run.</param>
/// <param name="colour">Whether colours are welcome.</param>
internal sealed class ProgressLine(ProgressTracker tracker, bool colour) : Renderable
{
    private const string Gap = "  ";
    private const int ShortestBar = 8, LongestBar = 30;

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
        int bar = Math.Min(LongestBar, width - epoch.Length - parts.Sum(part => Gap.Length + part.Length) - Gap.Length);
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

    // What is told first is given up last.
    private static List<string> Fitting(ProgressSnapshot at, int width)
    {
        string?[] byImportance = [ProgressText.Loss(at), ProgressText.Remaining(at), ProgressText.Metric(at), Figures.Percent(at.Share), ProgressText.Speed(at), ProgressText.Rate(at)];
        HashSet<string> chosen = [];
        foreach (string part in byImportance.OfType<string>())
        {
            if (chosen.Sum(c => Gap.Length + c.Length) + Gap.Length + part.Length > width)
            {
                break;
            }

            chosen.Add(part);
        }

        string?[] inOrder = [Figures.Percent(at.Share), ProgressText.Loss(at), ProgressText.Metric(at), ProgressText.Rate(at), ProgressText.Speed(at), ProgressText.Remaining(at)];
        return [.. inOrder.OfType<string>().Where(chosen.Contains)];
    }

    private Style StyleOf(Color color, Decoration decoration = Decoration.None) =>
        colour ? new Style(color, decoration: decoration) : Style.Plain;
}
