using System.Globalization;
using System.Text;
using Glissade.Experiments.Running;
using Glissade.Input;

namespace Glissade.Experiments.Tests.Running;

/// <summary>What changes the current folder or the number of threads, which the whole process has in common, runs alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>A folder with a small data set of classes, one of values, and an experiment file that a test may change.</summary>
internal sealed class TestExperiment : IDisposable
{
    public const string Text = """
        name: small
        kind: train
        seed: 5
        data: { file: points.csv, target: kind, test: 0.25 }
        network: [ { dense: 8 }, tanh ]
        loss: cross-entropy
        update:
          - clip-by-global-norm: 1
          - adam
          - weight-decay: { rate: 0.01, except: "*.bias" }
          - learning-rate: { warmup: 5, to: 0.02, then: cosine }
        average: { ema: 0.9 }
        batch: 16
        epochs: 6
        """;

    public TestExperiment(string text = Text)
    {
        Folder = Directory.CreateTempSubdirectory("glissade-experiment-").FullName;
        File = Path.Combine(Folder, "small.yaml");
        System.IO.File.WriteAllText(File, text);
        System.IO.File.WriteAllText(Path.Combine(Folder, "points.csv"), Points());
    }

    public string Folder { get; }

    public string File { get; }

    /// <summary>Replaces a piece of the experiment file, which must be there.</summary>
    public static string With(string old, string next)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        return Text.Replace(old, next, StringComparison.Ordinal);
    }

    public RunSummary Run(string folder, IRunObserver? observer = null, bool resume = false, params string[] set) =>
        RunFile(Request(folder) with { Resume = resume, Assignments = set }, observer);

    public RunRequest Request(string folder) => new() { File = File, Folder = Path.Combine(Folder, folder) };

    public static RunSummary RunFile(RunRequest request, IRunObserver? observer = null) => ExperimentRunner.Run(request, observer, CancellationToken.None);

    /// <summary>All that is wrong with the file, the test's folder left out.</summary>
    public string Problems(params string[] set)
    {
        var error = Assert.Throws<InputException>(() => Run("out", set: set));
        Assert.False(Directory.Exists(Path.Combine(Folder, "out")), "Nothing may be made for an experiment that is wrong.");
        return error.Message.Replace(Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }

    public byte[] Bytes(string folder, string file) => System.IO.File.ReadAllBytes(Path.Combine(Folder, folder, file));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Three overlapping clouds, and a value that depends on where a point lies.</summary>
    private static string Points()
    {
        var random = new Random(7);
        var text = new StringBuilder("x,y,kind,height\n");
        string[] kinds = ["red", "green", "blue"];
        for (int row = 0; row < 120; row++)
        {
            int kind = row % 3;
            double x = kind + (0.6 * (random.NextDouble() - 0.5)), y = (kind == 1 ? 1 : 0) + (0.6 * (random.NextDouble() - 0.5));
            text.Append(CultureInfo.InvariantCulture, $"{x:F4},{y:F4},{kinds[kind]},{(2 * x) - y + (0.1 * random.NextDouble()):F4}\n");
        }

        return text.ToString();
    }
}

/// <summary>Does something at a step.</summary>
internal sealed class AtStep(long step, Action act) : IRunObserver
{
    public List<string> Messages { get; } = [];

    public RunStart? Start { get; private set; }

    public void OnStart(RunStart start) => Start = start;

    public void OnStep(in Learning.Training.StepRecord record)
    {
        if (record.Step == step)
        {
            act();
        }
    }

    public void OnEpoch(Learning.Training.EpochRecord record)
    {
    }

    public void OnMessage(string message) => Messages.Add(message);
}
