using Glissade.Experiments.Running;
using Glissade.Input;

namespace Glissade.Experiments.Tests.Running;

/// <summary>Variants run one after another; one that diverges stops no other, and an interrupted set is gone on with to the same bits.</summary>
public sealed class VariantsRunTests
{
    private static readonly string Train = TestExperiment.Text + """


        variants:
          calm: {}
          wild: { update: [ { learning-rate: 1e6 } ] }
          last: { average: , batch: 24 }
        """;

    private const string Minimize = """
        name: small
        kind: minimize
        problem: rosenbrock
        update: [ { learning-rate: 0.001 } ]
        steps: 50
        variants:
          low: {}
          high: { update.learning-rate: 1 }
          last: { update.learning-rate: 0.002 }
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_variant_that_diverges_is_shown_beside_the_others(bool train)
    {
        using var experiment = new TestExperiment(train ? Train : Minimize);
        RunSummary summary = experiment.Run("out");
        Assert.Equal("completed", summary.Status);
        Assert.Equal(["completed", "diverged", "completed"], summary.Variants.Select(v => v.Value.Status));
        Assert.Equal($"3 variants are done; diverged: {(train ? "wild" : "high")}", summary.Reason);
        Assert.Equal(summary.Variants.Sum(v => v.Value.Steps), summary.Steps);
        string[] files = [.. Directory.EnumerateFiles(experiment.Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(experiment.Folder, f).Replace('\\', '/'))];
        Assert.Equal(["out/report.html"], files.Where(f => f.EndsWith(".html", StringComparison.Ordinal)));
        Assert.Contains("out/last/metrics.jsonl", files);
        Assert.Equal(train, files.Contains("out/last/model.safetensors"));
    }

    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 10)]
    [InlineData(true, 3)]
    [InlineData(false, 3)]
    public void An_interrupted_set_is_gone_on_with_to_the_same_bits(bool train, long step)
    {
        using var experiment = new TestExperiment(train ? Train : Minimize);
        experiment.Run("whole");

        // The second time the step is reached it is in the third variant: the second diverges before.
        using var cancellation = new CancellationTokenSource();
        int seen = 0;
        var observer = new AtStep(step, () =>
        {
            if (++seen == 2)
            {
                cancellation.Cancel();
            }
        });
        RunRequest request = experiment.Request("parts");
        RunSummary stopped = ExperimentRunner.Run(request, observer, cancellation.Token);
        Assert.Equal("interrupted", stopped.Status);
        Assert.Equal("interrupted", stopped.Variants[^1].Value.Status);
        Assert.StartsWith($"in the variant '{stopped.Variants[^1].Key}' interrupted after step ", stopped.Reason, StringComparison.Ordinal);
        string begun = stopped.Variants[^1].Key;
        byte[] first = experiment.Bytes("parts/" + stopped.Variants[0].Key, "result.json");

        RunSummary resumed = ExperimentRunner.Run(request with { Resume = true }, null, CancellationToken.None);
        Assert.Equal("completed", resumed.Status);
        Assert.Equal(3, resumed.Variants.Length);
        Assert.NotEqual(resumed.Variants[0].Key, begun);
        Assert.Equal(first, experiment.Bytes("parts/" + resumed.Variants[0].Key, "result.json"));
        foreach ((string name, _) in resumed.Variants)
        {
            Assert.Equal(experiment.Bytes("whole/" + name, "metrics.jsonl"), experiment.Bytes("parts/" + name, "metrics.jsonl"));
            if (train)
            {
                Assert.Equal(experiment.Bytes("whole/" + name, "model.safetensors"), experiment.Bytes("parts/" + name, "model.safetensors"));
            }
        }

        // A third time there is nothing left to do, and what was said of each variant is still known.
        RunSummary again = ExperimentRunner.Run(request with { Resume = true }, null, CancellationToken.None);
        Assert.Equal(resumed.ToJson(), again.ToJson());
    }

    [Fact]
    public void A_changed_variant_is_another_experiment()
    {
        using var experiment = new TestExperiment(Minimize);
        experiment.Run("out");
        Assert.Throws<InputException>(() => experiment.Run("out", resume: true, set: "variants.last={update.learning-rate: 0.003}"));
    }
}
