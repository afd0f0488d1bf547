using System.Security.Cryptography;
using System.Text;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>An experiment, read and checked: everything that decides its result.</summary>
internal abstract record Experiment
{
    /// <summary>Name, kind and seed.</summary>
    public required HeadSection Header { get; init; }

    /// <summary>How parameters change.</summary>
    public required Chain Chain { get; init; }

    /// <summary>What average of them is evaluated, and kept, instead of them; null for none.</summary>
    public ParameterAverage? Average { get; init; }

    /// <summary>Tells runs apart: a hash of all that decides the result, the bytes of the data among it, but not of where the data stand.</summary>
    public string Fingerprint => ExperimentText.FingerprintOf(Body(null));

    /// <summary>The experiment as a file that runs as it stands.</summary>
    /// <param name="folder">The folder that the file will stand in.</param>
    public string ToYaml(string folder) => ExperimentText.Whole(Fingerprint, Body(folder));

    /// <summary>What is done, on a line.</summary>
    public abstract string Describe();

    /// <summary>The sections behind the head, written out.</summary>
    /// <param name="folder">The folder that the file will stand in, from which it names its data; null to name the data by what is in them.</param>
    public abstract IReadOnlyList<(string Key, FileNode? Value)> SectionsFor(string? folder);

    private string Body(string? folder) => NodeWriter.Mapping([.. Header.Resolved, .. SectionsFor(folder)]).ToYaml();
}

/// <summary>An experiment as it is kept in the folder of a run.</summary>
internal static class ExperimentText
{
    private const string Head = "# Every default written out and every change made; it runs as it stands.\n";
    private const string FingerprintLine = "# fingerprint ";

    /// <summary>Where the experiment is kept in the folder of a run.</summary>
    /// <param name="folder">The folder of the run.</param>
    public static string FileIn(string folder) => Path.Combine(folder, "experiment.yaml");

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

    /// <summary>A hash of what an experiment says.</summary>
    public static string FingerprintOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    /// <summary>The text of the file.</summary>
    public static string Whole(string fingerprint, string body) => $"{Head}{FingerprintLine}{fingerprint}\n{body}";
}
