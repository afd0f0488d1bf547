using System.Text.Json;
using Glissade.Cli.Tests.Processes;

namespace Glissade.Cli.Tests;

public class BasicsTests
{
    [Theory]
    [InlineData("--help", "glissade run experiments/digits.yaml", "run <FILE>", "list <KIND>")]
    [InlineData("run --help", "--set <a.b=value>", "130", "GLISSADE_DEBUG=1", "--resume", "empty for 2")]
    [InlineData("list --help", "glissade list updates", "--json", "KIND", "averages")]
    public void Help_shows_options_and_examples(string line, params string[] expected)
    {
        ProcessResult result = CommandProcess.Run(Path.GetTempPath(), line.Split(' '));
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.All(expected, text => Assert.Contains(text, result.Output));
    }

    [Fact]
    public void Nothing_to_do_is_answered_with_help_on_standard_error()
    {
        ProcessResult result = CommandProcess.Run(Path.GetTempPath());
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("Usage:", result.Error);
    }

    [Fact]
    public void Version_is_one_line_and_verbose_tells_of_the_machine()
    {
        ProcessResult brief = CommandProcess.Run(Path.GetTempPath(), "--version");
        Assert.Equal(0, brief.ExitCode);
        Assert.Matches(@"^glissade \d+\.\d+\.\d+\S*\r?\n$", brief.Output);

        ProcessResult full = CommandProcess.Run(Path.GetTempPath(), "--version", "--verbose");
        Assert.Equal(0, full.ExitCode);
        Assert.StartsWith(brief.Output, full.Output);
        Assert.All(["runtime     .NET", "system", $"processors  {Environment.ProcessorCount}", "vectors", "executor    "], text => Assert.Contains(text, full.Output));
    }

    [Fact]
    public void List_shows_every_kind_in_aligned_columns_without_tabs_or_colours()
    {
        ProcessResult result = CommandProcess.Run(Path.GetTempPath(), "list");
        Assert.Equal(0, result.ExitCode);
        Assert.All(["updates:", "schedules:", "layers:", "losses:", "averages:", "clip-by-global-norm", "cosine", "gelu", "cross-entropy", "ema"], text => Assert.Contains(text, result.Output));
        Assert.DoesNotContain('\t', result.Output);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Fact]
    public void List_of_one_kind_shows_that_kind_only()
    {
        ProcessResult result = CommandProcess.Run(Path.GetTempPath(), "list", "Layers");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("layers:", result.Output);
        Assert.DoesNotContain("adam", result.Output);
    }

    [Fact]
    public void List_for_machines_is_json_with_readable_formulas()
    {
        ProcessResult result = CommandProcess.Run(Path.GetTempPath(), "list", "--json");
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement adam = document.RootElement.GetProperty("updates").GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("key").GetString() == "adam");
        Assert.Contains("β₁", adam.GetProperty("formula").GetString());
        Assert.Contains("β₁", result.Output);
        Assert.All(document.RootElement.EnumerateObject(), kind => Assert.NotEmpty(kind.Value.GetProperty("entries").EnumerateArray()));
    }
}
