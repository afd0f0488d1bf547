using Glissade.Experiments.Running;
using Glissade.Learning.Checkpoints;

namespace Glissade.Experiments.Tests.Running;

/// <summary>Experiments that begin with what another run has saved.</summary>
public sealed class WarmStartTests
{
    private const string From = "\nstart: { from: old/checkpoints/last.safetensors }";

    [Fact]
    public void A_run_begins_with_the_weights_of_another_and_keeps_the_report_of_it()
    {
        using var experiment = new TestExperiment();
        experiment.Run("old");
        System.IO.File.WriteAllText(experiment.File, TestExperiment.Text + "\nstart: { from: old/model.safetensors, parameters: \"dense1.*\" }\n");

        // With a rate of 0 and nothing averaged the weights stay what they were at the start.
        string[] still = ["update=[{learning-rate: 0}]", "average=null"];
        var observer = new AtStep(-1, () => { });
        Assert.Equal("completed", experiment.Run("new", observer, set: still).Status);
        SafetensorsFile old = SafetensorsFile.Read(Path.Combine(experiment.Folder, "old", "model.safetensors")), next = SafetensorsFile.Read(Path.Combine(experiment.Folder, "new", "model.safetensors"));
        Assert.Equal(old["dense1.weight"].Floats.ToArray(), next["dense1.weight"].Floats.ToArray());
        Assert.NotEqual(old["dense2.weight"].Floats.ToArray(), next["dense2.weight"].Floats.ToArray());
        string report = System.IO.File.ReadAllText(Path.Combine(experiment.Folder, "new", "start.txt"));
        Assert.StartsWith("2 matched, ", report, StringComparison.Ordinal);
        Assert.Contains("not wanted   parameter  dense2.weight", report, StringComparison.Ordinal);
        Assert.Contains(observer.Messages, m => m.EndsWith(report.TrimEnd(), StringComparison.Ordinal));

        // The file that was written out runs as it stands.
        RunSummary again = TestExperiment.RunFile(new RunRequest { File = Path.Combine(experiment.Folder, "new", "experiment.yaml"), Folder = Path.Combine(experiment.Folder, "again") });
        Assert.Equal("completed", again.Status);
        Assert.Equal(experiment.Bytes("new", "checkpoints/last.safetensors"), experiment.Bytes("again", "checkpoints/last.safetensors"));
    }

    [Fact]
    public void Another_file_to_begin_with_is_another_experiment_and_an_interrupted_run_goes_on()
    {
        using var experiment = new TestExperiment();
        experiment.Run("old");
        System.IO.File.WriteAllText(experiment.File, TestExperiment.Text + From);
        experiment.Run("whole");
        using var stop = new CancellationTokenSource();
        ExperimentRunner.Run(experiment.Request("parts"), new AtStep(8, stop.Cancel), stop.Token);
        Assert.Equal("completed", experiment.Run("parts", resume: true).Status);
        foreach (string file in (string[])["checkpoints/last.safetensors", "model.safetensors", "metrics.jsonl", "start.txt"])
        {
            Assert.Equal(experiment.Bytes("whole", file), experiment.Bytes("parts", file));
        }

        experiment.Run("other", set: "start.from=old/checkpoints/best.safetensors");
        Assert.Contains("another experiment", Assert.Throws<Input.InputException>(() => experiment.Run("other", resume: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("start: { from: nothing.safetensors }", "small.yaml:15:16: found 'nothing.safetensors': ")]
    [InlineData("start: { from: points.csv }", "small.yaml:15:16: found 'points.csv': ")]
    [InlineData("start: { from: points.csv, state: maybe }", "expected true or false")]
    [InlineData("start: { form: points.csv }", "did you mean 'from'?")]
    [InlineData("start: { from: other/model.safetensors }", "expected a file with at least one parameter of this network that is to be taken (dense1.weight [2, 8]")]
    [InlineData("start: { from: other/model.safetensors, parameters: \"conv*\" }", "found the pattern 'conv*'")]
    public void What_is_wrong_is_told_with_its_place(string start, string message)
    {
        using var experiment = new TestExperiment(TestExperiment.With("data: { file: points.csv, target: kind, test: 0.25 }", "data: { file: points.csv, target: kind, features: [x, y], test: 0.25 }") + "\n" + start);
        var weights = NamedTensor.Of("linear.weight", new Numerics.Shape(2), (ReadOnlySpan<float>)[1f, 2f]);
        Directory.CreateDirectory(Path.Combine(experiment.Folder, "other"));
        SafetensorsFile.Write(Path.Combine(experiment.Folder, "other", "model.safetensors"), [weights]);
        Assert.Contains(message, experiment.Problems(), StringComparison.Ordinal);
    }
}
