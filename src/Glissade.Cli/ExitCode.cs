namespace Glissade.Cli;

/// <summary>What the process says to whoever started it.</summary>
internal static class ExitCode
{
    /// <summary>The run came to its end, or there was nothing to run.</summary>
    public const int Completed = 0;

    /// <summary>The run failed: it diverged, or a file could not be written.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the experiment file or the data is wrong; nothing was run.</summary>
    public const int BadInput = 2;

    /// <summary>The run was interrupted and its state saved: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>The process was ended at once by a second signal to terminate: 128 + SIGTERM.</summary>
    public const int Terminated = 143;
}
