using System.Globalization;
using Glissade.Input;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>The folder of a run, held by this process alone until it is disposed of.</summary>
/// <remarks>
/// <code>
/// experiment.yaml            what is run, every default written out
/// metrics.jsonl              steps and epochs, a JSON object a line
/// checkpoints/last.safetensors, best.safetensors
/// model.safetensors          the weights to use
/// start.txt                  what a warm start took of the file that it begins with
/// report.html
/// result.json                how it ended; written last, so that its absence tells a killed run
/// .lock                      held open while the run goes on
/// </code>
/// The lock is on the open file, not in its existence: a killed process lets go of it. It is never deleted, since a process might then lock a file that has no name
/// any more.
/// </remarks>
internal sealed class RunFolder : IDisposable
{
    /// <summary>The name of the file of metrics.</summary>
    public const string MetricsName = "metrics.jsonl";

    private const string Root = "runs";
    private const string LockName = ".lock";
    private const int HighestNumber = 999_999_999;

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream held) => (FolderPath, _lock) = (path, held);

    /// <summary>The folder, as it was named.</summary>
    public string FolderPath { get; }

    public string Metrics => Path.Combine(FolderPath, MetricsName);

    public string Checkpoints => CheckpointsIn(FolderPath);

    public string Model => ModelIn(FolderPath);

    /// <summary>What was taken of the file that the run begins with, and what was not.</summary>
    public string Start => StartIn(FolderPath);

    public string Report => Path.Combine(FolderPath, "report.html");

    public string Result => ResultIn(FolderPath);

    /// <summary>Where a folder keeps its result.</summary>
    public static string ResultIn(string folder) => Path.Combine(folder, "result.json");

    /// <summary>Makes the next free folder of a name.</summary>
    /// <param name="name">The experiment's name.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static RunFolder Next(string name)
    {
        string[] taken = Numbered(name);
        int last = taken.Length == 0 ? 0 : NumberOf(taken[0], name);
        for (int number = last + 1; ; number++)
        {
            string path = PathOf(name, number);
            if (Directory.Exists(path) || File.Exists(path))
            {
                continue;
            }

            // Making a folder does not tell who made it; making the file in it does, so of two processes one gets the number.
            if (TryLock(path, FileMode.CreateNew) is { } held)
            {
                return new RunFolder(path, held);
            }
        }
    }

    /// <summary>Makes, or takes, a new or empty folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It is a file, is not empty, or is in use.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static RunFolder At(string path)
    {
        if (File.Exists(path))
        {
            throw new InputException(new InputProblem(path, "a file", "a new or empty folder for the run"));
        }

        FileStream held;
        try
        {
            held = TryLock(path, FileMode.OpenOrCreate) ?? throw InUse(path);
        }
        catch (Exception refusal) when (refusal is IOException or ArgumentException or NotSupportedException)
        {
            throw new InputException(new InputProblem(path, $"a path that cannot be used ({refusal.Message})", "a new or empty folder for the run"), refusal);
        }

        if (Directory.EnumerateFileSystemEntries(path).Any(entry => !IsLeftOver(Path.GetFileName(entry))))
        {
            held.Dispose();
            throw new InputException(new InputProblem(path, "a folder that is not empty", "a new or empty folder for the run, or --resume to go on with the run in it"));
        }

        RunFolder taken = new(path, held);
        taken.DeleteUnfinished();
        return taken;
    }

    /// <summary>Takes the folder of a run that was begun; null if another process holds it.</summary>
    /// <param name="path">The folder.</param>
    public static RunFolder? TryTake(string path) => TryLock(path, FileMode.OpenOrCreate) is { } held ? new RunFolder(path, held) : null;

    /// <summary>The folders of a name below the current one, the newest first.</summary>
    /// <param name="name">The experiment's name.</param>
    public static string[] Numbered(string name) => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root, $"{name}-*").Where(path => NumberOf(path, name) > 0).OrderByDescending(path => NumberOf(path, name))]
        : [];

    /// <summary>The problem of a folder that another process holds.</summary>
    public static InputException InUse(string path) => new(new InputProblem(path, "a run that another process is working on", "a folder that no other process uses"));

    /// <summary>Refuses a folder in which something stands where a file of the run is to be written, before anything in it is changed. One that is not there yet is right.</summary>
    /// <param name="folder">The folder of a run.</param>
    /// <exception cref="InputException">There is a folder where a file belongs, or a file where the checkpoints belong; all of them are named.</exception>
    public static void RequireFiles(string folder)
    {
        string checkpoints = CheckpointsIn(folder);
        var kept = new CheckpointFolder(checkpoints, string.Empty);
        string[] files = [Path.Combine(folder, MetricsName), kept.LastFile, kept.BestFile, kept.SoundFile, ModelIn(folder), StartIn(folder), ResultIn(folder)];
        InputProblem[] problems =
        [
            .. files.Where(Directory.Exists).Select(file => new InputProblem(file, "a folder", "a file of the run, or nothing: take the folder away")),
            .. File.Exists(checkpoints) ? [new InputProblem(checkpoints, "a file", "the folder of the run's checkpoints, or nothing: take the file away")] : Array.Empty<InputProblem>(),
        ];
        if (problems.Length > 0)
        {
            throw new InputException([.. problems], isCutShort: false);
        }
    }

    /// <summary>Deletes what a killed process left half written under names that nobody reads.</summary>
    public void DeleteUnfinished()
    {
        foreach (string folder in new[] { FolderPath, Checkpoints }.Where(Directory.Exists))
        {
            foreach (string file in Directory.EnumerateFiles(folder, ".*.tmp"))
            {
                File.Delete(file);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string CheckpointsIn(string folder) => Path.Combine(folder, "checkpoints");

    private static string ModelIn(string folder) => Path.Combine(folder, "model.safetensors");

    private static string StartIn(string folder) => Path.Combine(folder, "start.txt");

    private static string PathOf(string name, int number) => Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{name}-{number:D4}"));

    /// <summary>The number of a run's folder; 0 for one of another name.</summary>
    private static int NumberOf(string path, string name)
    {
        string folder = Path.GetFileName(path);
        return folder.Length > name.Length && int.TryParse(folder.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= HighestNumber ? number : 0;
    }

    // All that a process leaves that was killed before its experiment was written.
    private static bool IsLeftOver(string file) =>
        file == LockName || (file.StartsWith(".glissade-", StringComparison.Ordinal) && file.EndsWith(".tmp", StringComparison.Ordinal));

    /// <summary>Whether it is another process that is in the way, and not the file system: the file is locked, or was made a moment ago.</summary>
    private static bool IsHeld(IOException refusal)
    {
        const int sharingViolation = unchecked((int)0x80070020), fileExists = unchecked((int)0x80070050), existsOnUnix = 17;
        int lockedOnUnix = OperatingSystem.IsLinux() ? 11 : 35;
        return OperatingSystem.IsWindows()
            ? refusal.HResult is sharingViolation or fileExists
            : refusal.HResult is existsOnUnix || refusal.HResult == lockedOnUnix;
    }

    private static FileStream? TryLock(string folder, FileMode mode)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException refusal) when (IsHeld(refusal))
        {
            return null;
        }
        catch (UnauthorizedAccessException refusal)
        {
            throw new IOException($"The folder of the run, '{folder}', cannot be written: {refusal.Message}", refusal);
        }
    }
}
