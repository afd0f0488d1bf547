using System.Text.Json;
using Glissade.Cli.Tests.Processes;

namespace Glissade.Cli.Tests;

/// <summary>Each of the experiments on effects shows its effect in numbers, run as a user runs it.</summary>
public sealed class EffectTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_low_learning_rate_creeps_a_good_one_arrives_and_a_high_one_diverges()
    {
        JsonElement all = Run("learning-rate");
        Assert.Equal("diverged", all.GetProperty("high").GetProperty("status").GetString());
        Assert.Equal("completed", all.GetProperty("low").GetProperty("status").GetString());
        Assert.True(Metric(all, "low", "distance") > 2);
        Assert.True(Metric(all, "good", "distance") < 1e-3);

        // Both in closed form: 60 steps of each axis' own factor.
        Assert.Equal(Math.Sqrt(Math.Pow(4 * Math.Pow(0.99, 60), 2) + Math.Pow(1.5 * Math.Pow(0.88, 60), 2)), Metric(all, "low", "distance"), 1e-9);
    }

    [Fact]
    public void Momentum_gets_through_a_ravine_in_which_plain_descent_is_stuck()
    {
        JsonElement all = Run("momentum");
        Assert.True(Metric(all, "momentum", "value") < 1e-6 * Metric(all, "plain", "value"));
        Assert.True(Metric(all, "nesterov", "value") < 1e-6 * Metric(all, "plain", "value"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Clipping_lets_a_recurrent_network_learn_whose_gradient_explodes(int seed)
    {
        JsonElement all = Run("clipping", "--seed", $"{seed}");
        Assert.Equal("completed", all.GetProperty("clipped").GetProperty("status").GetString());
        Assert.True(Metric(all, "clipped", "value") < 0.01);

        // Unclipped it ends no better than by always saying zero, of which the mean square error is a half; with the file's own seed it runs away.
        Assert.True(Metric(all, "unclipped", "value") > 0.3);
        Assert.Equal(seed == 1 ? "diverged" : "completed", all.GetProperty("unclipped").GetProperty("status").GetString());
        string[] lines = File.ReadAllLines(_place.PathOf("clipping", "clipped", "metrics.jsonl"));
        Assert.Contains(lines, line => line.Contains("\"clipped\":true", StringComparison.Ordinal));
        Assert.Contains(lines[1..], line => line.Contains("\"clipped\":false", StringComparison.Ordinal));
    }

    [Fact]
    public void Averages_of_noisy_iterates_end_nearer_than_the_last_of_them()
    {
        JsonElement all = Run("averaging");
        Assert.True(Metric(all, "ema", "distance") < Metric(all, "last-iterate", "distance"));

        // The mean square distance of the last half, which a lucky last step does not decide. In theory that of the iterates is
        // Σ ησ²/(cᵢ(2 − ηcᵢ)) = 0.61, and that of their mean about Σ σ²/cᵢ² (1 − β)/(1 + β) = 0.021.
        double last = MeanSquareDistance("last-iterate"), mean = MeanSquareDistance("ema");
        Assert.InRange(last, 0.4, 0.8);
        Assert.InRange(mean, 0.003, 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_curvature_makes_a_ravine_as_steep_along_as_across(int seed)
    {
        JsonElement all = Run("curvature", "--seed", $"{seed}");

        // Descent at its best rate: 100 steps of each axis' own factor.
        double factor = Math.Pow(1 - 0.001998, 100), across = Math.Pow(1 - 1.998, 100);
        Assert.Equal(Math.Sqrt(Math.Pow(4 * factor, 2) + (across * across)), Metric(all, "descent", "distance"), 1e-9);
        Assert.True(Metric(all, "adam", "distance") > 1e-3);
        Assert.True(Metric(all, "exact", "distance") < 1e-8);
        Assert.True(Metric(all, "hutchinson", "distance") < 1e-6);
    }

    [Fact]
    public void A_set_of_variants_is_told_in_lines()
    {
        ProcessResult result = _place.Run("run", Effect("learning-rate"));
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("learning-rate completed: 3 variants are done; diverged: high\n", result.Output.Replace("\r", "", StringComparison.Ordinal));
        Assert.Matches(@"\n  high +diverged: the value was ", result.Output);
        Assert.Matches(@"\n  good +value ", result.Output);
        Assert.Matches(@"\n  report +runs.learning-rate-0001.report\.html", result.Output);
        Assert.Matches(@"(^|\n)step 60/60  value ", result.Error);
        Assert.Contains("learning-rate-good: quadratic, 2 parameters, 60 steps of learning-rate", result.Error);
    }

    private JsonElement Run(string name, params string[] more)
    {
        string folder = _place.PathOf(name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        ProcessResult result = _place.Run(["run", Effect(name), "--json", "--quiet", "--out", name, .. more]);
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal("completed", document.RootElement.GetProperty("status").GetString());
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));
        return document.RootElement.GetProperty("variants").Clone();
    }

    private double MeanSquareDistance(string variant)
    {
        string[] lines = File.ReadAllLines(_place.PathOf("averaging", variant, "metrics.jsonl"));
        return lines[(lines.Length / 2)..].Average(line =>
        {
            using JsonDocument record = JsonDocument.Parse(line);
            return Math.Pow(record.RootElement.GetProperty("distance").GetDouble(), 2);
        });
    }

    private static string Effect(string name) => Path.Combine(Workplace.Repository, "experiments", "effects", name + ".yaml");

    private static double Metric(JsonElement variants, string variant, string metric) => variants.GetProperty(variant).GetProperty("metrics").GetProperty(metric).GetDouble();
}
