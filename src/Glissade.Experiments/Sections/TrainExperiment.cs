using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Glissade.Experiments.Reading;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>An experiment of the kind <c>train</c>, read and checked: everything that decides its result.</summary>
internal sealed record TrainExperiment
{
    private const string Head = "# Every default written out and every change made; it runs as it stands.\n";
    private const string FingerprintLine = "# fingerprint ";

    /// <summary>Name, kind and seed.</summary>
    public required HeadSection Header { get; init; }

    /// <summary>The examples.</summary>
    public required DataSection Data { get; init; }

    /// <summary>The layers.</summary>
    public required NetworkSection Network { get; init; }

    /// <summary>What is made small.</summary>
    public required Loss Loss { get; init; }

    /// <summary>How parameters change.</summary>
    public required Chain Chain { get; init; }

    /// <summary>What average of them is kept; null for none.</summary>
    public ParameterAverage? Average { get; init; }

    /// <summary>What the run begins with; null for fresh weights.</summary>
    public StartSection? Start { get; init; }

    /// <summary>Epochs, batches and stopping.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The sections behind the data, written out.</summary>
    public required IReadOnlyList<(string Key, FileNode? Value)> ResolvedRest { get; init; }

    /// <summary>Steps of an epoch.</summary>
    public long StepsPerEpoch => StepsOf(Data.Data.Training.Count, Options.BatchSize);

    /// <summary>Tells runs apart: a hash of all that decides the result, the bytes of the data among it, but not of where the data stand.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body($"sha256 {Data.Hash}", $"sha256 {Start?.Hash}"))));

    /// <summary>Where the experiment is kept in the folder of a run.</summary>
    /// <param name="folder">The folder of the run.</param>
    public static string FileIn(string folder) => Path.Combine(folder, "experiment.yaml");

    /// <summary>The experiment as a file that runs as it stands.</summary>
    /// <param name="folder">The folder that the file will stand in.</param>
    public string ToYaml(string folder)
    {
        return $"{Head}{FingerprintLine}{Fingerprint}\n{Body(From(folder, Data.File), Start is null ? "" : From(folder, Start.File))}";
    }

    /// <summary>The fingerprint of the run in a folder; null where no run was begun.</summary>
    /// <param name="folder">The folder of the run.</param>
    public static string? FingerprintIn(string folder)
    {
        try
        {
            string? line = File.ReadLines(FileIn(folder)).FirstOrDefault(l => l.StartsWith(FingerprintLine, StringComparison.Ordinal));
            return line?[FingerprintLine.Length..].Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What is trained on what, on a line.</summary>
    public string Describe()
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

    private static string From(string folder, string file)
    {
        // The shorter way is the better one: relative, so that the whole can be moved, unless that leads all the way up.
        string whole = Path.GetFullPath(file), relative = Path.GetRelativePath(Path.GetFullPath(folder), whole);
        return (relative.Length <= whole.Length ? relative : whole).Replace('\\', '/');
    }

    private string Body(string dataFile, string startFile) =>
        NodeWriter.Mapping([.. Header.Resolved, ("data", Data.ResolvedWith(dataFile)), .. ResolvedRest, ("start", Start?.ResolvedWith(startFile))]).ToYaml();
}
