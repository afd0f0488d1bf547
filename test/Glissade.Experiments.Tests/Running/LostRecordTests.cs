using System.Net;
using Glissade.Experiments.Recording;
using Glissade.Experiments.Running;

namespace Glissade.Experiments.Tests.Running;

/// <summary>A record that was lost or damaged before the run is resumed leaves a gap that is told, in the output and in the report.</summary>
public sealed class LostRecordTests
{
    private const string Minimize = """
        name: small
        kind: minimize
        problem: rosenbrock
        update: [ { learning-rate: 0.001 } ]
        steps: 36
        """;

    /// <summary>18 steps were taken of 36: 6 epochs of 6 steps, or so many points.</summary>
    [Theory]
    [InlineData(true, 0, "steps 1 to 18")]
    [InlineData(true, 10, "steps 9 to 18")]
    [InlineData(true, 18, "step 18")]
    [InlineData(true, -1, "steps 1 to 18")]
    [InlineData(false, 0, "steps 0 to 18")]
    [InlineData(false, 10, "steps 10 to 18")]
    [InlineData(false, -1, "steps 0 to 18")]
    public void A_record_that_is_shorter_than_the_run_is_told(bool train, int linesKept, string missing)
    {
        using var experiment = new TestExperiment(train ? TestExperiment.Text : Minimize);
        RunSummary whole = experiment.Run("whole");
        string[] all = File.ReadAllLines(MetricsOf(experiment, "whole"));
        string metrics = StopAt(experiment, 18);
        if (linesKept < 0)
        {
            File.Delete(metrics);
        }
        else
        {
            // Beside the steps there are the hyperparameters and the ends of epochs.
            string[] lines = File.ReadAllLines(metrics);
            File.WriteAllText(metrics, string.Concat(lines.Take(train && linesKept == 18 ? Array.FindIndex(lines, l => l.StartsWith("{\"step\":18,", StringComparison.Ordinal)) : linesKept).Select(l => l + "\n")));
        }

        string[] kept = linesKept < 0 ? [] : File.ReadAllLines(metrics);
        var observer = new AtStep(-1, () => { });
        RunSummary resumed = experiment.Run("out", observer, resume: true);
        Assert.Equal(("completed", 36L), (resumed.Status, resumed.Steps));
        Assert.Equal(whole.Metrics, resumed.Metrics);
        Assert.Contains(observer.Messages, m => m.StartsWith($"The record '{metrics}' lacks the {missing} of 18: it was lost", StringComparison.Ordinal));

        // What was there stays; what follows is what it would have been.
        string[] now = File.ReadAllLines(metrics);
        Assert.Equal(kept, now[..kept.Length]);
        Assert.Equal(all[^(now.Length - kept.Length)..], now[kept.Length..]);
        Assert.Equal(Array.FindIndex(all, l => l.StartsWith("{\"step\":18,", StringComparison.Ordinal)) + 1, all.Length - (now.Length - kept.Length));
        Assert.Contains($"The record '{metrics}' lacks the {missing} of 36: it was lost", ReportOf(experiment), StringComparison.Ordinal);
        Assert.Equal([metrics], Directory.GetFiles(Path.GetDirectoryName(metrics)!, "metrics*"));
    }

