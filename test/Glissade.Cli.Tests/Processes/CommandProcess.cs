using System.Diagnostics;
using System.Text;

namespace Glissade.Cli.Tests.Processes;

/// <summary>What a process left behind.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error);

/// <summary>The command as a process of its own, as a user starts it.</summary>
public sealed class CommandProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task<string> _output;
    private readonly Task _errorRead;

    private CommandProcess(string folder, string[] arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Glissade.Cli.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("GLISSADE_DEBUG");
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _errorRead = Task.Run(ReadError);
    }

    /// <summary>What stands on its standard error so far.</summary>
    public string ErrorSoFar
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public static CommandProcess Start(string folder, params string[] arguments) => new(folder, arguments);

    public static ProcessResult Run(string folder, params string[] arguments)
    {
        using CommandProcess process = Start(folder, arguments);
        return process.Wait();
    }

    public ProcessResult Wait()
    {
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill();
            Assert.Fail($"The command did not end. Its standard error: {ErrorSoFar}");
        }

        _errorRead.Wait(Patience);
        return new ProcessResult(_process.ExitCode, _output.Result, ErrorSoFar);
    }

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Waits until something is so; the process must not have ended before.</summary>
    public void WaitUntil(Func<bool> isSo)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.False(_process.HasExited, $"The command ended too early: {ErrorSoFar}");
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "It took too long.");
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void ReadError()
    {
        char[] buffer = new char[1024];
        for (int count = _process.StandardError.Read(buffer); count > 0; count = _process.StandardError.Read(buffer))
        {
            lock (_error)
            {
                _error.Append(buffer, 0, count);
            }
        }
    }
}
