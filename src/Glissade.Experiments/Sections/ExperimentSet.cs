using System.Collections.Immutable;
using Glissade.Experiments.Reading;

namespace Glissade.Experiments.Sections;

/// <summary>A variant of an experiment.</summary>
/// <param name="Name">Its name, which is also that of its folder below that of the run.</param>
/// <param name="Experiment">What is run.</param>
internal sealed record ExperimentVariant(string Name, Experiment Experiment);

/// <summary>What an experiment file says: one experiment, or variants of one that are shown side by side.</summary>
/// <param name="Header">Name, kind and seed of the file.</param>
/// <param name="Variants">The variants, in the order of the file; for a file without any, one without a name.</param>
internal sealed record ExperimentSet(HeadSection Header, ImmutableArray<ExperimentVariant> Variants)
{
    /// <summary>The one experiment; null where there are variants.</summary>
    public Experiment? Single => Variants is [{ Name.Length: 0 } only] ? only.Experiment : null;

    /// <summary>Tells runs apart, as <see cref="Experiment.Fingerprint"/>.</summary>
    public string Fingerprint => Single?.Fingerprint ?? ExperimentText.FingerprintOf(Body(null));

    /// <summary>The file as it runs where it stands: what all variants share once, and under each variant what is its own.</summary>
    /// <param name="folder">The folder that the file will stand in.</param>
    public string ToYaml(string folder) => Single?.ToYaml(folder) ?? ExperimentText.Whole(Fingerprint, Body(folder));

    private string Body(string? folder)
    {
        List<(string Key, FileNode? Value)>[] all = [.. Variants.Select(v => Sections(v.Experiment, folder))];
        string[] keys = [.. all.SelectMany(sections => sections.Select(s => s.Key)).Distinct()];
        string[] shared = [.. keys.Where(key => all.All(sections => Same(Find(sections, key), Find(all[0], key))))];
        IEnumerable<(string, FileNode?)> common = all[0].Where(section => shared.Contains(section.Key));
        FileNode own = NodeWriter.Mapping(Variants.Zip(all, (variant, sections) => (variant.Name, (FileNode?)NodeWriter.Mapping(sections.Where(s => !shared.Contains(s.Key))))));
        return NodeWriter.Mapping([("name", NodeWriter.Text(Header.Name)), ("kind", NodeWriter.Text(Header.Kind)), .. common, (VariantsSection.Key, own)]).ToYaml();
    }

    // Of the head only the seed may differ: the names are made of the file's name and the variant's.
    private static List<(string Key, FileNode? Value)> Sections(Experiment experiment, string? folder) =>
        [.. experiment.Header.Resolved.Where(s => s.Key == "seed"), .. experiment.SectionsFor(folder)];

    private static FileNode? Find(List<(string Key, FileNode? Value)> sections, string key) => sections.Find(s => s.Key == key).Value;

    private static bool Same(FileNode? one, FileNode? other) => one is null || other is null ? one is null && other is null : one.SaysTheSameAs(other);
}
