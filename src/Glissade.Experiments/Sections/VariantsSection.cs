using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Input;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>variants</c>: the same experiment with a few things changed, run one after another and shown side by side.</summary>
/// <remarks>
/// <code>
/// variants:
///   low:  { update.learning-rate: 0.001 }        # a way, as behind --set, and what stands there instead
///   high: { update.learning-rate: 1, steps: 50 } # a key of the file: the whole section
/// </code>
/// A variant is the file without this section and with its changes made, and is checked as strictly as a file. All have the file's seed unless one changes it.
/// </remarks>
internal static class VariantsSection
{
    /// <summary>The key of the section.</summary>
    public const string Key = "variants";

    // More curves than this no picture shows apart.
    private const int Least = 2, Most = 12;

    private static readonly string[] Fixed = ["name", "kind", Key];

    /// <summary>Reads a file's experiment, or each variant of it.</summary>
    /// <param name="root">The file.</param>
    /// <param name="read">Reads an experiment without variants.</param>
    /// <returns>The experiments, or null where something is wrong, which is noted.</returns>
    public static ExperimentSet? Read(FileNode root, Func<FileNode, Experiment?> read)
    {
        if (root.Find(Key) is not { } node)
        {
            return read(root) is { } one ? new ExperimentSet(one.Header, [new ExperimentVariant(string.Empty, one)]) : null;
        }

        FileEntry[] entries = [.. node.AsMapping("variants, each with its changes").Entries];
        if (node.Kind == FileNodeKind.Mapping && entries.Length is < Least or > Most)
        {
            node.Report(FormattableString.Invariant($"from {Least} to {Most} variants"), found: entries.Length == 1 ? "one variant" : FormattableString.Invariant($"{entries.Length} variants"));
        }

        CheckNames(entries);
        FileNode common = FileNode.Mapping(root.Place, root.Entries.RemoveAll(e => e.Key == Key));
        if (root.Problems.Any)
        {
            // Names or places are in doubt; what else is wrong with the file can be told all the same.
            read(common.NotingIn(root.Problems));
            return null;
        }

        var variants = ImmutableArray.CreateBuilder<ExperimentVariant>();
        foreach (FileEntry entry in entries)
        {
            if (ReadVariant(common, entry, read) is { } experiment)
            {
                variants.Add(new ExperimentVariant(entry.Key, experiment));
            }
        }

        if (root.Problems.Any)
        {
            return null;
        }

        string name = common.Find("name")!.Text;
        return new ExperimentSet(variants[0].Experiment.Header with { Name = name }, variants.ToImmutable());
    }

    /// <summary>Names become names of folders, which on some systems do not tell capitals from small letters.</summary>
    private static void CheckNames(FileEntry[] entries)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (FileEntry entry in entries)
        {
            (string Found, string Expected)? wrong =
                !HeadSection.IsFolderName(entry.Key) ? ($"'{FileNode.Short(entry.Key)}'", "a name that a folder can have: letters A–Z and a–z, digits, '-', '_' and '.', the first a letter or a digit")
                : !seen.Add(entry.Key) ? ($"the variant '{FileNode.Short(entry.Key)}' again, but for capitals", "each variant once")
                : null;
            if (wrong is { } problem)
            {
                entry.Value.Problems.Add(new InputProblem(entry.Value.Path, entry.Line, entry.Column, problem.Found, problem.Expected));
            }
        }
    }

    /// <summary>Problems of one reading would hide those of the next, as they are told apart by counting: each variant notes its own, and each is told once.</summary>
    private static Experiment? ReadVariant(FileNode common, FileEntry variant, Func<FileNode, Experiment?> read)
    {
        var problems = new InputProblems();
        FileNode root = common.NotingIn(problems);
        FileNode changes = variant.Value.NotingIn(problems);
        if (!changes.IsNothing)
        {
            foreach (FileEntry change in changes.AsMapping($"the changes of the variant '{FileNode.Short(variant.Key)}'").Entries)
            {
                root = Change(root, change);
            }
        }

        FileNode? name = root.Find("name");
        if (name is { Kind: FileNodeKind.Scalar, IsNothing: false })
        {
            FileNode full = FileNode.Scalar(name.Place, $"{name.Text}-{variant.Key}", isQuoted: true);
            root = FileNode.Mapping(root.Place, [.. root.Entries.Select(e => e.Key == "name" ? e with { Value = full } : e)]);
        }

        Experiment? experiment = null;
        try
        {
            experiment = root.Read(read);
        }
        catch (InputException fault)
        {
            foreach (InputProblem problem in fault.Problems)
            {
                common.Problems.Add(problem);
            }
        }

        return experiment;
    }

    private static FileNode Change(FileNode root, FileEntry change)
    {
        string first = change.Key.Split('.', '[')[0];
        if (Fixed.Contains(first))
        {
            root.Problems.Add(new InputProblem(
                change.Value.Path, change.Line, change.Column, $"'{first}' in a variant", "a key that may differ: all variants are of one kind, and are named by the file's name and their own"));
            return root;
        }

        return FileOverride.Apply(root, change);
    }
}
