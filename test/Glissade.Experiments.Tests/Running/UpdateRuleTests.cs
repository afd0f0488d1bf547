using System.Text.Json;
using Glissade.Experiments.Catalog;
using Glissade.Experiments.Running;

namespace Glissade.Experiments.Tests.Running;

/// <summary>Every update rule in a real run.</summary>
public sealed class UpdateRuleTests
{
    /// <summary>What must stand behind a keyword.</summary>
    private static readonly Dictionary<string, string> Arguments = new(StringComparer.Ordinal)
    {
        ["accumulate"] = "2",
        ["clip-by-global-norm"] = "1",
        ["clip-by-maximum-norm"] = "1",
        ["clip-by-value"] = "0.1",
        ["momentum"] = "0.9",
        ["nesterov"] = "0.9",
        ["weight-decay"] = "0.01",
        ["clip-by-norm"] = "{ bound: 0.1, order: 3 }",
        ["clip-by-parameter-norm"] = "0.1",
        ["schedule-free"] = "0.1",
        ["extra-gradient"] = "0.01",
        ["extrapolated-momentum"] = "0.9",
        ["learning-rate"] = "0.1",
        ["gradient-noise"] = "0.01",
        ["langevin-noise"] = "{ rate: 0.01, temperature: 1e-5, seed: 4 }",
        ["averaged-descent"] = "{ rate: 0.1, average-from: 3 }",
        ["freeze"] = "{ share: { constant: 0, for: 3, then: 1 }, only: \"*.bias\" }",
    };

