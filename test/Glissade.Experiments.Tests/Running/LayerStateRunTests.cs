using Glissade.Experiments.Running;

namespace Glissade.Experiments.Tests.Running;

/// <summary>Runs of networks whose layers keep states.</summary>
public sealed class LayerStateRunTests
{
    /// <summary>The validation part is evaluated at the end with the states that belong to the weights, averaged or not.</summary>
    [Theory]
    [InlineData("average={ema: 0.9}")]
    [InlineData("average=null")]
    public void A_run_with_batch_normalisation_and_a_validation_part_ends_with_its_figures(string average)
    {
        using var experiment = new TestExperiment();
        RunSummary summary = experiment.Run(
            "run",
            set: ["network=[{dense: 8}, batch-normalization, tanh]", "data.validation=0.2", average]);
        Assert.Equal("completed", summary.Status);
        double loss = Assert.Single(summary.Metrics, m => m.Key == "validation_loss").Value!.Value;
        Assert.InRange(loss, 0, 2);

        // The figure of the weights that were kept is the best that the record has.
        string[] lines = System.IO.File.ReadAllLines(Path.Combine(experiment.Folder, "run", "metrics.jsonl"));
        double best = lines.Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement).Where(e => e.TryGetProperty("validation_loss", out _)).Min(e => e.GetProperty("validation_loss").GetDouble());
        Assert.Equal(best, loss, 1e-6);
    }
}
