using System.Text.Json;
using Glissade.Cli.Tests.Processes;

namespace Glissade.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_run_tells_of_its_progress_on_standard_error_and_of_its_result_on_standard_output()
    {
        ProcessResult result = _place.Run("run", "iris.yaml");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("iris completed: ", result.Output);
        Assert.Matches(@"\n  test accuracy +0\.9\d+", result.Output);
        Assert.Matches(@"\n  run +runs.iris-0001", result.Output);
        Assert.Matches(@"\n  report +runs.iris-0001.report\.html", result.Output);
        Assert.Contains("runs", result.Error.Split('\n')[0]);
        Assert.Matches(@"(^|\n)epoch 60/60  loss [\d.e-]+  test accuracy 0\.9\d+  rate ", result.Error);
        Assert.DoesNotContain('\e', result.Output + result.Error);
        Assert.True(File.Exists(_place.PathOf("runs", "iris-0001", "report.html")));
    }

    [Fact]
    public void With_json_standard_output_is_one_object_and_with_quiet_standard_error_is_empty()
    {
        ProcessResult result = _place.Run("run", "iris.yaml", "--json", "--quiet", "--seed", "7", "--set", "epochs=30", "--out", "here");
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Single(result.Output.TrimEnd('\n', '\r').Split('\n'));
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement root = document.RootElement;
        Assert.Equal("iris", root.GetProperty("name").GetString());
        Assert.Equal("train", root.GetProperty("kind").GetString());
        Assert.Equal("completed", root.GetProperty("status").GetString());
        Assert.NotEmpty(root.GetProperty("reason").GetString()!);
        Assert.True(root.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(240, root.GetProperty("steps").GetInt64());
        Assert.Equal(7, root.GetProperty("seed").GetInt32());
        Assert.True(root.GetProperty("metrics").GetProperty("test_accuracy").GetDouble() > 0.8);
        Assert.Equal("here", root.GetProperty("run").GetString());
    }

    [Fact]
    public void Quiet_says_nothing_at_all()
    {
        ProcessResult result = _place.Run("run", "iris.yaml", "--quiet", "--set", "epochs=10");
        Assert.Equal(new ProcessResult(0, "", ""), result);
    }

    [Fact]
    public void A_learning_rate_of_a_million_diverges_and_leaves_no_number_that_is_none()
    {
        ProcessResult result = _place.Run("run", "digits.yaml", "--set", "update.learning-rate=1e6", "--json", "--quiet", "--out", "wild");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("diverged", result.Error);
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal("diverged", document.RootElement.GetProperty("status").GetString());
        foreach (string file in Directory.EnumerateFiles(_place.PathOf("wild"), "*.json*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("NaN", File.ReadAllText(file));
            Assert.DoesNotContain("Infinity", File.ReadAllText(file));
        }
    }

    [Theory]
    [InlineData("iris.yaml")]
    [InlineData("diabetes.yaml")]
    public void One_thread_and_two_learn_the_same_bits(string file)
    {
        Assert.Equal(0, _place.Run("run", file, "--quiet", "--threads", "1", "--out", "one").ExitCode);
        Assert.Equal(0, _place.Run("run", file, "--quiet", "--threads", "2", "--out", "two").ExitCode);
        Assert.Equal(0, _place.Run("run", file, "--quiet", "--seed", "2", "--out", "other").ExitCode);
        Assert.Equal(_place.Weights("one"), _place.Weights("two"));
        Assert.NotEqual(_place.Weights("one"), _place.Weights("other"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_without_a_stack_trace()
    {
        File.WriteAllText(_place.PathOf("taken"), "a file");
        ProcessResult result = _place.Run("run", "iris.yaml", "--out", "taken/run");
        Assert.Contains(result.ExitCode, (int[])[1, 2]);
        Assert.Contains("taken", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }
}
