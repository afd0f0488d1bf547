namespace Glissade.Learning.WarmStarts;

/// <summary>Where a run begins instead of at fresh weights.</summary>
/// <param name="Source">What was saved.</param>
/// <param name="Policy">What of it is taken.</param>
public sealed record WarmStart(WarmStartSource Source, WarmStartPolicy Policy)
{
    /// <summary>A start from the file of a checkpoint or a model, of which all that fits is taken.</summary>
    /// <param name="path">The file, safetensors.</param>
    /// <exception cref="Input.InputException">The file is missing or damaged.</exception>
    public static WarmStart From(string path) => new(WarmStartSource.Read(path), new WarmStartPolicy());
}

/// <summary>What a warm start takes of what was saved. Only what has the same name and shape is ever taken.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed record WarmStartPolicy
{
    /// <summary>Names of the parameters, and of the states of layers such as running means, to take, in which * stands for any characters; all by default. At least one, none empty.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = ["*"];

    /// <summary>
    /// Whether to take the optimizer's state and the average of those parameters, and the numbers that free them of their bias; so by default. A parameter whose
    /// state is not there begins with that of a first step.
    /// </summary>
    public bool State { get; init; } = true;

    /// <summary>
    /// Whether to take the count of applied steps, so that schedules go on where they stood; by default they begin anew, and with them whatever counts steps, such
    /// as the mean of all iterates.
    /// </summary>
    public bool Steps { get; init; }
}
