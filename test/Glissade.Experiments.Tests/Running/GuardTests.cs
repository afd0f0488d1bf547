using System.Text.Json;
using Glissade.Experiments.Running;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Tests.Running;

/// <summary>What guards a run against numbers that run away, and what is told of each step.</summary>
public sealed class GuardTests
{
    private const string Wild = """
        name: small
        kind: train
        seed: 5
        data: { file: points.csv, target: height, features: [x, y], test: 0.25 }
        network: []
        update:
          - clip-by-value: 1e6
          - momentum: { linear: { from: 0.5, to: 0.3, steps: 20 } }
          - learning-rate: { constant: 0.05, for: 12, then: 64 }
        batch: 16
        epochs: 5
        guard: { restore: 0.0625, times: 4 }
        """;

    [Fact]
    public void A_run_that_diverges_goes_back_and_all_who_watch_are_told()
    {
        using var experiment = new TestExperiment(Wild);
        var watching = new Watching();
        RunSummary summary = experiment.Run("out", watching);
        Assert.Equal("completed", summary.Status);
        Assert.InRange(summary.Restorations.Length, 1, 4);
        Assert.Equal(summary.Restorations.AsEnumerable(), watching.Restorations.Select(r => r with { Skipped = 0 }));
        RestorationRecord first = summary.Restorations[0];
        Assert.Equal((1, 12L, 2, 0.0625), (first.Number, first.Step, first.Epoch, first.Factor));
        Assert.True(first.FromStep > 12);
        Assert.Contains(watching.Messages, m => m.StartsWith("restoration 1: ", StringComparison.Ordinal) && m.EndsWith("; back to the state after epoch 2 (step 12), the learning rate now 0.0625 of its schedule", StringComparison.Ordinal));
        Assert.Equal(summary.ToJson(), RunSummary.Load(Path.Combine(experiment.Folder, "out", "result.json"))!.ToJson());
        Assert.Contains("Restoration 1: ", File.ReadAllText(Path.Combine(experiment.Folder, "out", "report.html")), StringComparison.Ordinal);
        Assert.Contains("guard:\n  skip: 4\n  growth: 10000\n  restore: 0.0625\n  times: 4\n", File.ReadAllText(Path.Combine(experiment.Folder, "out", "experiment.yaml")), StringComparison.Ordinal);

        // The metrics are those of the way that led to the result, each step once, with the restorations between.
        JsonElement[] lines = Lines(experiment);
        long[] steps = [.. lines.Where(l => l.TryGetProperty("loss", out _)).Select(l => l.GetProperty("step").GetInt64())];
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), steps);
        Assert.Equal(summary.Restorations.Length, lines.Count(l => l.TryGetProperty("restored", out _)));
        Assert.Equal(64 * summary.Restorations[^1].Factor, lines.Last(l => l.TryGetProperty("loss", out _)).GetProperty("learning_rate").GetDouble(), 1e-9);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(12)]
    [InlineData(20)]
    public void An_interrupted_run_restores_as_one_that_never_stopped(int calls)
    {
        using var experiment = new TestExperiment(Wild);
        experiment.Run("whole");
        RunSummary summary;
        int runs = 0;
        do
        {
            using var stop = new CancellationTokenSource();
            var observer = new Watching { Calls = calls, Act = stop.Cancel };
            summary = ExperimentRunner.Run(experiment.Request("parts") with { Resume = runs > 0 }, observer, stop.Token);
            Assert.True(++runs < 30);
        }
        while (summary.Status == "interrupted");
        Assert.True(runs > 1);
        Assert.Equal("completed", summary.Status);
        foreach (string file in (string[])["checkpoints/last.safetensors", "checkpoints/best.safetensors", "model.safetensors", "metrics.jsonl"])
        {
            Assert.Equal(experiment.Bytes("whole", file), experiment.Bytes("parts", file));
        }

        Assert.Equal(RunSummary.Load(Path.Combine(experiment.Folder, "whole", "result.json"))!.Restorations.AsEnumerable(), summary.Restorations);
    }

    [Fact]
    public void A_crash_after_a_restoration_was_recorded_leaves_no_line_twice()
    {
        using var experiment = new TestExperiment(Wild);
        experiment.Run("whole");
        var observer = new Watching { OnFirstRestoration = () => throw new InvalidTimeZoneException() };
        Assert.Throws<InvalidTimeZoneException>(() => experiment.Run("parts", observer));
        Assert.Contains("\"restored\":1", File.ReadAllText(Path.Combine(experiment.Folder, "parts", "metrics.jsonl")), StringComparison.Ordinal);
        Assert.Equal("completed", experiment.Run("parts", resume: true).Status);
        Assert.Equal(experiment.Bytes("whole", "metrics.jsonl"), experiment.Bytes("parts", "metrics.jsonl"));
        Assert.Equal(experiment.Bytes("whole", "model.safetensors"), experiment.Bytes("parts", "model.safetensors"));
    }

    /// <summary>Whatever the record has of the steps that were undone, or has not of those before, resuming makes it whole, and knows of the restoration.</summary>
    [Theory]
    [InlineData("later steps")]
    [InlineData("later steps and no start")]
    [InlineData("nothing")]
    public void A_crash_between_the_checkpoint_of_a_restoration_and_its_record_leaves_no_gap(string record)
    {
        using var experiment = new TestExperiment(Wild);
        RunSummary whole = experiment.Run("whole");
        Assert.Throws<InvalidTimeZoneException>(() => experiment.Run("parts", new Watching { OnFirstRestoration = () => throw new InvalidTimeZoneException() }));

        // As the file was before the restoration was recorded in it.
        string metrics = Path.Combine(experiment.Folder, "parts", "metrics.jsonl");
        string[] lines = File.ReadAllLines(metrics);
        Assert.StartsWith("{\"restored\":1,", lines[^1], StringComparison.Ordinal);
        string[] undone = [.. Enumerable.Range(13, 4).Select(step => $"{{\"step\":{step},\"epoch\":3,\"loss\":1}}")];
        File.WriteAllLines(metrics, record switch
        {
            "later steps" => [.. lines[..^1], .. undone],
            "nothing" => [],
            _ => [.. lines[4..^1], .. undone],
        });
        var observer = new Watching();
        RunSummary resumed = experiment.Run("parts", observer, resume: true);
        Assert.Equal("completed", resumed.Status);
        Assert.Equal(whole.Restorations.AsEnumerable(), resumed.Restorations);
        Assert.Equal(record != "later steps", observer.Messages.Exists(m => m.Contains("lacks the step", StringComparison.Ordinal)));
        string[] all = File.ReadAllLines(Path.Combine(experiment.Folder, "whole", "metrics.jsonl")), now = File.ReadAllLines(metrics);
        int first = record switch { "later steps" => 0, "nothing" => lines.Length - 1, _ => 4 };
        Assert.Equal(all[first..], now);
        Assert.Equal(experiment.Bytes("whole", "model.safetensors"), experiment.Bytes("parts", "model.safetensors"));
    }

    [Fact]
    public void A_record_that_is_lost_later_loses_no_restoration()
    {
        using var experiment = new TestExperiment(Wild);
        RunSummary whole = experiment.Run("whole");
        using var stop = new CancellationTokenSource();
        var first = new Watching { Calls = 29, Act = stop.Cancel };
        Assert.Equal("interrupted", ExperimentRunner.Run(experiment.Request("parts"), first, stop.Token).Status);
        Assert.NotEmpty(first.Restorations);
        File.Delete(Path.Combine(experiment.Folder, "parts", "metrics.jsonl"));
        RunSummary resumed = experiment.Run("parts", resume: true);
        Assert.Equal(whole.Restorations.AsEnumerable(), resumed.Restorations);
        Assert.Contains("Restoration 1: ", File.ReadAllText(Path.Combine(experiment.Folder, "parts", "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_moves_and_what_clips_is_recorded_of_each_step_and_drawn()
    {
        using var experiment = new TestExperiment(Wild.Replace("then: 64", "then: 0.1", StringComparison.Ordinal).Replace("clip-by-value: 1e6", "clip-by-value: 0.05", StringComparison.Ordinal));
        experiment.Run("out");
        JsonElement[] lines = Lines(experiment);
        JsonElement start = lines[0];
        Assert.Equal(0, start.GetProperty("step").GetInt64());
        Assert.Contains(start.GetProperty("hyperparameters").EnumerateObject(), p => p.Name.StartsWith("clip-by-value.", StringComparison.Ordinal) && p.Value.GetDouble() == 0.05);
        JsonElement[] steps = [.. lines.Where(l => l.TryGetProperty("loss", out _))];
        for (int i = 0; i < steps.Length; i++)
        {
            // Momentum alone: the bound of the clipping never moves, and the only learning rate stands there anyway.
            JsonProperty moved = Assert.Single(steps[i].GetProperty("hyperparameters").EnumerateObject());
            Assert.StartsWith("momentum.", moved.Name, StringComparison.Ordinal);
            Assert.Equal(Math.Max(0.3, 0.5 - (0.01 * i)), moved.Value.GetDouble(), 1e-12);
            Assert.Equal(steps[i].GetProperty("clipped").GetBoolean(), steps[i].TryGetProperty("clips", out JsonElement clips));
            if (steps[i].GetProperty("clipped").GetBoolean())
            {
                Assert.InRange(clips.GetProperty("clip-by-value").GetDouble(), 1.0 / 3, 1);
            }
        }

        Assert.Contains(steps, s => s.GetProperty("clipped").GetBoolean());
        string report = File.ReadAllText(Path.Combine(experiment.Folder, "out", "report.html"));
        Assert.Contains("momentum.", report, StringComparison.Ordinal);
        Assert.Contains("clipped", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Skipped_steps_are_recorded_with_their_reason()
    {
        // Updates whose squares can still be added up, at parameters where the squared errors of a batch can not.
        string wild = Wild.Replace("restore: 0.0625, times: 4", "skip: 2", StringComparison.Ordinal)
            .Replace("clip-by-value: 1e6", "sign", StringComparison.Ordinal)
            .Replace("then: 64", "then: 3e18", StringComparison.Ordinal);
        using var experiment = new TestExperiment(wild);
        RunSummary summary = experiment.Run("out");
        Assert.Equal("diverged", summary.Status);
        JsonElement[] skipped = [.. Lines(experiment).Where(l => l.TryGetProperty("skipped", out JsonElement s) && s.GetBoolean())];
        Assert.Equal(3, skipped.Length);
        Assert.Equal(3, summary.Skipped);
        Assert.All(skipped, s => Assert.Equal("loss", s.GetProperty("skip_reason").GetString()));
        Assert.Contains("steps were skipped, because the loss was not finite (at 3)", File.ReadAllText(Path.Combine(experiment.Folder, "out", "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("guard: { restore: 1 }", "found 1, expected a number above 0 and below 1")]
    [InlineData("guard: { times: 2 }", "found 'times' without 'restore'")]
    [InlineData("guard: { growth: 1 }", "found 1, expected a number above 1")]
    [InlineData("guard: { restor: 0.5 }", "did you mean 'restore'?")]
    [InlineData("guard: { skip: -1 }", "found -1, expected a whole number of 0 or more")]
    public void What_is_wrong_with_a_guard_is_told_with_its_place(string guard, string message)
    {
        using var experiment = new TestExperiment(Wild.Replace("guard: { restore: 0.0625, times: 4 }", guard, StringComparison.Ordinal));
        string problems = experiment.Problems();
        Assert.StartsWith("small.yaml:12:", problems, StringComparison.Ordinal);
        Assert.Contains(message, problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_learning_rate_there_is_nothing_to_make_smaller()
    {
        using var experiment = new TestExperiment(Wild.Replace("  - learning-rate: { constant: 0.05, for: 12, then: 64 }\n", "", StringComparison.Ordinal));
        Assert.Contains("'restore' in 'guard' without a learning rate", experiment.Problems(), StringComparison.Ordinal);
    }

    private static JsonElement[] Lines(TestExperiment experiment) =>
        [.. File.ReadLines(Path.Combine(experiment.Folder, "out", "metrics.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)];

    private sealed class Watching : IRunObserver
    {
        private int _steps;

        public List<RestorationRecord> Restorations { get; } = [];

        public List<string> Messages { get; } = [];

        public int Calls { get; init; } = -1;

        public Action Act { get; init; } = () => { };

        public Action OnFirstRestoration { get; init; } = () => { };

        public void OnStart(RunStart start)
        {
        }

        public void OnStep(in StepRecord record)
        {
            if (++_steps == Calls)
            {
                Act();
            }
        }

        public void OnEpoch(EpochRecord record)
        {
        }

        public void OnRestore(RestorationRecord record)
        {
            Restorations.Add(record);
            OnFirstRestoration();
        }

        public void OnMessage(string message) => Messages.Add(message);
    }
}
