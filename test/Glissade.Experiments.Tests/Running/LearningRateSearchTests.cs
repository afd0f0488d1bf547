using System.Text.Json;
using Glissade.Experiments.Running;
using Glissade.Input;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Tests.Running;

/// <summary>The search for a learning rate reads an experiment and leaves it, and its runs, alone.</summary>
public sealed class LearningRateSearchTests
{
    [Fact]
    public void A_rate_is_found_and_no_file_is_touched()
    {
        using var experiment = new TestExperiment();
        experiment.Run("out");
        Dictionary<string, byte[]> before = Files(experiment);
        LearningRateFinding finding = LearningRateSearch.Find(experiment.Request("out"), new LearningRateRangeOptions { Low = 1e-5, High = 10 });
        Dictionary<string, byte[]> after = Files(experiment);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));

        // Adam moves each weight by about the rate, and the weights are of the size of one.
        Assert.InRange(finding.Result.Suggested!.Value, 1e-3, 1);
        Assert.Equal(finding.ToJson(), LearningRateSearch.Find(experiment.Request("out"), new LearningRateRangeOptions { Low = 1e-5, High = 10 }).ToJson());

        JsonElement json = JsonDocument.Parse(finding.ToJson()).RootElement;
        Assert.Equal(["name", "seed", "end", "suggested", "tenth_of_minimum", "reason", "points"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(finding.Result.Suggested, json.GetProperty("suggested").GetDouble());
        Assert.Equal(finding.Result.Points.Length, json.GetProperty("points").GetArrayLength());
        Assert.Equal(1e-5, json.GetProperty("points")[0].GetProperty("rate").GetDouble());
    }

    [Fact]
    public void A_report_is_written_where_asked_for()
    {
        using var experiment = new TestExperiment();
        string report = Path.Combine(experiment.Folder, "sweep.html");
        LearningRateFinding finding = LearningRateSearch.Find(experiment.Request("out"), new LearningRateRangeOptions { Low = 1e-5 }, report);
        string html = File.ReadAllText(report);
        Assert.Contains("learning-rate range test", html, StringComparison.Ordinal);
        Assert.Contains("suggested learning rate", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotNull(finding.Result.Suggested);
        Assert.False(Directory.Exists(Path.Combine(experiment.Folder, "out")));
    }

    [Fact]
    public void Without_a_rate_there_is_nothing_to_sweep()
    {
        using var experiment = new TestExperiment(TestExperiment.With("  - learning-rate: { warmup: 5, to: 0.02, then: cosine }\n", ""));
        string message = Assert.Throws<InputException>(() => LearningRateSearch.Find(experiment.Request("out"), new LearningRateRangeOptions())).Message;
        Assert.Contains("expected The chain has no learning rate to sweep; put a rule 'learning-rate' at its end.", message, StringComparison.Ordinal);
    }

    private static Dictionary<string, byte[]> Files(TestExperiment experiment) =>
        Directory.EnumerateFiles(experiment.Folder, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllBytes);
}
