using System.Text.Json;
using System.Text.RegularExpressions;
using Glissade.Experiments.Reporting;

namespace Glissade.Experiments.Tests.Reporting;

/// <summary>The report as a file. Where this build has no page of its own a stand-in with the same two places serves.</summary>
public sealed partial class ReportWriterTests : IDisposable
{
    private const string StandIn =
        "<html><title>__TITLE__</title><script type=\"application/json\" id=\"run\">__RUN__</script></html>";

    private readonly string _folder = Directory.CreateTempSubdirectory("glissade-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_name_cannot_break_out_of_the_page()
    {
        const string attack = "</script><script>alert(1)</script><!-- & \u2028 \" ' \\ __RUN__ <title>__TITLE__</title>";
        RunReport report = SampleReports.Classifier() with
        {
            Name = attack,
            Kind = attack,
            Reason = attack,
            Experiment = attack,
            Machine = new ReportMachine(attack, 1),
            Warnings = [attack],
            Network = [new ReportLayer(attack, attack, 1)],
            Metrics = [new ReportMetric(attack, 1, true)],
            Best = new ReportBest(1, attack),
        };

        foreach (string html in new[] { ReportWriter.Render(report, StandIn), ReportWriter.Render(report), ReportWriter.Render(report, page: null) })
        {
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            Assert.DoesNotContain("</script><script>", html, StringComparison.Ordinal);
        }

        using JsonDocument run = RunIn(ReportWriter.Render(report, StandIn));
        Assert.Equal(attack, run.RootElement.GetProperty("name").GetString());
        Assert.Equal(attack, run.RootElement.GetProperty("warnings")[0].GetString());
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_gaps()
    {
        double[] rough = [1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon];
        RunReport report = SampleReports.Regression() with
        {
            Seconds = double.NaN,
            ClipBound = double.PositiveInfinity,
            StepsPerEpoch = double.NaN,
            Metrics = [new ReportMetric("loss", double.NegativeInfinity, false)],
            Series = [new ReportSeries { Name = "train", Group = "loss", Steps = [1, 2, 3, 4, 5, 6], Values = rough }],
            Predictions = new ReportPredictions("y", "", rough, rough),
        };

        using JsonDocument run = RunIn(ReportWriter.Render(report, StandIn));

        JsonElement values = run.RootElement.GetProperty("series")[0].GetProperty("values");
        Assert.Equal([false, true, true, true, false, false], values.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null));
        Assert.Equal(JsonValueKind.Null, run.RootElement.GetProperty("metrics")[0].GetProperty("value").ValueKind);
        Assert.Equal(JsonValueKind.Null, run.RootElement.GetProperty("seconds").ValueKind);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        foreach (string html in new[] { ReportWriter.Render(SampleReports.Classifier()), ReportWriter.Render(SampleReports.Classifier(), page: null) })
        {
            Assert.DoesNotMatch(OutsideResource(), html);
        }
    }

    [Fact]
    public void An_ordinary_report_is_small()
    {
        Assert.InRange(ReportWriter.Render(SampleReports.Classifier()).Length, 1_000, 300_000);
    }

    [Fact]
    public void The_seed_keeps_all_its_digits()
    {
        using JsonDocument run = RunIn(ReportWriter.Render(SampleReports.Classifier(), StandIn));
        Assert.Equal("18446744073709551557", run.RootElement.GetProperty("seed").GetString());
    }

    [Fact]
    public void Writing_replaces_the_file_and_leaves_nothing_beside_it()
    {
        string path = Path.Combine(_folder, "new", "report.html");
        ReportWriter.Write(path, SampleReports.Regression());
        ReportWriter.Write(path, SampleReports.Classifier());

        Assert.Equal(ReportWriter.Render(SampleReports.Classifier()), File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.Combine(_folder, "new")));
    }

