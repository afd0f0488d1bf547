using Glissade.Cli.Progress;
using Glissade.Experiments.Running;

namespace Glissade.Cli.Running;

/// <summary>The result of a run as text.</summary>
internal static class SummaryText
{
    /// <summary>Writes it in aligned lines, for a file or a pipe.</summary>
    public static void Write(RunSummary summary, TextWriter output)
    {
        List<(string Name, string Value)> rows = [.. summary.Variants.Select(v => (v.Key, Line(v.Value))), .. Rows(summary)];
        int width = rows.Max(row => row.Name.Length);
        output.WriteLine($"{summary.Name} {summary.Status}: {summary.Reason}");
        foreach ((string name, string value) in rows)
        {
            output.WriteLine($"  {name.PadRight(width)}  {value}");
        }
    }

    /// <summary>A figure, or the words for one that is no number.</summary>
    public static string Figure(double? value) => value is { } figure ? Figures.Number(figure) : "not finite";

    /// <summary>Its rows: the metrics, and where everything is.</summary>
    public static List<(string Name, string Value)> Rows(RunSummary summary)
    {
        List<(string Name, string Value)> rows = [];
        foreach ((string name, double? value) in summary.Metrics)
        {
            rows.Add((name.Replace('_', ' '), Figure(value)));
        }

        rows.Add(("steps", $"{Figures.Count(summary.Steps)} in {Figures.Number(summary.Seconds)} s, seed {summary.Seed}"));
        if (summary.Run.Length > 0)
        {
            rows.Add(("run", summary.Run));
            string report = Path.Combine(summary.Run, "report.html");
            if (File.Exists(report))
            {
                rows.Add(("report", report));
            }
        }

        return rows;
    }

    /// <summary>A variant on a line: its figures, and how it ended where that was not at its end.</summary>
    private static string Line(RunSummary variant)
    {
        string figures = string.Join(", ", variant.Metrics.Select(m => $"{m.Key.Replace('_', ' ')} {Figure(m.Value)}"));
        return variant.Status == "completed" ? figures : $"{variant.Status}: {variant.Reason}; {figures}";
    }
}
