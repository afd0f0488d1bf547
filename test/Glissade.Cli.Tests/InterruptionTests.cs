using System.Text.Json;
using Glissade.Cli.Tests.Processes;

namespace Glissade.Cli.Tests;

/// <summary>A run that is stopped, gently or not, and gone on with ends with the bits of one that never was.</summary>
public sealed class InterruptionTests : IDisposable
{
    private static readonly string[] Long = ["run", "iris.yaml", "--set", "epochs=600"];
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("INT", 0)]
    [InlineData("TERM", 100)]
    [InlineData("HUP", 50)]
    public void A_signal_saves_the_state_and_the_run_can_be_resumed(string signal, int epochsBefore)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals.");
        Assert.Equal(0, _place.Run([.. Long, "--quiet", "--out", "whole"]).ExitCode);

        using CommandProcess process = _place.Start([.. Long, "--json", "--out", "parts"]);
        process.WaitUntil(() => HasBegun(epochsBefore));
        process.Signal(signal);
        ProcessResult stopped = process.Wait();
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("glissade run iris.yaml --set 'epochs=600' --out parts --resume".Replace("'", ""), stopped.Error.Replace("'", ""));
        using (JsonDocument document = JsonDocument.Parse(stopped.Output))
        {
            Assert.Equal("interrupted", document.RootElement.GetProperty("status").GetString());
            Assert.InRange(document.RootElement.GetProperty("steps").GetInt64(), 0, 4799);
        }

        ProcessResult resumed = _place.Run([.. Long, "--json", "--out", "parts", "--resume"]);
        Assert.Equal(0, resumed.ExitCode);
        using (JsonDocument document = JsonDocument.Parse(resumed.Output))
        {
            Assert.Equal("completed", document.RootElement.GetProperty("status").GetString());
            Assert.Equal(4800, document.RootElement.GetProperty("steps").GetInt64());
        }

        Assert.Equal(_place.Weights("whole"), _place.Weights("parts"));
    }

    [Fact]
    public void A_kill_at_any_moment_loses_nothing_that_resuming_cannot_make_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals.");
        Assert.Equal(0, _place.Run([.. Long, "--quiet", "--out", "whole"]).ExitCode);

        string[] resume = [];
        foreach (int epochs in new[] { 0, 120, 300 })
        {
            using CommandProcess process = _place.Start([.. Long, .. resume, "--quiet", "--out", "parts"]);
            process.WaitUntil(() => HasBegun(epochs));
            process.Signal("KILL");
            Assert.Equal(137, process.Wait().ExitCode);
            resume = ["--resume"];
        }

        ProcessResult resumed = _place.Run([.. Long, "--quiet", "--out", "parts", "--resume"]);
        Assert.Equal(new ProcessResult(0, "", ""), resumed);
        Assert.Equal(_place.Weights("whole"), _place.Weights("parts"));
    }

    /// <summary>The same of a built-in problem, which has no epochs: first a signal, then a kill.</summary>
    [Fact]
    public void A_minimisation_goes_on_where_it_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals.");
        File.WriteAllText(_place.PathOf("loop.yaml"), """
            name: loop
            kind: minimize
            problem: { recurrent: { units: 12, length: 40, gain: 1.5 } }
            update: [ { clip-by-global-norm: 1 }, adam, { learning-rate: 0.003 } ]
            average: { ema: 0.99 }
            steps: 20000
            """);
        string[] run = ["run", "loop.yaml"];
        Assert.Equal(0, _place.Run([.. run, "--quiet", "--out", "whole"]).ExitCode);

        using (CommandProcess process = _place.Start([.. run, "--json", "--out", "parts"]))
        {
            process.WaitUntil(() => HasBegun(200));
            process.Signal("INT");
            ProcessResult stopped = process.Wait();
            Assert.Equal(130, stopped.ExitCode);
            Assert.Contains("glissade run loop.yaml --out parts --resume", stopped.Error);
            using JsonDocument document = JsonDocument.Parse(stopped.Output);
            Assert.Equal("interrupted", document.RootElement.GetProperty("status").GetString());
            Assert.InRange(document.RootElement.GetProperty("steps").GetInt64(), 1, 19999);
        }

        using (CommandProcess process = _place.Start([.. run, "--quiet", "--out", "parts", "--resume"]))
        {
            process.WaitUntil(() => HasBegun(800));
            process.Signal("KILL");
            Assert.Equal(137, process.Wait().ExitCode);
        }

        Assert.Equal(new ProcessResult(0, "", ""), _place.Run([.. run, "--quiet", "--out", "parts", "--resume"]));
        Assert.Equal(_place.Weights("whole"), _place.Weights("parts"));
        Assert.Equal(File.ReadAllBytes(_place.PathOf("whole", "metrics.jsonl")), File.ReadAllBytes(_place.PathOf("parts", "metrics.jsonl")));
    }

    // The file of metrics has a line for each step at least.
    private bool HasBegun(int epochs)
    {
        FileInfo metrics = new(_place.PathOf("parts", "metrics.jsonl"));
        return File.Exists(_place.PathOf("parts", "checkpoints", "last.safetensors")) && metrics.Exists && metrics.Length > epochs * 8 * 150;
    }
}
