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

    /// <summary>The weights of an interrupted run are evaluated, which takes long here; the state is saved before.</summary>
    [Theory]
    [InlineData("INT", "INT", 130)]
    [InlineData("INT", "TERM", 143)]
    [InlineData("TERM", "TERM", 143)]
    [InlineData("HUP", "HUP", 129)]
    public void A_second_signal_ends_the_evaluation_at_once_and_the_run_can_be_resumed(string first, string second, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such signals.");
        File.WriteAllLines(_place.PathOf("many.csv"), ["x,y,z", .. Enumerable.Range(0, 40_000).Select(i => $"{i % 101},{i % 89},{(i % 101) - (i % 89)}")]);
        File.WriteAllText(_place.PathOf("many.yaml"), """
            name: many
            kind: train
            data: { file: many.csv, target: z }
            network: [ { dense: 2048 }, tanh, { dense: 2048 }, tanh ]
            loss: squared-error
            update: [ { learning-rate: 0.001 } ]
            batch: 8
            epochs: 3
            """);
        string[] run = ["run", "many.yaml", "--threads", "1", "--out", "parts"];
        long taken;
        using (CommandProcess process = _place.Start(run))
        {
            process.WaitUntil(() => new FileInfo(_place.PathOf("parts", "metrics.jsonl")) is { Exists: true, Length: > 0 });
            process.Signal(first);
            process.WaitUntil(() => File.Exists(_place.PathOf("parts", "checkpoints", "last.safetensors")));
            process.Signal(second);
            Assert.Equal(code, process.Wait().ExitCode);
            Assert.False(File.Exists(_place.PathOf("parts", "model.safetensors")), "It ended after the evaluation.");
            taken = File.ReadLines(_place.PathOf("parts", "metrics.jsonl")).LongCount() - 1;
        }

        // The line of step 0 is beside those of the steps.
        using (CommandProcess process = _place.Start([.. run, "--resume"]))
        {
            process.WaitUntil(() => File.ReadLines(_place.PathOf("parts", "metrics.jsonl")).LongCount() > taken + 1);
            process.Signal("KILL");
            ProcessResult resumed = process.Wait();
            Assert.Contains("going on with the run in parts", resumed.Error);
            Assert.DoesNotContain("lacks", resumed.Error);
            Assert.StartsWith($"{{\"step\":{taken + 1},", File.ReadLines(_place.PathOf("parts", "metrics.jsonl")).ElementAt((int)taken + 1));
        }
    }

    // The file of metrics has a line for each step at least.
    private bool HasBegun(int epochs)
    {
        FileInfo metrics = new(_place.PathOf("parts", "metrics.jsonl"));
        return File.Exists(_place.PathOf("parts", "checkpoints", "last.safetensors")) && metrics.Exists && metrics.Length > epochs * 8 * 150;
    }
}
