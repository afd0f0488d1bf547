using Glissade.Experiments.Running;
using Glissade.Input;
using Glissade.Numerics;

namespace Glissade.Experiments.Tests.Running;

/// <summary>Same seed, same bits: again, with other threads, and after a stop or a crash.</summary>
[Collection(Alone.Name)]
public sealed class ResumeTests
{
    private static readonly string[] Kept = ["checkpoints/last.safetensors", "checkpoints/best.safetensors", "model.safetensors", "metrics.jsonl"];

    [Fact]
    public void The_number_of_threads_and_the_time_do_not_matter()
    {
        using var experiment = new TestExperiment();
        int threads = ComputePool.Threads;
        try
        {
            // Large enough for the pool to be used.
            string[] set = ["network=[{dense: 256}, gelu, {dense: 128}, tanh]", "batch=90", "epochs=8"];
            ComputePool.Threads = 1;
            experiment.Run("one", set: set);
            ComputePool.Threads = 2;
            experiment.Run("two", set: set);
            experiment.Run("again", set: set);
        }
        finally
        {
            ComputePool.Threads = threads;
        }

        AssertSame(experiment, "one", "two");
        AssertSame(experiment, "one", "again");
    }

    /// <summary>Sums over the rows of a batch in training, and over those of all batches where the statistics are measured again for the average.</summary>
    [Fact]
    public void Nor_do_they_matter_to_batch_normalisation()
    {
        using var experiment = new TestExperiment();
        int threads = ComputePool.Threads;
        try
        {
            string[] set = ["network=[{dense: 256}, batch-normalization, gelu, {dense: 128}, batch-normalization, tanh]", "average={swa: {period: 1, start: 3}}", "batch=90", "epochs=8"];
            ComputePool.Threads = 1;
            experiment.Run("one", set: set);
            ComputePool.Threads = 2;
            experiment.Run("two", set: set);
        }
        finally
        {
            ComputePool.Threads = threads;
        }

        AssertSame(experiment, "one", "two");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(18)]
    public void Batch_normalisation_and_an_average_go_on_where_they_were(long step)
    {
        using var experiment = new TestExperiment(TestExperiment.With("tanh", "batch-normalization").Replace("{ ema: 0.9 }", "{ swa: { period: 2, start: 4 } }", StringComparison.Ordinal));
        experiment.Run("whole");
        using var stop = new CancellationTokenSource();
        Assert.Equal("interrupted", ExperimentRunner.Run(experiment.Request("parts"), new AtStep(step, stop.Cancel), stop.Token).Status);
        Assert.Equal("completed", experiment.Run("parts", resume: true).Status);
        AssertSame(experiment, "whole", "parts");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(18)]
    [InlineData(35)]
    public void An_interrupted_run_ends_as_one_that_never_stopped(long step)
    {
        using var experiment = new TestExperiment();
        experiment.Run("whole");
        using var stop = new CancellationTokenSource();
        RunSummary first = ExperimentRunner.Run(experiment.Request("parts"), new AtStep(step, stop.Cancel), stop.Token);
        Assert.Equal(("interrupted", step), (first.Status, first.Steps));
        Assert.True(File.Exists(Path.Combine(experiment.Folder, "parts", "report.html")));

        var observer = new AtStep(-1, () => { });
        Assert.Equal("completed", experiment.Run("parts", observer, resume: true).Status);
        Assert.Equal(step, observer.Start!.StepsTaken);
        AssertSame(experiment, "whole", "parts");
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(36, true)]
    public void A_run_that_died_ends_as_one_that_never_stopped(long step, bool tornLine)
    {
        using var experiment = new TestExperiment();
        experiment.Run("whole");
        Assert.Throws<InvalidTimeZoneException>(() => experiment.Run("parts", new AtStep(step, () => throw new InvalidTimeZoneException("died"))));
        Assert.False(File.Exists(Path.Combine(experiment.Folder, "parts", "result.json")));
        string metrics = Path.Combine(experiment.Folder, "parts", "metrics.jsonl");
        if (tornLine)
        {
            File.AppendAllText(metrics, """{"step":37,"epoch":7,"lo""");
        }

        experiment.Run("parts", resume: true);
        AssertSame(experiment, "whole", "parts");
    }

    [Fact]
    public void A_reduction_on_a_plateau_goes_on_where_it_was()
    {
        using var experiment = new TestExperiment(TestExperiment.Text + "\nreduce-on-plateau: { factor: 0.5, patience: 0, threshold: 0.6, minimum: 0.1 }\n");
        experiment.Run("whole");
        string resolved = File.ReadAllText(Path.Combine(experiment.Folder, "whole", "experiment.yaml"));
        Assert.Contains("reduce-on-plateau:\n  factor: 0.5\n  patience: 0\n  threshold: 0.6\n  threshold-kind: relative\n  cooldown: 0\n  minimum: 0.1", resolved, StringComparison.Ordinal);

        // The rate of the last step is that of the schedule times a power of the factor.
        string[] rates = [.. File.ReadLines(Path.Combine(experiment.Folder, "whole", "metrics.jsonl")).Where(l => l.Contains("\"learning_rate\"", StringComparison.Ordinal))];
        double last = System.Text.Json.JsonDocument.Parse(rates[^1]).RootElement.GetProperty("learning_rate").GetDouble();
        double planned = Schedules.Schedule.Cosine(0.02, 0, 31).At(35 - 5);
        double halvings = Math.Log2(planned / last);
        Assert.InRange(halvings, 1, Math.Log2(10));
        Assert.True(Math.Abs(halvings - Math.Round(halvings)) < 1e-6 || Math.Abs(halvings - Math.Log2(10)) < 1e-6, $"{halvings} halvings");

        using var stop = new CancellationTokenSource();
        ExperimentRunner.Run(experiment.Request("parts"), new AtStep(27, stop.Cancel), stop.Token);
        experiment.Run("parts", resume: true);
        AssertSame(experiment, "whole", "parts");
    }