    [Fact]
    public void A_record_with_a_damaged_line_is_kept_aside_whole()
    {
        using var experiment = new TestExperiment();
        string metrics = StopAt(experiment, 18);
        string[] lines = File.ReadAllLines(metrics);
        int damaged = Array.FindIndex(lines, l => l.StartsWith("{\"step\":12,", StringComparison.Ordinal));
        lines[damaged] = "what is no record";
        File.WriteAllLines(metrics, lines);
        byte[] before = File.ReadAllBytes(metrics);
        string copy = Path.ChangeExtension(metrics, "damaged-1.jsonl");
        File.WriteAllText(copy, "of an earlier time");

        var observer = new AtStep(-1, () => { });
        Assert.Equal("completed", experiment.Run("out", observer, resume: true).Status);
        string kept = Path.ChangeExtension(metrics, "damaged-2.jsonl");
        Assert.Contains($"The record '{metrics}' had a line that is none of a record; it goes on from before that line, and '{kept}' is the file as it was.", observer.Messages);
        Assert.Contains(observer.Messages, m => m.StartsWith($"The record '{metrics}' lacks the steps 12 to 18 of 18: ", StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(kept));
        Assert.Equal("of an earlier time", File.ReadAllText(copy));
        Assert.Equal(lines[..damaged], File.ReadAllLines(metrics)[..damaged]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_told_of_a_record_that_is_whole(bool train)
    {
        using var experiment = new TestExperiment(train ? TestExperiment.Text : Minimize);
        string metrics = StopAt(experiment, 18);
        File.AppendAllText(metrics, "{\"step\":19,\"los");
        var observer = new AtStep(-1, () => { });
        experiment.Run("out", observer, resume: true);
        Assert.DoesNotContain(observer.Messages, m => m.Contains("The record", StringComparison.Ordinal));
        Assert.DoesNotContain("The record", ReportOf(experiment), StringComparison.Ordinal);
        Assert.Equal([metrics], Directory.GetFiles(Path.GetDirectoryName(metrics)!, "metrics*"));
    }

    /// <summary>A finished variant is not run again, so its record cannot come back; the others are shown all the same.</summary>
    [Fact]
    public void The_report_of_variants_names_the_one_whose_record_is_lost()
    {
        using var experiment = new TestExperiment(Minimize + "\nvariants: { low: {}, last: { update.learning-rate: 0.002 } }\n");
        using var stop = new CancellationTokenSource();
        int seen = 0;
        var observer = new AtStep(9, () =>
        {
            if (++seen == 2)
            {
                stop.Cancel();
            }
        });
        Assert.Equal("interrupted", ExperimentRunner.Run(experiment.Request("out"), observer, stop.Token).Status);
        string first = MetricsOf(experiment, Path.Combine("out", "low"));
        File.Delete(first);
        Assert.Equal("completed", experiment.Run("out", resume: true).Status);
        Assert.Contains($"low: The record '{first}' lacks the steps 0 to 36 of 36: ", ReportOf(experiment), StringComparison.Ordinal);
        Assert.DoesNotContain("last: The record", ReportOf(experiment), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_gaps_are_cut_short()
    {
        Assert.Equal([(1, 1), (3, 4), (9, 10)], MissingSteps.Find([2, 5, 6, 7, 8], 1, 10));
        Assert.Empty(MissingSteps.Find([0, 1, 2], 0, 2));
        Assert.Equal([(0, 2)], MissingSteps.Find([], 0, 2));

        string path = Path.Combine(Directory.CreateTempSubdirectory("glissade-record-").FullName, "metrics.jsonl");
        File.WriteAllLines(path, Enumerable.Range(1, 20).Where(s => s % 3 == 0).Select(s => $"{{\"step\":{s},\"loss\":1}}"));
        Assert.StartsWith($"The record '{path}' lacks the steps 1 to 2, 4 to 5, 7 to 8, 10 to 11, 13 to 14 and others of 20: ", MissingSteps.Describe(path, MetricsHistory.Read(path), 1, 20), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static string StopAt(TestExperiment experiment, long step)
    {
        using var stop = new CancellationTokenSource();
        Assert.Equal(("interrupted", step), ExperimentRunner.Run(experiment.Request("out"), new AtStep(step, stop.Cancel), stop.Token) is var first ? (first.Status, first.Steps) : default);
        return MetricsOf(experiment, "out");
    }

    private static string MetricsOf(TestExperiment experiment, string folder) => Path.Combine(experiment.Folder, folder, "metrics.jsonl");

    private static string ReportOf(TestExperiment experiment) =>
        WebUtility.HtmlDecode(File.ReadAllText(Path.Combine(experiment.Folder, "out", "report.html"))).Replace("\\u0027", "'", StringComparison.Ordinal);
}
