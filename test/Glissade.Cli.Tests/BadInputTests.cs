using Glissade.Cli.Tests.Processes;

namespace Glissade.Cli.Tests;

/// <summary>Whatever is wrong with what a user wrote: exit code 2, a message that says what and where, and no stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("rn iris.yaml", "there is no command 'rn'; did you mean 'run'?")]
    [InlineData("lst", "did you mean 'list'?")]
    [InlineData("run", "run needs FILE")]
    [InlineData("run iris.yaml digits.yaml", "'digits.yaml' is one argument too many")]
    [InlineData("run iris.yaml --resum", "run has no option '--resum'; did you mean '--resume'?")]
    [InlineData("run --resum", "run has no option '--resum'; did you mean '--resume'?")]
    [InlineData("list --jsn", "list has no option '--jsn'; did you mean '--json'?")]
    [InlineData("run iris.yaml --seed -1", "--seed: found '-1', expected a whole number from 0")]
    [InlineData("run iris.yaml --seed 1.5", "--seed: found '1.5'")]
    [InlineData("run iris.yaml --seed", "--seed needs N after it")]
    [InlineData("run iris.yaml --seed 1 --seed 2", "--seed is given 2 times, expected once")]
    [InlineData("run iris.yaml --threads 0", "--threads: found '0', expected a whole number from 1 to 1024")]
    [InlineData("run iris.yaml --threads 1025", "--threads: found '1025'")]
    [InlineData("run iris.yaml --threads many", "--threads: found 'many'")]
    [InlineData("--verbose", "--verbose goes with --version")]
    [InlineData("list update", "did you mean 'updates'?")]
    [InlineData("list nonsense", "expected updates, schedules, layers, losses, averages or problems")]
    [InlineData("run nowhere.yaml", "nowhere.yaml")]
    [InlineData("run data", "data")]
    [InlineData("run data/iris.csv", "data/iris.csv:1:")]
    [InlineData("run iris.yaml --set epochs", "--set epochs")]
    [InlineData("run iris.yaml --set epochs=many", "many")]
    [InlineData("run iris.yaml --set epoch=3", "did you mean 'epochs'?")]
    [InlineData("run iris.yaml --set epochs=0", "epochs")]
    [InlineData("run iris.yaml --set update.3.adam=1 --json", "--set update.3.adam=1: ")]
    [InlineData("run iris.yaml --resume --json", "no unfinished run")]
    public void A_bad_command_line(string line, string expected) => ExpectMessage(expected, line.Split(' '));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_name(string name) => ExpectMessage("FILE: found an empty name, expected an experiment file", "run", name);

    [Theory]
    [InlineData("epochs: 60", "epocs: 60", "bad.yaml:12:1:", "did you mean 'epochs'?")]
    [InlineData("epochs: 60", "epochs: sixty", "bad.yaml:12:9:", "'sixty'")]
    [InlineData("epochs: 60", "epochs: -3", "bad.yaml:12:9:", "-3")]
    [InlineData("epochs: 60", "epochs: 60\nepochs: 61", "bad.yaml:13:1:", "epochs")]
    [InlineData("batch: 16", "batch: 0", "bad.yaml:11:8:", "0")]
    [InlineData("kind: train", "kind: trane", "bad.yaml:3:7:", "did you mean 'train'?")]
    [InlineData("kind: train", "", "bad.yaml", "kind")]
    [InlineData("target: species", "target: specis", "bad.yaml:5:38:", "did you mean 'species'?")]
    [InlineData("data/iris.csv", "data/irises.csv", "bad.yaml:5:15:", "irises.csv")]
    [InlineData("test: 0.2", "test: 1.2", "bad.yaml:5:53:", "1.2")]
    [InlineData("tanh", "tahn", "bad.yaml:6:27:", "did you mean 'tanh'?")]
    [InlineData("dense: 16", "dense: [16]", "bad.yaml:6:21:", "")]
    [InlineData("loss: cross-entropy", "loss: cros-entropy", "bad.yaml:7:7:", "did you mean 'cross-entropy'?")]
    [InlineData("- adam", "- adm", "bad.yaml:9:5:", "did you mean 'adam'?")]
    [InlineData("- adam", "- adam: { beta1: 2 }", "bad.yaml:9:20:", "2")]
    [InlineData("- adam", "- adam: { beat1: 0.9 }", "bad.yaml:9:13:", "did you mean 'beta1'?")]
    [InlineData("cosine:", "cosin:", "bad.yaml:10:", "did you mean 'cosine'?")]
    [InlineData("name: iris", "name: [iris", "bad.yaml:", "")]
    [InlineData("name: iris", "name: ../iris", "bad.yaml:2:7:", "")]
    public void A_bad_file(string right, string wrong, string place, string expected)
    {
        string text = File.ReadAllText(_place.PathOf("iris.yaml"));
        Assert.Contains(right, text);
        File.WriteAllText(_place.PathOf("bad.yaml"), text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(expected, ExpectMessage(place, "run", "bad.yaml"));
    }

    [Theory]
    [InlineData("5.1,3.5,1.4,0.2,setosa", "5.1,3.5,wide,0.2,setosa", "data/iris.csv:", "wide")]
    [InlineData("5.1,3.5,1.4,0.2,setosa", "5.1,3.5,1.4,setosa", "data/iris.csv:", "")]
    [InlineData("5.1,3.5,1.4,0.2,setosa", "5.1,3.5,NaN,0.2,setosa", "data/iris.csv:", "NaN")]
    public void Bad_data(string right, string wrong, string place, string expected)
    {
        string text = File.ReadAllText(_place.PathOf("data", "iris.csv"));
        Assert.Contains(right, text);
        File.WriteAllText(_place.PathOf("data", "iris.csv"), text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(expected, ExpectMessage(place, "run", "iris.yaml"));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("checkpoints/last.safetensors")]
    public void A_folder_where_a_file_of_the_run_belongs(string name)
    {
        Assert.Equal(0, _place.Run("run", "iris.yaml", "--set", "epochs=1", "--quiet", "--out", "out").ExitCode);
        File.Delete(_place.PathOf("out", "result.json"));
        File.Delete(_place.PathOf("out", name));
        Directory.CreateDirectory(_place.PathOf("out", name));
        ExpectMessage($"{Path.Combine("out", name)}: found a folder, expected a file of the run", "run", "iris.yaml", "--set", "epochs=1", "--out", "out", "--resume");
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        string text = File.ReadAllText(_place.PathOf("iris.yaml"));
        File.WriteAllText(_place.PathOf("bad.yaml"), text.Replace("epochs: 60", "epochs: sixty").Replace("batch: 16", "batch: few"));
        string error = ExpectMessage("'sixty'", "run", "bad.yaml");
        Assert.Contains("'few'", error);
    }

    private string ExpectMessage(string expected, params string[] arguments)
    {
        ProcessResult result = _place.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.NotEmpty(result.Error);
        Assert.Contains(expected, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.DoesNotContain("Exception", result.Error);
        Assert.False(Directory.Exists(_place.PathOf("runs")), "Nothing may be left behind.");
        return result.Error;
    }
}