    [Fact]
    public void A_run_in_half_precision_goes_on_where_it_was_and_tells_its_memory()
    {
        using var experiment = new TestExperiment(TestExperiment.Text + "\nprecision: half\n");
        RunSummary summary = experiment.Run("whole");
        string resolved = File.ReadAllText(Path.Combine(experiment.Folder, "whole", "experiment.yaml"));
        Assert.Contains("precision:\n  half:\n    loss-scale: dynamic", resolved, StringComparison.Ordinal);
        Assert.Equal(65536, TrainingMetric(summary, "loss_scale"));
        Assert.InRange(TrainingMetric(summary, "step_memory_bytes"), 1, double.MaxValue);
        Assert.InRange(TrainingMetric(summary, "step_memory_bytes_float32"), 1, double.MaxValue);
        Assert.All(File.ReadLines(Path.Combine(experiment.Folder, "whole", "metrics.jsonl")).Where(l => l.Contains("\"learning_rate\"", StringComparison.Ordinal)), l => Assert.Contains("\"loss_scale\":65536", l, StringComparison.Ordinal));

        using var stop = new CancellationTokenSource();
        ExperimentRunner.Run(experiment.Request("parts"), new AtStep(13, stop.Cancel), stop.Token);
        experiment.Run("parts", resume: true);
        AssertSame(experiment, "whole", "parts");

        static double TrainingMetric(RunSummary summary, string name) => summary.Metrics.Single(m => m.Key == name).Value!.Value;
    }

    [Fact]
    public void A_finished_run_is_told_and_not_run_again()
    {
        using var experiment = new TestExperiment();
        RunSummary first = experiment.Run("out");
        byte[] before = experiment.Bytes("out", "result.json");
        var observer = new AtStep(-1, () => { });
        RunSummary second = experiment.Run("out", observer, resume: true);
        Assert.Equal(first.ToJson(), second.ToJson());
        Assert.Equal(before, experiment.Bytes("out", "result.json"));
        Assert.Contains("is finished already: completed, all 6 epochs are done", Assert.Single(observer.Messages), StringComparison.Ordinal);
        Assert.Null(observer.Start);
    }

    [Fact]
    public void A_changed_experiment_is_not_resumed()
    {
        using var experiment = new TestExperiment();
        Assert.Throws<InvalidTimeZoneException>(() => experiment.Run("out", new AtStep(7, () => throw new InvalidTimeZoneException())));
        Assert.Contains("found the run of another experiment", Assert.Throws<InputException>(() => experiment.Run("out", resume: true, set: "batch=8")).Message, StringComparison.Ordinal);
        File.AppendAllText(Path.Combine(experiment.Folder, "points.csv"), "1,1,red,1\n");
        Assert.Contains("found the run of another experiment", Assert.Throws<InputException>(() => experiment.Run("out", resume: true)).Message, StringComparison.Ordinal);
        Assert.Contains("found no such folder", Assert.Throws<InputException>(() => experiment.Run("nowhere", resume: true)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(experiment.Folder, "nowhere")));
    }

    [Fact]
    public void A_damaged_checkpoint_is_told()
    {
        using var experiment = new TestExperiment();
        Assert.Throws<InvalidTimeZoneException>(() => experiment.Run("out", new AtStep(7, () => throw new InvalidTimeZoneException())));
        string last = Path.Combine(experiment.Folder, "out", "checkpoints", "last.safetensors");
        File.WriteAllBytes(last, File.ReadAllBytes(last)[..100]);
        Assert.StartsWith(last, Assert.Throws<InputException>(() => experiment.Run("out", resume: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_unfinished_run_of_the_experiment_is_found()
    {
        using var experiment = new TestExperiment();
        using var moved = new RunFolderTests.CurrentFolder(experiment.Folder);
        RunRequest request = new() { File = "small.yaml" };
        string nothing = Assert.Throws<InputException>(() => TestExperiment.RunFile(request with { Resume = true })).Message;
        Assert.Equal($"{Path.Combine("runs", "small-*")}: found no unfinished run of this experiment (there is none), expected one that was interrupted or killed, of the same file, seed and data", nothing);

        RunSummary whole = TestExperiment.RunFile(request);
        Die(request);
        Die(request);
        Die(request with { Seed = 9 });
        var observer = new AtStep(2, () => Assert.Contains("a run that another process is working on",
            Assert.Throws<InputException>(() => TestExperiment.RunFile(request with { Resume = true, Folder = Path.Combine("runs", "small-0003") })).Message, StringComparison.Ordinal));
        Assert.Equal(Path.Combine("runs", "small-0003"), TestExperiment.RunFile(request with { Resume = true }, observer).Run);
        RunSummary second = TestExperiment.RunFile(request with { Resume = true });
        Assert.Equal(Path.Combine("runs", "small-0002"), second.Run);
        Assert.Equal(whole.Metrics, second.Metrics);
        Assert.Contains("(small-0004 is of another experiment, small-0003 is completed, small-0002 is completed, small-0001 is completed)",
            Assert.Throws<InputException>(() => TestExperiment.RunFile(request with { Resume = true })).Message, StringComparison.Ordinal);
    }

    private static void Die(RunRequest request) =>
        Assert.Throws<InvalidTimeZoneException>(() => TestExperiment.RunFile(request, new AtStep(1, () => throw new InvalidTimeZoneException())));

    private static void AssertSame(TestExperiment experiment, string left, string right) =>
        Assert.All(Kept, file => Assert.Equal(experiment.Bytes(left, file), experiment.Bytes(right, file)));
}
