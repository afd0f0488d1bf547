using System.Text.Json;
using Glissade.Experiments.Reporting;

namespace Glissade.Experiments.Tests.Reporting;

/// <summary>A report of variants says of each series whose it is, keeps long ones short, and refuses what contradicts itself.</summary>
public sealed class VariantReportTests
{
    private const string StandIn = "<html><title>__TITLE__</title><script type=\"application/json\" id=\"run\">__RUN__</script></html>";

    [Fact]
    public void Each_variant_has_its_series_its_marks_and_its_path()
    {
        JsonElement run = Run(Report(points: 3));
        Assert.Equal(["low", "high"], run.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("name").GetString()!));
        Assert.Equal("diverged", run.GetProperty("variants")[1].GetProperty("status").GetString());
        Assert.Equal(1, run.GetProperty("variants")[1].GetProperty("marks").GetProperty("clippedCount").GetInt32());
        Assert.Equal(["low", "high"], run.GetProperty("series").EnumerateArray().Select(s => s.GetProperty("variant").GetString()!));
        Assert.Equal(JsonValueKind.Null, run.GetProperty("landscape").GetProperty("paths")[1].GetProperty("x")[2].ValueKind);
        Assert.Equal(6, run.GetProperty("landscape").GetProperty("heights").GetArrayLength());
    }

    [Fact]
    public void Long_paths_and_marks_are_thinned_and_keep_their_ends_and_their_counts()
    {
        const int points = 20_000;
        JsonElement run = Run(Report(points));
        JsonElement x = run.GetProperty("landscape").GetProperty("paths")[0].GetProperty("x");
        Assert.Equal(ReportThinning.SeriesLimit, x.GetArrayLength());
        Assert.Equal(0, x[0].GetDouble());
        Assert.Equal(points - 1, x[ReportThinning.SeriesLimit - 1].GetDouble());
        JsonElement marks = run.GetProperty("variants")[0].GetProperty("marks");
        Assert.Equal(points, marks.GetProperty("clippedCount").GetInt32());
        Assert.InRange(marks.GetProperty("clipped").GetArrayLength(), 1, ReportThinning.SeriesLimit);
    }

    [Fact]
    public void Without_the_page_the_variants_stand_in_a_table()
    {
        string html = ReportWriter.Render(Report(points: 3), page: null);
        Assert.Contains("<h2>Variants</h2>", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">high</th><td class=\"n\">diverged</td><td class=\"n\">3</td><td class=\"n\">–</td>", html, StringComparison.Ordinal);
        Assert.Contains("gradient norm, norm, high", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        RunReport report = Report(points: 3);
        ReportLandscape landscape = report.Landscape!;
        (RunReport Wrong, string Message)[] cases =
        [
            (report with { Variants = null }, "of the variant 'low', which the report of 'set' does not list"),
            (report with { Landscape = landscape with { Columns = 4 } }, "it has 6 heights in rows of 4"),
            (report with { Landscape = landscape with { Across = [1, 1] } }, "not [1, 1] by [0, 1]"),
            (report with { Landscape = landscape with { Paths = [new ReportPath("low", [1, 2], [1])] } }, "The path 'low' has 2 positions across, but 1 upwards"),
        ];
        foreach ((RunReport wrong, string message) in cases)
        {
            Assert.Contains(message, Assert.Throws<ArgumentException>(wrong.Validate).Message, StringComparison.Ordinal);
        }
    }

    private static RunReport Report(int points)
    {
        long[] steps = [.. Enumerable.Range(1, points).Select(i => (long)i)];
        double[] values = [.. steps.Select(s => (double)(s - 1))];
        ReportSeries Series(string variant) => new() { Name = "norm", Group = ReportGroups.GradientNorm, Variant = variant, Steps = steps, Values = values };
        ReportVariant Variant(string name, ReportStatus status, double value, long[] clipped) =>
            new(name, status, "because", points, [new ReportMetric("value", value, false)]) { Marks = new ReportMarks { Clipped = clipped }, ClipBound = 1 };
        return new RunReport
        {
            Name = "set",
            Kind = "minimize",
            Status = ReportStatus.Completed,
            Series = [Series("low"), Series("high")],
            Variants = [Variant("low", ReportStatus.Completed, 1, steps), Variant("high", ReportStatus.Diverged, double.NaN, [2])],
            Landscape = new ReportLandscape
            {
                Across = [0, 2],
                Upwards = [0, 1],
                Columns = 3,
                Heights = [1, 2, 3, 4, 5, 6],
                Paths = [new ReportPath("low", values, values), new ReportPath("high", [0, 1, double.NaN], [0, 1, double.NaN])],
            },
        };
    }

    private static JsonElement Run(RunReport report)
    {
        string html = ReportWriter.Render(report, StandIn);
        int start = html.IndexOf('{', StringComparison.Ordinal), end = html.LastIndexOf('}') + 1;
        using JsonDocument document = JsonDocument.Parse(html[start..end]);
        return document.RootElement.Clone();
    }
}
