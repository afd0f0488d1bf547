namespace Glissade.Experiments.Running;

/// <summary>What to run, and how.</summary>
/// <remarks>Immutable.</remarks>
public sealed record RunRequest
{
    /// <summary>The experiment file.</summary>
    public required string File { get; init; }

    /// <summary>Changes to the file's values, each <c>a.b=value</c>.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>A seed instead of the file's; null for the file's.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The folder of the run; null for the next free <c>runs/NAME-0001</c> below the current folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether to go on with the newest unfinished run of this experiment, or with that in <see cref="Folder"/>.</summary>
    public bool Resume { get; init; }
}
