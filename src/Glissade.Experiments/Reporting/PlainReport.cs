using System.Globalization;
using System.Net;
using System.Text;

namespace Glissade.Experiments.Reporting;

/// <summary>The report as tables alone, for a build without the page that draws: everything but the pictures.</summary>
internal static class PlainReport
{
    private const string Style =
        ":root{color-scheme:light dark}body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:2rem 1.2rem}" +
        "h2{margin-top:2.5rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums}div{overflow-x:auto}" +
        "th,td{padding:.35rem 1rem .35rem 0;text-align:left;border-bottom:1px solid #8886;font-weight:400}th{opacity:.75}" +
        "td.n,th.n{text-align:right}pre{padding:1rem;overflow-x:auto;background:#8882;border-radius:6px}";

    internal static string Render(RunReport report)
    {
        StringBuilder html = new();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Text(report.Name)}</title>\n<style>{Style}</style>\n</head>\n<body>\n<main>\n")
            .Append(CultureInfo.InvariantCulture, $"<h1>{Text(report.Name)}</h1>\n")
            .Append(CultureInfo.InvariantCulture, $"<p>{Text(report.Kind)}: <strong>{Status(report.Status)}</strong>. {Text(report.Reason)}</p>\n")
            .Append("<p><em>This report has no pictures, because Glissade was built without Node.js, which makes the page that draws them. ")
            .Append("To have them, install Node.js 20.19 or later with npm, build Glissade again, and run the experiment again.</em></p>\n");
        if (report.Warnings.Count > 0)
        {
            html.Append("<h2>Warnings</h2>\n<ul>\n");
            foreach (string warning in report.Warnings)
            {
                html.Append(CultureInfo.InvariantCulture, $"<li>{Text(warning)}</li>\n");
            }

            html.Append("</ul>\n");
        }

        Table(html, "Results", ["Measure", "Value", "Better"], report.Metrics.Select(metric => new[]
        {
            metric.Name, Number(metric.Value), metric.HigherIsBetter ? "higher" : "lower",
        }));
        Variants(html, report.Variants ?? []);
        Table(html, "Run", ["Fact", "Value"], Facts(report));
        Table(html, "Curves", ["Series", "Points", "First", "Last", "Lowest", "at step", "Highest", "at step"], report.Series.Select(SeriesRow));
        if (report.Confusion is { } confusion)
        {
            Table(html, "Confusion matrix", ["true \\ predicted", .. confusion.Classes], confusion.Classes.Select((name, row) =>
                new[] { name }.Concat(confusion.Counts[row].Select(Count)).ToArray()));
        }

        if (report.Predictions is { Errors: { } errors } predictions)
        {
            Table(html, "Predictions", ["Measure", "Value"],
            [
                ["Target", predictions.Unit.Length == 0 ? predictions.Target : $"{predictions.Target} ({predictions.Unit})"],
                ["Examples", Count(predictions.Recorded ?? predictions.Truth.Count)],
                ["R²", Number(errors.RSquared)],
                ["Root-mean-square error", Number(errors.RootMeanSquare)],
                ["Mean absolute error", Number(errors.MeanAbsolute)],
            ]);
        }

        Table(html, "Network", ["Layer", "Shape", "Parameters"], report.Network.Select(layer => new[] { layer.Text, layer.Shape, Count(layer.Parameters) }));
        if (report.Experiment.Length > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>Experiment</h2>\n<pre>{Text(report.Experiment.TrimEnd())}</pre>\n");
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Variants(StringBuilder html, IReadOnlyList<ReportVariant> variants)
    {
        string[] metrics = [.. variants.SelectMany(variant => variant.Metrics.Select(metric => metric.Name)).Distinct()];
        Table(html, "Variants", ["Variant", "Ended", "Steps", .. metrics, "Clipped", "Skipped"], variants.Select(variant => (string[])
        [
            variant.Name, Status(variant.Status), Count(variant.Steps),
            .. metrics.Select(name => Number(variant.Metrics.FirstOrDefault(metric => metric.Name == name)?.Value ?? double.NaN)),
            Count(variant.Marks.ClippedCount), Count(variant.Marks.SkippedCount),
        ]));
    }

    private static IEnumerable<string[]> Facts(RunReport report)
    {
        yield return ["Steps", Count(report.Steps)];
        yield return ["Parameters", Count(report.Parameters)];
        yield return ["Seconds", Number(report.Seconds)];
        yield return ["Seed", report.Seed.ToString(CultureInfo.InvariantCulture)];
        if (report.Started is { } started)
        {
            yield return ["Started", started.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)];
        }

        if (report.Machine is { } machine)
        {
            yield return ["Processor", machine.Processor];
            yield return ["Threads", Count(machine.Threads)];
        }

        if (report.Best is { } best)
        {
            yield return [best.Label, $"step {Count(best.Step)}"];
        }

        yield return ["Steps with a clipped update", Count(report.Marks.ClippedCount)];
        yield return ["Steps with a skipped update", Count(report.Marks.SkippedCount)];
    }

    private static string[] SeriesRow(ReportSeries series)
    {
        string name = series.Variant is { } variant ? $"{series.Group}, {series.Name}, {variant}" : $"{series.Group}, {series.Name}";
        string points = Count(series.Recorded ?? series.Steps.Count);
        int[] finite = [.. Enumerable.Range(0, series.Values.Count).Where(i => double.IsFinite(series.Values[i]))];
        if (finite.Length == 0)
        {
            return [name, points, "–", "–", "–", "–", "–", "–"];
        }

        int low = finite.MinBy(i => series.Values[i]);
        int high = finite.MaxBy(i => series.Values[i]);
        return
        [
            name, points, Number(series.Values[finite[0]]), Number(series.Values[finite[^1]]),
            Number(series.Values[low]), Count(series.Steps[low]), Number(series.Values[high]), Count(series.Steps[high]),
        ];
    }

    /// <summary>A table under a heading, with its first column of names; nothing at all if there are no rows.</summary>
    private static void Table(StringBuilder html, string heading, IReadOnlyList<string> titles, IEnumerable<string[]> rows)
    {
        string[][] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        html.Append(CultureInfo.InvariantCulture, $"<h2>{Text(heading)}</h2>\n<div><table>\n<thead><tr>");
        for (int i = 0; i < titles.Count; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{(i == 0 ? "" : " class=\"n\"")}>{Text(titles[i])}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (string[] row in all)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(row[0])}</th>");
            foreach (string cell in row.AsSpan(1))
            {
                html.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{Text(cell)}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n");
    }

    private static string Status(ReportStatus status) => status switch
    {
        ReportStatus.Completed => "completed",
        ReportStatus.Diverged => "diverged",
        ReportStatus.Interrupted => "interrupted",
        _ => "failed",
    };

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("G6", CultureInfo.InvariantCulture) : "–";
}
