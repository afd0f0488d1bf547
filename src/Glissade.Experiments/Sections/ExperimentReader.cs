using System.Globalization;
using Glissade.Experiments.Reading;
using Glissade.Experiments.Running;
using Glissade.Input;

namespace Glissade.Experiments.Sections;

/// <summary>Reads an experiment file whole, the data it names included, and tells all that is wrong at once.</summary>
internal static class ExperimentReader
{
    /// <summary>Reads an experiment, or a set of variants of one.</summary>
    /// <param name="request">The file and the changes to it.</param>
    /// <exception cref="InputException">Something is wrong.</exception>
    public static ExperimentSet Read(RunRequest request)
    {
        string[] seed = request.Seed is { } number ? [string.Create(CultureInfo.InvariantCulture, $"seed={number}")] : [];
        string folder = Path.GetDirectoryName(request.File) ?? string.Empty;
        return InputFile.Read(request.File, request.Assignments.Concat(seed), root => VariantsSection.Read(root, one => ReadOne(one, folder)))!;
    }

    private static Experiment? ReadOne(FileNode root, string folder)
    {
        FileMapping map = root.AsMapping("an experiment");
        HeadSection header = HeadSection.Read(map);
        return header.Kind == HeadSection.Minimize ? MinimizeReader.Read(map, header) : TrainReader.Read(map, header, folder);
    }
}
