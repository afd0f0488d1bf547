using System.Diagnostics;
using Glissade.Cli.Tests.Processes;

namespace Glissade.Cli.Tests;

/// <summary>Streams that are closed or full: progress that is lost is no reason to end a run, a result that is lost is told of.</summary>
public sealed class StreamTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("2>&-", 0)]
    [InlineData("2>/dev/full", 0)]
    [InlineData(">/dev/null 2>&-", 0)]
    [InlineData("--set epochs=0 2>&-", 2)]
    [InlineData("--set epochs=0 2>/dev/full", 2)]
    public void Nobody_listens_to_progress(string ending, int expected)
    {
        (int code, _) = Shell($"run iris.yaml --set epochs=20 --out out {ending}");
        Assert.Equal(expected, code);
        Assert.Equal(expected == 0, File.Exists(_place.PathOf("out", "result.json")));
    }

    [Theory]
    [InlineData("run iris.yaml --set epochs=2 --out out >/dev/full")]
    [InlineData("run iris.yaml --set epochs=2 --out out --json >/dev/full")]
    [InlineData("run iris.yaml --set epochs=2 --out out >&-")]
    [InlineData("list >/dev/full")]
    [InlineData("--version >/dev/full")]
    [InlineData("--help >/dev/full")]
    public void A_result_that_is_lost_is_told_of(string line)
    {
        (int code, string error) = Shell(line);
        Assert.Equal(1, code);
        Assert.Contains("glissade: standard output cannot be written: ", error);
        Assert.DoesNotContain("fault of glissade", error);
        Assert.Equal(line.StartsWith("run", StringComparison.Ordinal), File.Exists(_place.PathOf("out", "result.json")));
    }

    private (int ExitCode, string Error) Shell(string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /dev/full.");
        ProcessStartInfo start = new("/bin/sh") { WorkingDirectory = _place.Folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "Glissade.Cli.dll")}' {line}");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        output.Wait();
        return (process.ExitCode, error);
    }
}