    public static TheoryData<string> Keys() => [.. ExperimentCatalog.Sections.Single(s => s.Name == "updates").Entries.Select(e => e.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_rule_trains_and_its_resolved_file_gives_the_same_bytes(string key)
    {
        string rule = Arguments.TryGetValue(key, out string? argument) ? $"{{ {key}: {argument} }}" : key;
        using var experiment = new TestExperiment();
        string[] set = ["epochs=2", $"update=[ {rule}, {{ learning-rate: 0.01 }} ]"];
        RunSummary summary = experiment.Run("out", set: set);
        Assert.Equal("completed", summary.Status);
        TestExperiment.RunFile(new RunRequest { File = Path.Combine(experiment.Folder, "out", "experiment.yaml"), Folder = Path.Combine(experiment.Folder, "again") });
        Assert.Equal(experiment.Bytes("out", "model.safetensors"), experiment.Bytes("again", "model.safetensors"));
        experiment.Run("still", set: ["epochs=2", "update=[ { learning-rate: 0 } ]"]);
        Assert.NotEqual(experiment.Bytes("still", "model.safetensors"), experiment.Bytes("out", "model.safetensors"));
    }

    [Fact]
    public void Schedules_count_steps_and_not_micro_batches()
    {
        // 90 examples in batches of 16 are 6 a pass, so 2 epochs of 3 micro-batches a step are 4 steps.
        using var experiment = new TestExperiment();
        experiment.Run("out", set: ["epochs=2", "average=", "update=[ { accumulate: 3 }, { learning-rate: { linear: 100%, from: 1, to: 0 } } ]"]);
        string[] steps = [.. File.ReadLines(Path.Combine(experiment.Folder, "out", "metrics.jsonl")).Where(line => line.Contains("\"loss\"", StringComparison.Ordinal))];
        Assert.Equal(12, steps.Length);
        Assert.All(steps, line => Assert.Contains("\"skipped\":false", line, StringComparison.Ordinal));
        double[] expected = [1, 1, 1, 0.75, 0.75, 0.75, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25];
        Assert.Equal(expected, steps.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("learning_rate").GetDouble()));
    }

    [Theory]
    [InlineData("update=[ adam, { accumulate: 2 }, { learning-rate: 0.1 } ]")]
    [InlineData("update=[ { accumulate: 2, only: \"*.bias\" }, { learning-rate: 0.1 } ]")]
    public void Accumulation_stands_first_for_all_parameters(string set)
    {
        using var experiment = new TestExperiment();
        Assert.Contains("'accumulate' as the first rule", experiment.Problems(set), StringComparison.Ordinal);
    }

    /// <summary>The record tells of an update where there was one: of every third call here, with the norm of the mean gradient.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_only_gathered_has_no_norms_in_the_record(bool train)
    {
        using var experiment = new TestExperiment(train ? TestExperiment.Text : "name: small\nkind: minimize\nproblem: rosenbrock\nupdate: [ adam ]\nsteps: 12\n");
        experiment.Run("out", set: ["update=[ { accumulate: 3 }, { clip-by-global-norm: 0.001 }, { learning-rate: 0.02 } ]", .. train ? ["epochs=2"] : Array.Empty<string>()]);
        JsonElement[] steps = [.. File.ReadLines(Path.Combine(experiment.Folder, "out", "metrics.jsonl")).Select(l => JsonDocument.Parse(l).RootElement).Where(l => l.TryGetProperty("skipped", out _))];
        Assert.Equal(12, steps.Length);
        foreach (JsonElement step in steps)
        {
            bool isApplied = step.GetProperty("step").GetInt64() % 3 == 0;
            Assert.All(["gradient_norm", "update_norm", "clipped"], key => Assert.Equal(isApplied, step.TryGetProperty(key, out _)));
            Assert.False(step.GetProperty("skipped").GetBoolean());
            Assert.True(step.TryGetProperty(train ? "loss" : "value", out _));
            Assert.True(!isApplied || step.GetProperty("update_norm").GetDouble() is > 0.9 * 0.02 * 0.001 and < 1.1 * 0.02 * 0.001);
        }
    }

    [Theory]
    [InlineData("hutchinson", "0.01")]
    [InlineData("gauss-newton-bartlett", "0.05")]
    [InlineData("exact", "0.01")]
    public void The_curvature_is_estimated_as_the_file_says(string estimator, string gamma)
    {
        // Where γ is left out, it is the authors' for the estimate.
        using var experiment = new TestExperiment();
        experiment.Run("out", set: ["epochs=2", $"update=[ {{ sophia: {estimator}, every: 4 }}, {{ learning-rate: 0.01 }} ]"]);
        experiment.Run("said", set: ["epochs=2", $"update=[ {{ sophia: {{ estimator: {estimator}, every: 4, beta1: 0.96, beta2: 0.99, gamma: {gamma}, epsilon: 1e-12 }} }}, {{ learning-rate: 0.01 }} ]"]);
        Assert.Equal(experiment.Bytes("out", "model.safetensors"), experiment.Bytes("said", "model.safetensors"));

        // In so short a run of so small a γ every element is clipped; with a great one each estimate counts.
        experiment.Run("often", set: ["epochs=2", $"update=[ {{ sophia: {estimator}, every: 4, gamma: 50 }}, {{ learning-rate: 0.01 }} ]"]);
        experiment.Run("rarely", set: ["epochs=2", $"update=[ {{ sophia: {estimator}, every: 5, gamma: 50 }}, {{ learning-rate: 0.01 }} ]"]);
        Assert.NotEqual(experiment.Bytes("out", "model.safetensors"), experiment.Bytes("often", "model.safetensors"));
        Assert.NotEqual(experiment.Bytes("often", "model.safetensors"), experiment.Bytes("rarely", "model.safetensors"));
        string Report(string folder) => File.ReadAllText(Path.Combine(experiment.Folder, folder, "report.html"));
        Assert.Contains("so its steps were little more than signs", Report("out"), StringComparison.Ordinal);
        Assert.DoesNotContain("so its steps were little more than signs", Report("often"), StringComparison.Ordinal);
        string resolved = File.ReadAllText(Path.Combine(experiment.Folder, "out", "experiment.yaml"));
        Assert.Contains($"estimator: {estimator}", resolved, StringComparison.Ordinal);
        Assert.Contains("every: 4", resolved, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_without_targets_has_none_to_draw()
    {
        using var experiment = new TestExperiment("name: small\nkind: minimize\nproblem: rosenbrock\nupdate:\n  - sophia: gauss-newton-bartlett\n  - learning-rate: 0.1\nsteps: 5\n");
        Assert.Equal(
            "small.yaml:5:5: found an estimate by 'gauss-newton-bartlett' of a function that has no targets, expected 'hutchinson' or 'exact', which need no targets to draw", experiment.Problems());
        Assert.Equal("completed", experiment.Run("out", set: "update.sophia=exact").Status);
    }

    [Fact]
    public void A_minimisation_may_gather_gradients_as_well()
    {
        using var experiment = new TestExperiment("name: small\nkind: minimize\nproblem: rosenbrock\nupdate:\n  - accumulate: 2\n  - learning-rate: 0.001\nsteps: 6\n");
        Assert.Equal("completed", experiment.Run("out").Status);
    }

    [Fact]
    public void A_half_life_can_be_written()
    {
        using var experiment = new TestExperiment();
        Assert.Contains("above 0 and below 1", experiment.Problems("update=[ { ademamix: { beta3: { half-life: 50%, from: 0, to: 0.9999 } } } ]"), StringComparison.Ordinal);
        experiment.Run("out", set: ["epochs=1", "update=[ { ademamix: { beta3: { half-life: 50%, from: 0.9, to: 0.9999 }, alpha: { warmup: 50%, to: 5 } } }, { learning-rate: 0.01 } ]"]);
        Assert.Contains("half-life", File.ReadAllText(Path.Combine(experiment.Folder, "out", "experiment.yaml")), StringComparison.Ordinal);
    }
}
