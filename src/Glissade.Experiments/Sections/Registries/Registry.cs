using System.Collections.Immutable;
using Glissade.Experiments.Catalog;
using Glissade.Experiments.Reading;
using Glissade.Input;

namespace Glissade.Experiments.Sections;

/// <summary>Something that an experiment file can name: how it is listed, and how it is read and made.</summary>
/// <typeparam name="T">What is made.</typeparam>
/// <param name="Key">Its keyword.</param>
/// <param name="Formula">Its formula, on one line.</param>
/// <param name="Source">Where it comes from; empty if it is common knowledge.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Make">Makes it of the values of its parameters.</param>
internal sealed record RegistryEntry<T>(string Key, string Formula, string Source, ImmutableArray<SectionParameter> Parameters, Func<SectionValues, T> Make)
    where T : class
{
    /// <summary>The parameter that may stand right behind the keyword, as in <c>dense: 128</c>; null for none.</summary>
    public SectionParameter? Main { get; init; }
}

/// <summary>What was read of one item.</summary>
/// <param name="Value">The thing, or null where something is wrong, which is noted.</param>
/// <param name="Values">The values of its parameters.</param>
/// <param name="Resolved">It as it stands in a file with every default written out.</param>
internal sealed record RegistryItem<T>(T? Value, SectionValues Values, FileNode Resolved)
    where T : class;

/// <summary>All of one kind that an experiment file can name. The reader and the list shown to people both come from here, so they cannot disagree.</summary>
/// <remarks>
/// Written as <c>adam</c>, <c>dense: 128</c>, <c>weight-decay: { rate: 0.01, except: "*.bias" }</c> or, with the main parameter behind the keyword and the others
/// beside it, <c>{ weight-decay: 0.01, except: "*.bias" }</c>. Immutable; free to share between threads.
/// </remarks>
internal sealed class Registry<T>(string name, string summary, ImmutableArray<RegistryEntry<T>> entries)
    where T : class
{
    private readonly string[] _keys = [.. entries.Select(e => e.Key)];

    /// <summary>Parameters that everything of the kind has, told once in the summary.</summary>
    public ImmutableArray<SectionParameter> Common { get; init; } = [];

    /// <summary>How the kind is listed.</summary>
    public CatalogSection ToCatalog() =>
        new(name, summary, [.. entries.Select(e => new CatalogEntry(e.Key, e.Formula, string.Join(", ", e.Parameters), e.Source))]);

    /// <summary>Reads one of the kind.</summary>
    /// <param name="node">The node.</param>
    /// <param name="context">How long an epoch and the run are.</param>
    /// <returns>The item, or null where its keyword is not known, which is noted.</returns>
    public RegistryItem<T>? Read(FileNode node, ScheduleContext context)
    {
        if (Find(node) is not { } entry)
        {
            return null;
        }

        int problems = node.Problems.Count;
        var values = new SectionValues();
        // A bare word is a keyword with nothing behind it.
        FileMapping beside = (node.Kind == FileNodeKind.Mapping ? node : Empty(node.Place.Key(entry.Key))).AsMapping("a choice");
        FileNode? argument = beside.Optional(entry.Key) is { IsNothing: false } written ? written : null;
        bool isInside = argument is { Kind: FileNodeKind.Mapping } && !IsScheduleOfMain(entry, argument);
        FileNode? main = isInside ? null : argument;
        if (main is not null && entry.Main is null)
        {
            main.Report(entry.Parameters.IsEmpty ? $"'{entry.Key}' alone: it has no parameters" : $"a mapping with parameters of '{entry.Key}': {string.Join(", ", entry.Parameters)}");
        }

        FileMapping from = isInside ? argument!.AsMapping("parameters") : beside;
        foreach (SectionParameter parameter in entry.Parameters.AddRange(Common))
        {
            FileNode? value = main is not null && parameter == entry.Main ? main : from.Optional(parameter.Name);
            value ??= parameter.DefaultAt(node.Place.Key(parameter.Name));
            value ??= parameter.IsOptional ? null : from.Required(parameter.Name);
            if (value is not null)
            {
                values.Read(parameter, value, context);
            }
        }

        from.RejectUnknownKeys();
        if (isInside)
        {
            beside.RejectUnknownKeys();
        }

        T? made = node.Problems.Count == problems ? node.Make(() => entry.Make(values), problems) : null;
        FileNode parameters = values.Resolved;
        return new RegistryItem<T>(made, values, parameters.Entries.IsEmpty ? NodeWriter.Text(entry.Key) : NodeWriter.Mapping((entry.Key, parameters)));
    }

    private RegistryEntry<T>? Find(FileNode node)
    {
        string[] words = node.Kind switch
        {
            FileNodeKind.Scalar when !node.IsNothing => [node.Text],
            FileNodeKind.Mapping => [.. node.Entries.Select(e => e.Key)],
            _ => [],
        };
        string[] known = [.. words.Where(_keys.Contains)];
        if (known.Length == 1)
        {
            return entries.First(e => e.Key == known[0]);
        }

        if (known.Length > 1)
        {
            node.Report("one of them; a list has one on each line", found: $"{string.Join(" and ", known)} in one item");
        }
        else
        {
            node.Report(FileNode.OneOf(_keys), words.Length == 0 ? null : NearestName.Find(words[0], _keys), words.Length == 0 ? null : $"'{FileNode.Short(words[0])}'");
        }

        return null;
    }

    /// <summary>Whether a mapping behind the keyword is the schedule of the main parameter, and not the parameters.</summary>
    private bool IsScheduleOfMain(RegistryEntry<T> entry, FileNode argument)
    {
        if (entry.Main is not { Kind: ParameterKind.Schedule })
        {
            return false;
        }

        string[] keys = [.. argument.Entries.Select(e => e.Key)];
        return keys.Any(key => ScheduleCatalog.Find(key) is not null)
            || (keys.Length > 0 && !keys.Any(key => entry.Parameters.AddRange(Common).Any(p => p.Name == key)) && NearestName.Find(keys[0], ScheduleCatalog.Keys) is not null);
    }

    private static FileNode Empty(FilePlace place) => FileNode.Mapping(place, []);
}
