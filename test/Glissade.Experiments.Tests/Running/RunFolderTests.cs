using System.Text.Json;
using Glissade.Experiments.Running;
using Glissade.Input;

namespace Glissade.Experiments.Tests.Running;

/// <summary>What a run leaves behind, and where.</summary>
[Collection(Alone.Name)]
public sealed class RunFolderTests
{
    [Fact]
    public void A_classification_leaves_everything()
    {
        using var experiment = new TestExperiment();
        var observer = new AtStep(-1, () => { });
        RunSummary summary = experiment.Run("out", observer);
        string folder = Path.Combine(experiment.Folder, "out");
        Assert.Equal(
            [".lock", "checkpoints", "experiment.yaml", "metrics.jsonl", "model.safetensors", "report.html", "result.json"],
            Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["best.safetensors", "last.safetensors"], Directory.EnumerateFiles(Path.Combine(folder, "checkpoints")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Assert.Equal(("completed", "small", "train", 36, 5UL, folder), (summary.Status, summary.Name, summary.Kind, summary.Steps, summary.Seed, summary.Run));
        Assert.Equal(["test_accuracy", "test_loss", "train_accuracy", "train_loss"], summary.Metrics.Select(m => m.Key));
        Assert.True(summary.Metrics[0].Value > 0.7);
        Assert.Equal(summary.ToJson() + "\n", File.ReadAllText(Path.Combine(folder, "result.json")));
        Assert.Equal((36, 0, 6, 59), (observer.Start!.TotalSteps, observer.Start.StepsTaken, observer.Start.Epochs, observer.Start.Parameters));
        Assert.Equal("network 3-8-3 on points.csv: 90 examples to learn from, 30 to test", observer.Start.Description);
    }

    [Fact]
    public void Metrics_hold_every_step_and_epoch()
    {
        using var experiment = new TestExperiment();
        experiment.Run("out");
        JsonElement[] lines = [.. File.ReadLines(Path.Combine(experiment.Folder, "out", "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement[] steps = [.. lines.Where(l => l.TryGetProperty("loss", out _))], epochs = [.. lines.Where(l => l.TryGetProperty("train_loss", out _))];
        Assert.Equal(Enumerable.Range(1, 36), steps.Select(s => s.GetProperty("step").GetInt32()));
        Assert.Equal([6, 12, 18, 24, 30, 36], epochs.Select(s => s.GetProperty("step").GetInt32()));
        Assert.Equal(["step", "epoch", "loss", "learning_rate", "gradient_norm", "update_norm", "clipped", "skipped"], steps[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["epoch", "step", "train_loss", "test_loss", "test_accuracy", "best"], epochs[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(0.004, steps[0].GetProperty("learning_rate").GetDouble(), 1e-12);
        Assert.Equal(0.02, steps[4].GetProperty("learning_rate").GetDouble(), 1e-12);
    }

    [Fact]
    public void A_regression_has_its_own_figures_and_validation_decides_the_end()
    {
        using var experiment = new TestExperiment(TestExperiment.With("target: kind, test: 0.25", "target: height, features: [x, y], test: 0.25, validation: 0.2")
            .Replace("loss: cross-entropy\n", "stop: { patience: 2, minimum-improvement: 1000 }\n", StringComparison.Ordinal));
        RunSummary summary = experiment.Run("out");
        Assert.Equal(("completed", "the validation loss has not improved since epoch 1"), (summary.Status, summary.Reason));
        Assert.Equal(
            ["test_r2", "test_rmse", "test_loss", "validation_r2", "validation_rmse", "validation_loss", "train_r2", "train_rmse", "train_loss"], summary.Metrics.Select(m => m.Key));
        Assert.Contains("squared-error", File.ReadAllText(Path.Combine(experiment.Folder, "out", "experiment.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_line_of_plain_numbers()
    {
        var summary = new RunSummary("a\"b", "train", "diverged", "line\nbreak", 1234.56789, 7, ulong.MaxValue, [new("good", 0.5), new("bad", null), new("worse", double.NaN)], "runs/a");
        Assert.Equal(
            """{"name":"a\"b","kind":"train","status":"diverged","reason":"line\nbreak","seconds":1234.568,"steps":7,"seed":18446744073709551615,"metrics":{"good":0.5,"bad":null,"worse":null},"skipped":0,"restorations":[],"run":"runs/a"}""",
            summary.ToJson());
    }

    [Fact]
    public void Folders_are_numbered()
    {
        using var experiment = new TestExperiment();
        using var moved = new CurrentFolder(experiment.Folder);
        RunRequest request = new() { File = "small.yaml", Assignments = ["epochs=1"] };
        Assert.Equal(Path.Combine("runs", "small-0001"), TestExperiment.RunFile(request).Run);
        Directory.CreateDirectory(Path.Combine("runs", "small-0007"));
        Directory.CreateDirectory(Path.Combine("runs", "small-er-0030"));
        Assert.Equal(Path.Combine("runs", "small-0008"), TestExperiment.RunFile(request).Run);
    }

    [Fact]
    public void Runs_started_at_once_take_different_folders()
    {
        using var experiment = new TestExperiment();
        using var moved = new CurrentFolder(experiment.Folder);
        RunRequest request = new() { File = "small.yaml", Assignments = ["epochs=1"] };
        string[] folders = new string[6];
        Thread[] threads = [.. Enumerable.Range(0, folders.Length).Select(i => new Thread(() => folders[i] = TestExperiment.RunFile(request).Run))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.Equal(folders.Length, folders.Distinct().Count());
        Assert.All(folders, folder => Assert.True(File.Exists(Path.Combine(folder, "result.json"))));
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_refused()
    {
        using var experiment = new TestExperiment();
        experiment.Run("out", set: "epochs=1");
        string message = Assert.Throws<InputException>(() => experiment.Run("out")).Message;
        Assert.EndsWith("out: found a folder that is not empty, expected a new or empty folder for the run, or --resume to go on with the run in it", message, StringComparison.Ordinal);
        Assert.Contains("found a file, expected a new or empty folder", Assert.Throws<InputException>(() => experiment.Run("small.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_process_left_that_was_killed_at_once_is_not_in_the_way()
    {
        using var experiment = new TestExperiment();
        string left = Path.Combine(experiment.Folder, "out", ".glissade-abc.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "nam");
        File.WriteAllText(Path.Combine(experiment.Folder, "out", ".lock"), "");
        Assert.Equal("completed", experiment.Run("out", set: "epochs=1").Status);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void A_path_that_cannot_be_a_folder_is_told()
    {
        using var experiment = new TestExperiment();
        Assert.Contains("found a path that cannot be used", Assert.Throws<InputException>(() => experiment.Run(Path.Combine("small.yaml", "sub"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Told before anything is changed, so that the run can be gone on with when the way is clear.</summary>
    [Theory]
    [InlineData("checkpoints/last.safetensors")]
    [InlineData("checkpoints/best.safetensors")]
    [InlineData("checkpoints/sound.safetensors")]
    [InlineData("model.safetensors")]
    [InlineData("metrics.jsonl")]
    [InlineData("start.txt")]
    [InlineData("result.json")]
    [InlineData("checkpoints")]
    public void What_stands_where_a_file_of_the_run_belongs_is_told_when_it_is_resumed(string name)
    {
        using var experiment = new TestExperiment();
        RunSummary whole = experiment.Run("whole");
        using var stop = new CancellationTokenSource();
        ExperimentRunner.Run(experiment.Request("out"), new AtStep(9, stop.Cancel), stop.Token);
        string place = Path.Combine(experiment.Folder, "out", name), away = Path.Combine(experiment.Folder, "away");
        bool isFile = File.Exists(place), isFolder = Directory.Exists(place);
        if (isFile || isFolder)
        {
            Directory.Move(place, away);
        }

        if (isFolder)
        {
            File.WriteAllText(place, "in the way");
        }
        else
        {
            Directory.CreateDirectory(place);
        }

        SortedDictionary<string, byte[]> before = All(experiment);
        string expected = isFolder
            ? $"{place}: found a file, expected the folder of the run's checkpoints, or nothing: take the file away"
            : $"{place}: found a folder, expected a file of the run, or nothing: take the folder away";
        Assert.Equal(expected, Assert.Throws<InputException>(() => experiment.Run("out", resume: true)).Message);
        Assert.Equal(before, All(experiment));

        if (isFolder)
        {
            File.Delete(place);
        }
        else
        {
            Directory.Delete(place);
        }

        if (isFile || isFolder)
        {
            Directory.Move(away, place);
        }

        RunSummary resumed = experiment.Run("out", resume: true);
        Assert.Equal((whole.Status, whole.Steps), (resumed.Status, resumed.Steps));
        Assert.Equal(experiment.Bytes("whole", "metrics.jsonl"), experiment.Bytes("out", "metrics.jsonl"));

        static SortedDictionary<string, byte[]> All(TestExperiment experiment) =>
            new(Directory.EnumerateFiles(Path.Combine(experiment.Folder, "out"), "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllBytes));
    }

    [Fact]
    public void So_is_what_stands_in_the_way_of_a_variant()
    {
        using var experiment = new TestExperiment(TestExperiment.Text + "\nvariants: { one: {}, two: { batch: 24 } }\n");
        using var stop = new CancellationTokenSource();
        ExperimentRunner.Run(experiment.Request("out"), new AtStep(9, stop.Cancel), stop.Token);
        string place = Path.Combine(experiment.Folder, "out", "one", "model.safetensors");
        File.Delete(place);
        Directory.CreateDirectory(place);
        Assert.StartsWith($"{place}: found a folder, ", Assert.Throws<InputException>(() => experiment.Run("out", resume: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_the_highest_number_does_not_stop_the_count()
    {
        using var experiment = new TestExperiment();
        using var moved = new CurrentFolder(experiment.Folder);
        Directory.CreateDirectory(Path.Combine("runs", "small-2147483647"));
        Assert.Equal(Path.Combine("runs", "small-0001"), TestExperiment.RunFile(new() { File = "small.yaml", Assignments = ["epochs=1"] }).Run);
    }

    [Fact]
    public void A_chain_without_a_learning_rate_is_warned_of()
    {
        using var experiment = new TestExperiment();
        var observer = new AtStep(-1, () => { });
        experiment.Run("out", observer, set: ["update=[{ clip-by-global-norm: 0.01 }]", "epochs=1"]);
        Assert.Contains(observer.Messages, m => m.StartsWith("There is no learning-rate under update", StringComparison.Ordinal));
        Assert.Contains("There is no learning-rate under update", File.ReadAllText(Path.Combine(experiment.Folder, "out", "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_cannot_be_written_does_not_take_the_result_along()
    {
        using var experiment = new TestExperiment();
        string report = Path.Combine(experiment.Folder, "out", "report.html");
        var observer = new AtStep(3, () => Directory.CreateDirectory(report));
        Assert.Equal("completed", experiment.Run("out", observer).Status);
        Assert.Contains(observer.Messages, m => m.StartsWith("the report could not be written", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(experiment.Folder, "out", "result.json")));
    }

    /// <summary>Makes a folder the current one, as for a command that is started in it.</summary>
    internal sealed class CurrentFolder : IDisposable
    {
        private readonly string _before = Environment.CurrentDirectory;

        public CurrentFolder(string folder) => Environment.CurrentDirectory = folder;

        public void Dispose() => Environment.CurrentDirectory = _before;
    }
}
