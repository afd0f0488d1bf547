using Glissade.Experiments.Running;
using Glissade.Input;

namespace Glissade.Experiments.Tests.Running;

/// <summary>A minimisation that was stopped or died, and goes on, ends with the bits of one that never did.</summary>
public sealed class MinimizeResumeTests
{
    private static readonly string[] Kept = ["checkpoints/last.safetensors", "metrics.jsonl"];

    /// <summary>Noise of gradients, noise of a rule, moments, an average, micro-batches, curvature by drawn directions: all that decides the next step.</summary>
    private static readonly string[] Updates =
    [
        "[ adam, { weight-decay: 0.01 }, { learning-rate: { cosine: { from: 0.1, to: 0.01 } } } ]",
        "[ { accumulate: 3 }, { gradient-noise: 0.1 }, { nesterov: 0.8 }, { learning-rate: 0.02 } ]",
        "[ { sophia: { estimator: hutchinson, every: 4, gamma: 1 } }, { learning-rate: 0.05 } ]",
        "[ { learning-rate: 0.02 }, { extrapolated-momentum: 0.5 }, { lookahead: { period: 5 } } ]",
        "[ { schedule-free: 0.05 } ]",
    ];

    private static string Text(string update) =>
        $"name: small\nkind: minimize\nseed: 4\nproblem: {{ quadratic: {{ curvatures: [1, 4, 9], start: [3, -2, 1], noise: 0.5 }} }}\nupdate: {update}\naverage: {{ ema: 0.9 }}\nsteps: 40\n";

    public static TheoryData<int, long> Stops()
    {
        var all = new TheoryData<int, long>();
        for (int update = 0; update < Updates.Length; update++)
        {
            foreach (long step in new long[] { 1, 8, 23, 39 })
            {
                all.Add(update, step);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public void Stopped_or_dead_it_goes_on_where_it_was(int update, long step)
    {
        using var experiment = new TestExperiment(TextOf(update));
        RunSummary whole = experiment.Run("whole");
        Assert.Equal(("completed", 40L), (whole.Status, whole.Steps));

        using var stop = new CancellationTokenSource();
        RunSummary first = ExperimentRunner.Run(experiment.Request("stopped"), new AtStep(step, stop.Cancel), stop.Token);
        Assert.Equal(("interrupted", step, $"interrupted after step {step} of 40; the state is saved"), (first.Status, first.Steps, first.Reason));
        var observer = new AtStep(-1, () => { });
        RunSummary stopped = experiment.Run("stopped", observer, resume: true);
        Assert.Equal(step, observer.Start!.StepsTaken);

        // The state is written after the first step, and not again within a second.
        Assert.Throws<InvalidTimeZoneException>(() => experiment.Run("dead", new AtStep(step, () => throw new InvalidTimeZoneException("died"))));
        File.AppendAllText(Path.Combine(experiment.Folder, "dead", "metrics.jsonl"), """{"step":41,"val""");
        observer = new AtStep(-1, () => { });
        RunSummary dead = experiment.Run("dead", observer, resume: true);
        Assert.InRange(observer.Start!.StepsTaken, step == 1 ? 0 : 1, step);

        foreach ((string folder, RunSummary resumed) in new[] { ("stopped", stopped), ("dead", dead) })
        {
            Assert.Equal((whole.Status, whole.Reason, whole.Steps), (resumed.Status, resumed.Reason, resumed.Steps));
            Assert.Equal(whole.Metrics, resumed.Metrics);
            Assert.All(Kept, file => Assert.Equal(experiment.Bytes("whole", file), experiment.Bytes(folder, file)));
        }
    }

    [Fact]
    public void A_run_that_diverges_keeps_no_state_and_diverges_again()
    {
        using var experiment = new TestExperiment(Text("[ { learning-rate: 0.5 } ]"));
        RunSummary whole = experiment.Run("whole");
        Assert.Equal("diverged", whole.Status);
        Assert.False(File.Exists(Path.Combine(experiment.Folder, "whole", "checkpoints", "last.safetensors")));
        Assert.Throws<InvalidTimeZoneException>(() => experiment.Run("dead", new AtStep(whole.Steps, () => throw new InvalidTimeZoneException("died"))));
        RunSummary dead = experiment.Run("dead", resume: true);
        Assert.Equal((whole.Status, whole.Reason, whole.Steps), (dead.Status, dead.Reason, dead.Steps));
        Assert.Equal(experiment.Bytes("whole", "metrics.jsonl"), experiment.Bytes("dead", "metrics.jsonl"));
    }

    [Fact]
    public void A_state_that_is_damaged_or_of_another_experiment_is_told()
    {
        using var experiment = new TestExperiment(TextOf(0));
        string StopAfterTen(string folder, params string[] set)
        {
            using var stop = new CancellationTokenSource();
            ExperimentRunner.Run(experiment.Request(folder) with { Assignments = set }, new AtStep(10, stop.Cancel), stop.Token);
            return Path.Combine(experiment.Folder, folder, "checkpoints", "last.safetensors");
        }

        string last = StopAfterTen("out"), other = StopAfterTen("other", "steps=41");
        string Refusal() => Assert.Throws<InputException>(() => experiment.Run("out", resume: true)).Message;
        byte[] sound = File.ReadAllBytes(last);
        File.WriteAllBytes(last, sound[..100]);
        Assert.StartsWith(last, Refusal(), StringComparison.Ordinal);
        byte[] flipped = [.. sound];
        flipped[^9] ^= 1;
        File.WriteAllBytes(last, flipped);
        Assert.Contains("do not match their digest", Refusal(), StringComparison.Ordinal);
        File.Copy(other, last, overwrite: true);
        Assert.Contains("the state of another experiment", Refusal(), StringComparison.Ordinal);
        File.WriteAllBytes(last, sound);
        Assert.Equal("completed", experiment.Run("out", resume: true).Status);
    }

    private static string TextOf(int update) => Text(Updates[update]);
}