    [Fact]
    public void A_failed_write_leaves_what_was_there()
    {
        string path = Path.Combine(_folder, "report.html");
        // A folder of that name cannot be replaced by a file: the rename fails after everything was written.
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<SystemException>(() => ReportWriter.Write(path, SampleReports.Classifier()));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));

        string old = Path.Combine(_folder, "old.html");
        File.WriteAllText(old, "old");
        RunReport contradictory = SampleReports.Classifier() with { Predictions = SampleReports.Regression().Predictions };
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(old, contradictory));
        Assert.Equal("old", File.ReadAllText(old));
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_report()
    {
        string path = Path.Combine(_folder, "report.html");
        RunReport[] reports = [SampleReports.Classifier(), SampleReports.Regression()];
        string[] whole = [.. reports.Select(ReportWriter.Render)];
        ReportWriter.Write(path, reports[0]);
        using CancellationTokenSource done = new();
        Task reading = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.Contains(File.ReadAllText(path), whole);
            }
        }, TestContext.Current.CancellationToken);

        for (int i = 0; i < 30; i++)
        {
            ReportWriter.Write(path, reports[i % 2]);
        }

        await done.CancelAsync();
        await reading;
    }

    [Fact]
    public void Without_the_page_there_are_tables_and_the_reason_why()
    {
        string html = ReportWriter.Render(SampleReports.Classifier(), page: null);
        Assert.Contains("no pictures, because Glissade was built without Node.js", html, StringComparison.Ordinal);
        foreach (string text in new[] { "digits-mlp", "test accuracy", "0.9778", "cross-entropy", "Dense(64 → 128)", "Confusion matrix", "best test loss", "18446744073709551557" })
        {
            Assert.Contains(System.Net.WebUtility.HtmlEncode(text), html, StringComparison.Ordinal);
        }

        Assert.Contains("Root-mean-square error", ReportWriter.Render(SampleReports.Regression(), page: null), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_different_lengths_are_refused()
    {
        RunReport report = SampleReports.Classifier();
        ReportSeries series = report.Series[0];
        Assert.Throws<ArgumentException>(() => ReportWriter.Render(report with { Series = [series with { Values = [1, 2] }] }));
        Assert.Throws<ArgumentException>(() => ReportWriter.Render(report with { Series = [series with { Steps = [2, 2], Values = [1, 2] }] }));
        Assert.Throws<ArgumentException>(() => ReportWriter.Render(report with { Confusion = new ReportConfusion(["a", "b"], [[1, 2], [3]]) }));
        Assert.Throws<ArgumentException>(() => ReportWriter.Render(report with { Confusion = null, Predictions = new ReportPredictions("y", "", [1, 2], [1]) }));
    }

    [Fact]
    public void The_stored_contract_is_what_is_written()
    {
        string path = Path.Combine(RepositoryRoot(), "page", "test", "contract.json");
        using JsonDocument written = RunIn(ReportWriter.Render(SampleReports.Classifier(300, every: 5), StandIn));
        using JsonDocument stored = JsonDocument.Parse(File.Exists(path) ? File.ReadAllText(path) : "{}");
        if (!JsonElement.DeepEquals(written.RootElement, stored.RootElement))
        {
            string actual = Path.Combine(AppContext.BaseDirectory, "contract.json");
            using (FileStream stream = File.Create(actual))
            {
                using Utf8JsonWriter writer = new(stream);
                written.WriteTo(writer);
            }

            Assert.Fail($"What is written differs from {path}, by which the page is tested. If that is meant, replace it by {actual}.");
        }
    }

    private static JsonDocument RunIn(string html)
    {
        const string start = "id=\"run\">";
        int from = html.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return JsonDocument.Parse(html[from..html.IndexOf("</script>", from, StringComparison.Ordinal)]);
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Glissade.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex("""(?:src|href|action|data|poster|srcset)\s*=\s*["']?\s*(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//|\bfetch\(|XMLHttpRequest|WebSocket|import\(""", RegexOptions.IgnoreCase)]
    private static partial Regex OutsideResource();
}
