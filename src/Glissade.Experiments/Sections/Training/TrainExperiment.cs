using System.Globalization;
using Glissade.Experiments.Reading;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Sections;

/// <summary>An experiment of the kind <c>train</c>, read and checked: everything that decides its result.</summary>
internal sealed record TrainExperiment : Experiment
{
    /// <summary>The examples.</summary>
    public required DataSection Data { get; init; }

    /// <summary>The layers.</summary>
    public required NetworkSection Network { get; init; }

    /// <summary>What is made small.</summary>
    public required Loss Loss { get; init; }

    /// <summary>What the run begins with; null for fresh weights.</summary>
    public StartSection? Start { get; init; }

    /// <summary>Epochs, batches and stopping.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The sections behind the data, written out.</summary>
    public required IReadOnlyList<(string Key, FileNode? Value)> ResolvedRest { get; init; }

    /// <summary>Steps of an epoch.</summary>
    public long StepsPerEpoch => StepsOf(Data.Data.Training.Count, Options.BatchSize);

    /// <inheritdoc/>
    public override string Describe()
    {
        TrainingData data = Data.Data;
        string parts = string.Create(CultureInfo.InvariantCulture, $"{data.Training.Count:N0} examples to learn from");
        parts += data.Validation is { } validation ? string.Create(CultureInfo.InvariantCulture, $", {validation.Count:N0} to validate") : "";
        parts += data.Test is { } test ? string.Create(CultureInfo.InvariantCulture, $", {test.Count:N0} to test") : "";
        string widths = string.Join("-", Network.Network.Layers.OfType<Dense>().Select(d => d.Units).Prepend(data.Training.FeatureCount));
        return $"network {widths} on {Path.GetFileName(Data.File)}: {parts}";
    }

    /// <summary>Steps of an epoch.</summary>
    public static long StepsOf(long examples, long batch) => (examples + batch - 1) / batch;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Key, FileNode? Value)> SectionsFor(string? folder) =>
    [
        ("data", Data.ResolvedWith(folder is null ? $"sha256 {Data.Hash}" : Way(folder, Data.File))),
        .. ResolvedRest,
        ("start", Start?.ResolvedWith(folder is null ? $"sha256 {Start.Hash}" : Way(folder, Start.File))),
    ];

    // The shorter way is the better one: relative, so that the whole can be moved, unless that leads all the way up.
    private static string Way(string folder, string file)
    {
        string whole = Path.GetFullPath(file), relative = Path.GetRelativePath(Path.GetFullPath(folder), whole);
        return (relative.Length <= whole.Length ? relative : whole).Replace('\\', '/');
    }
}
