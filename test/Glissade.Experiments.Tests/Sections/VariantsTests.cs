using Glissade.Experiments.Running;
using Glissade.Experiments.Tests.Running;

namespace Glissade.Experiments.Tests.Sections;

/// <summary>Minimisations and variants are read as strictly as everything else, and a set of variants is written so that it runs as it stands.</summary>
public sealed class VariantsTests
{
    private const string Text = """
        name: bowl
        kind: minimize
        seed: 3
        problem: { quadratic: { curvatures: [1, 4], start: [2, 1], noise: 0.1 } }
        update: [ adam, { learning-rate: 0.1 } ]
        average: { ema: 0.9 }
        steps: 20
        variants:
          low: { update.learning-rate: 0.01 }
          plain: { update: [ { learning-rate: 0.1 } ], average: }
        """;

    [Theory]
    [InlineData("kind: minimize", "kind: minimise", "small.yaml:2:7: found 'minimise', expected one of train, minimize; did you mean 'minimize'?")]
    [InlineData("quadratic:", "quadratc:", "small.yaml:4:10: found 'quadratc', expected one of quadratic, ravine, rosenbrock, recurrent; did you mean 'quadratic'?")]
    [InlineData("[1, 4]", "[1, -4]", "small.yaml:4:41: found -4, expected a number above 0")]
    [InlineData("[1, 4]", "1", "small.yaml:4:37: found 1, expected a list of numbers")]
    [InlineData("[1, 4]", "[]", "small.yaml:4:37: found a list of 0 items, expected one or more numbers")]
    [InlineData("start: [2, 1]", "start: [2]", "small.yaml:4:10: 'problem': A quadratic of 2 curvatures needs a start of 2 numbers, not 1.")]
    [InlineData("noise: 0.1", "noise: -1", "small.yaml:4:67: found -1, expected a number of 0 or more")]
    [InlineData("steps: 20", "stpes: 20", "small.yaml:7:1: found unknown key 'stpes', expected one of name, kind, seed, problem, update, average, steps, variants; did you mean 'steps'?")]
    [InlineData("steps: 20", "steps: 0", "small.yaml:7:8: found 0, expected a whole number from 1 to 1000000")]
    [InlineData("low: { update.learning-rate: 0.01 }", "low: { update.learning-rat: 0.01 }", "small.yaml:9:10: no 'learning-rat' in update; did you mean 'learning-rate'?")]
    [InlineData("low: { update.learning-rate: 0.01 }", "low: { update.learning-rate: -1 }", "small.yaml:9:32: found -1, expected a number of 0 or more")]
    [InlineData("low: { update.learning-rate: 0.01 }", "low: { udpate: [] }", "small.yaml:9:10: found unknown key 'udpate', expected one of name, kind, seed, problem, update, average, steps, variants; did you mean 'update'?")]
    [InlineData("low: { update.learning-rate: 0.01 }", "low: { name: other }", "small.yaml:9:10: found 'name' in a variant, expected a key that may differ")]
    [InlineData("low: { update.learning-rate: 0.01 }", "low: { variants.plain: {} }", "small.yaml:9:10: found 'variants' in a variant, expected a key that may differ")]
    [InlineData("low: { update.learning-rate: 0.01 }", "low: 0.01", "small.yaml:9:8: found 0.01, expected the changes of the variant 'low' (a mapping)")]
    [InlineData("low: { update.learning-rate: 0.01 }", "../low: {}", "small.yaml:9:3: found '../low', expected a name that a folder can have")]
    [InlineData("low: { update.learning-rate: 0.01 }", "Plain: {}", "small.yaml:10:3: found the variant 'plain' again, but for capitals, expected each variant once")]
    [InlineData("  low: { update.learning-rate: 0.01 }\n", "", "small.yaml:9:3: found one variant, expected from 2 to 12 variants")]
    public void A_mistake_is_told_with_its_place(string right, string wrong, string message)
    {
        string found = Problems(Text.Replace("\r", "", StringComparison.Ordinal).Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(found.Split('\n'), line => line.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_of_all_variants_is_told_once_and_those_of_each_together()
    {
        string text = Text.Replace("steps: 20", "steps: none", StringComparison.Ordinal)
            .Replace("update.learning-rate: 0.01", "update.learning-rate: -1", StringComparison.Ordinal)
            .Replace("{ learning-rate: 0.1 } ], average:", "{ learning-rate: -2 } ], average:", StringComparison.Ordinal);
        Assert.Equal(3, Problems(text).Split('\n').Length);
    }

    [Fact]
    public void What_is_kept_of_a_set_runs_as_it_stands_and_is_the_same_set()
    {
        using var experiment = new TestExperiment(Text);
        RunSummary first = experiment.Run("first");
        string kept = Path.Combine(experiment.Folder, "first", "experiment.yaml");
        RunSummary second = TestExperiment.RunFile(new RunRequest { File = kept, Folder = Path.Combine(experiment.Folder, "second") });
        Assert.Equal(File.ReadAllText(kept), File.ReadAllText(Path.Combine(experiment.Folder, "second", "experiment.yaml")));
        Assert.Equal(["low", "plain"], first.Variants.Select(v => v.Key));
        Assert.Equal(["bowl-low", "bowl-plain"], first.Variants.Select(v => v.Value.Name));
        Assert.Equal(first.Variants.Select(v => v.Value.Metrics.ToArray()), second.Variants.Select(v => v.Value.Metrics.ToArray()));

        string text = File.ReadAllText(kept);
        Assert.True(text.IndexOf("steps: 20", StringComparison.Ordinal) < text.IndexOf("variants:", StringComparison.Ordinal), "What all share stands once, before the variants.");
        Assert.True(text.IndexOf("ema:", StringComparison.Ordinal) > text.IndexOf("variants:", StringComparison.Ordinal), "What one has alone stands under it.");
    }

    [Fact]
    public void A_variant_is_the_experiment_with_its_changes_made()
    {
        using var experiment = new TestExperiment(Text);
        using var alone = new TestExperiment(Text[..Text.IndexOf("variants:", StringComparison.Ordinal)].Replace("learning-rate: 0.1", "learning-rate: 0.01", StringComparison.Ordinal));
        RunSummary low = experiment.Run("out").Variants[0].Value;
        Assert.Equal(alone.Run("out").Metrics.ToArray(), low.Metrics.ToArray());
        Assert.Equal(alone.Bytes("out", "metrics.jsonl"), experiment.Bytes("out/low", "metrics.jsonl"));
    }

    [Fact]
    public void A_change_from_the_command_line_is_made_before_the_variants_are()
    {
        using var experiment = new TestExperiment(Text);
        Assert.All(experiment.Run("out", set: "steps=7").Variants, v => Assert.Equal(7, v.Value.Steps));
        Assert.Equal(7 + 20, experiment.Run("other", set: "variants.low={steps: 7}").Steps);
    }

    private static string Problems(string text)
    {
        using var experiment = new TestExperiment(text);
        return experiment.Problems();
    }
}
