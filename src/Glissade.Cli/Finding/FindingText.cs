using Glissade.Cli.Progress;
using Glissade.Experiments.Running;
using Glissade.Learning.Training;

namespace Glissade.Cli.Finding;

/// <summary>The result of a learning-rate range test as text: a picture of characters, a table of some rates, and the suggestion.</summary>
internal static class FindingText
{
    private const int Width = 72, Height = 14, Rows = 13;

    public static void Write(LearningRateFinding finding, string? report, TextWriter output)
    {
        LearningRateRangeResult result = finding.Result;
        if (result.Points.Length >= 2)
        {
            Draw(result, output);
            output.WriteLine();
            Tabulate(result, output);
            output.WriteLine();
        }

        if (result is { Suggested: { } suggested, TenthOfMinimum: { } tenth })
        {
            output.WriteLine($"{finding.Name}: learning rate {Figures.Number(suggested)}; for comparison, a tenth of the rate of the least loss is {Figures.Number(tenth)}");
            output.WriteLine($"  {result.Reason}");
        }
        else
        {
            output.WriteLine($"{finding.Name}: no suggestion; {result.Reason}");
        }

        if (finding.Doubt is { } doubt)
        {
            output.WriteLine($"  {doubt}");
        }

        if (report is not null)
        {
            output.WriteLine($"  report  {report}");
        }
    }

    /// <summary>The smoothed loss over the logarithm of the rate; the suggested rate is a line upwards.</summary>
    private static void Draw(LearningRateRangeResult result, TextWriter output)
    {
        int width = Math.Min(Width, result.Points.Length);
        double[] columns = [.. Enumerable.Range(0, width).Select(x => result.Points[Index(result, width, x)].Smoothed)];
        (double low, double high) = (columns.Min(), columns.Max());
        int suggested = result.Suggested is { } rate ? Enumerable.Range(0, width).MinBy(x => Math.Abs(Math.Log(result.Points[Index(result, width, x)].Rate / rate))) : -1;
        string top = Figures.Number(high), bottom = Figures.Number(low);
        int margin = Math.Max(top.Length, bottom.Length);
        for (int y = 0; y < Height; y++)
        {
            char[] line = [.. columns.Select((value, x) => Row(value, low, high) == y ? '•' : x == suggested ? '│' : ' ')];
            string label = y == 0 ? top : y == Height - 1 ? bottom : "";
            output.WriteLine($"{label.PadLeft(margin)} ┤{new string(line).TrimEnd()}");
        }

        string left = Figures.Number(result.Points[0].Rate), right = Figures.Number(result.Points[^1].Rate);
        output.WriteLine($"{new string(' ', margin)} └{new string('─', width)}");
        output.WriteLine($"{new string(' ', margin + 2)}{left}{right.PadLeft(Math.Max(right.Length + 1, width - left.Length))}");
        output.WriteLine($"{new string(' ', margin + 2)}smoothed loss over the learning rate{(suggested < 0 ? "" : "; │ the suggestion")}");
    }

    private static void Tabulate(LearningRateRangeResult result, TextWriter output)
    {
        int rows = Math.Min(Rows, result.Points.Length);
        List<string[]> cells = [["rate", "loss", "smoothed"]];
        cells.AddRange(Enumerable.Range(0, rows).Select(row => result.Points[Index(result, rows, row)]).Select(p => new[] { Figures.Number(p.Rate), Figures.Number(p.Loss), Figures.Number(p.Smoothed) }));
        int[] widths = [.. Enumerable.Range(0, 3).Select(column => cells.Max(row => row[column].Length))];
        foreach (string[] row in cells)
        {
            output.WriteLine($"  {string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column])))}");
        }
    }

    private static int Row(double value, double low, double high) =>
        high > low ? (int)Math.Round((high - value) / (high - low) * (Height - 1)) : Height - 1;

    private static int Index(LearningRateRangeResult result, int of, int which) =>
        of == 1 ? 0 : (int)Math.Round(which * (result.Points.Length - 1.0) / (of - 1));
}
