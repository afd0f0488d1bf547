using System.Text.Json;

namespace Glissade.Cli.Tests;

/// <summary><c>glissade find-learning-rate</c> from its command line to what it prints.</summary>
public sealed class FindLearningRateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("glissade-find-").FullName;

    public FindLearningRateTests()
    {
        File.WriteAllLines(Path.Combine(_folder, "line.csv"), Enumerable.Range(0, 101).Select(i => i == 0 ? "x,y" : FormattableString.Invariant($"{i},{(3 * i) + 2}")));
        File.WriteAllText(Path.Combine(_folder, "line.yaml"), "name: line\nkind: train\ndata: { file: line.csv, target: y, task: regression }\nnetwork: []\nupdate: [ { learning-rate: 0.1 } ]\nbatch: 80\n");
    }

    [Fact]
    public void The_suggestion_is_drawn_tabulated_and_told()
    {
        string report = Path.Combine(_folder, "sweep.html");
        (int code, string output, string error) = Invoke("--low", "1e-5", "--high", "1000", "--out", report);
        Assert.Equal((ExitCode.Completed, ""), (code, error));
        string[] lines = output.Split('\n');
        Assert.Contains(lines, l => l.StartsWith("line: learning rate 0.0", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("the smoothed loss fell most steeply at 0.0", StringComparison.Ordinal) && l.Contains("it exploded at", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Trim() == "rate       loss   smoothed" || l.Trim().StartsWith("rate ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains('•', StringComparison.Ordinal) && l.Contains('│', StringComparison.Ordinal));
        Assert.All(lines, l => Assert.InRange(l.Length, 0, 200));
        Assert.Contains("report  ", output, StringComparison.Ordinal);
        Assert.True(File.Exists(report));
        Assert.Equal(["line.csv", "line.yaml", "sweep.html"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Json_is_one_object_on_a_line()
    {
        (int code, string output, string error) = Invoke("--steps", "150", "--json");
        Assert.Equal((ExitCode.Completed, ""), (code, error));
        JsonElement json = JsonDocument.Parse(Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;

        // Standardized, the curvature is 2 in each direction, so rates below 1 are stable.
        Assert.InRange(json.GetProperty("suggested").GetDouble(), 0.01, 1);
    }

    [Fact]
    public void No_suggestion_is_no_success()
    {
        (int code, string output, string error) = Invoke("--low", "1e-12", "--high", "1e-11");
        Assert.Equal((ExitCode.Failed, ""), (code, error));
        Assert.Contains("line: no suggestion; the loss did not clearly fall at any rate; sweep to a higher one, or with more steps", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--low: found '0', expected a number above 0", "--low", "0")]
    [InlineData("--high: found 'x', expected a number above 0", "--high", "x")]
    [InlineData("--high: found 0.001, expected a rate above that of --low, 0.1", "--low", "0.1", "--high", "0.001")]
    [InlineData("--steps: found '5', expected a whole number from 10 to 1000000", "--steps", "5")]
    [InlineData("--out: found an empty name, expected a file for the report", "--out", "")]
    [InlineData("line.yaml:5:29: found -1, expected", "--set", "update.learning-rate=-1")]
    public void A_mistake_is_told_and_nothing_is_swept(string message, params string[] arguments)
    {
        (int code, string output, string error) = Invoke(arguments);
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains(message.Split(" found", 2)[^1], error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (int ExitCode, string Output, string Error) Invoke(params string[] arguments) => FakeExperiments.Invoke(
        (_, _, _) => throw new InvalidOperationException("Nothing is to be run."), false, false, ["find-learning-rate", Path.Combine(_folder, "line.yaml"), .. arguments]);
}
