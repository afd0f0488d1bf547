using System.Text.Json;
using Glissade.Experiments.Running;
using Glissade.Input;

namespace Glissade.Cli.Tests;

/// <summary>How a run's end, or an exception, becomes an exit code and words.</summary>
public class FailureTests
{
    [Theory]
    [InlineData("completed", 0)]
    [InlineData("diverged", 1)]
    [InlineData("failed", 1)]
    [InlineData("interrupted", 130)]
    public void The_status_gives_the_exit_code(string status, int expected)
    {
        (int code, string output, string error) = FakeExperiments.Invoke((_, _, _) => FakeExperiments.Summary(status), false, false, "run", "toy.yaml");
        Assert.Equal(expected, code);
        Assert.StartsWith($"toy {status}: because\n  test accuracy  0.5000\n  test loss      not finite\n", output);
        Assert.Equal(status == "interrupted", error.Contains("Go on with: glissade run toy.yaml --resume", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_reaches_the_runner()
    {
        RunRequest? seen = null;
        FakeExperiments.Invoke(
            (request, _, _) =>
            {
                seen = request;
                return FakeExperiments.Summary("completed");
            },
            false,
            false,
            "run", "@toy.yaml", "--set", "a.b=1", "--set=c={ x: -1 }", "--seed", "18446744073709551615", "--out", "-", "--resume", "--quiet");
        Assert.NotNull(seen);
        Assert.Equal("@toy.yaml", seen.File);
        Assert.Equal(["a.b=1", "c={ x: -1 }"], seen.Assignments);
        Assert.Equal(ulong.MaxValue, seen.Seed);
        Assert.Equal("-", seen.Folder);
        Assert.True(seen.Resume);
    }

    [Fact]
    public void Wrong_input_is_told_line_by_line_and_nothing_is_printed()
    {
        InputException wrong = new(new InputProblem("toy.yaml", 3, 7, "'x'", "a number"));
        (int code, string output, string error) = FakeExperiments.Invoke((_, _, _) => throw wrong, false, false, "run", "toy.yaml", "--json");
        Assert.Equal((2, "", "toy.yaml:3:7: found 'x', expected a number\n"), (code, output, error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_full_disk_is_told_in_a_line_and_json_still_has_its_object(bool terminal)
    {
        (int code, string output, string error) = FakeExperiments.Invoke(
            (_, observer, _) =>
            {
                observer.OnStart(FakeExperiments.Start);
                throw new IOException("No space left on device : '/data/runs/toy-0001/metrics.jsonl'");
            },
            false,
            terminal,
            "run", "toy.yaml", "--json");
        Assert.Equal(1, code);
        Assert.Contains("glissade: No space left on device : '/data/runs/toy-0001/metrics.jsonl'\n", error);
        Assert.DoesNotContain("fault of glissade", error);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.Equal("toy", document.RootElement.GetProperty("name").GetString());
        Assert.Equal("failed", document.RootElement.GetProperty("status").GetString());
        Assert.Contains("No space", document.RootElement.GetProperty("reason").GetString());
        Assert.Equal("runs/toy-0001", document.RootElement.GetProperty("run").GetString());
    }

    [Fact]
    public void A_fault_of_ours_is_one_line_and_where_to_report_it_and_details_only_if_asked_for()
    {
        static RunSummary Fail(RunRequest request, IRunObserver observer, CancellationToken cancellation) => throw new InvalidOperationException("a\nb");
        (int code, string output, string error) = FakeExperiments.Invoke(Fail, false, false, "run", "toy.yaml");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("glissade: unexpected InvalidOperationException: a b\n", error);
        Assert.Contains("report it", error);
        Assert.DoesNotContain("   at ", error);

        (code, _, error) = FakeExperiments.Invoke(Fail, true, false, "run", "toy.yaml");
        Assert.Equal(1, code);
        Assert.Contains("   at ", error);
    }

    [Fact]
    public void The_hint_how_to_resume_can_be_pasted_into_a_shell()
    {
        (_, _, string error) = FakeExperiments.Invoke(
            (_, _, _) => FakeExperiments.Summary("interrupted"), false, false, "run", "my toy.yaml", "--set", "a='b'", "--seed", "3", "--out", "o");
        Assert.Contains("Go on with: glissade run 'my toy.yaml' --set 'a='\\''b'\\''' --seed 3 --out o --resume\n", error);
    }
}
