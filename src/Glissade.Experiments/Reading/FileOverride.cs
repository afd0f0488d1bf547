using System.Collections.Immutable;
using System.Globalization;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>Changes to a tree from the command line: <c>--set update.adam.beta1=0.8</c>.</summary>
/// <remarks>
/// The way leads over keys and list indices, <c>update[2].learning-rate</c>, and in a list of choices also over a keyword, <c>update.adam.beta1</c>.
/// Every step but the last must exist, a section of the file excepted; the last may be a new key of a mapping, which the reader of that section accepts or rejects. The value is
/// YAML: a scalar, or a list or mapping in brackets.
/// </remarks>
public static class FileOverride
{
    /// <summary>Makes changes, in order.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="assignments">Each <c>way=value</c>.</param>
    /// <returns>The changed tree; what cannot be changed is noted in its <see cref="FileNode.Problems"/>, and left.</returns>
    public static FileNode Apply(FileNode root, IEnumerable<string> assignments)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(assignments);
        foreach (string assignment in assignments)
        {
            var origin = new FilePlace($"--set {FileNode.Short(assignment, 200)}", 0, 0, string.Empty, root.Problems);
            try
            {
                root = Apply(root, assignment, origin);
            }
            catch (WayException error)
            {
                root.Problems.Add(new InputProblem(origin.Path, error.Message, suggestion: error.Suggestion));
            }
        }

        return root;
    }

    /// <summary>Puts a node where a way leads, as <see cref="Apply(FileNode, IEnumerable{string})"/> puts the value of an assignment.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="entry">The way as a key, and the node.</param>
    /// <returns>The changed tree; a way that leads nowhere is noted at its key, and the tree then left as it was.</returns>
    internal static FileNode Apply(FileNode root, FileEntry entry)
    {
        try
        {
            return Changed(root, Way(entry.Key).AsSpan(), (_, _) => entry.Value, entry.Value.Place with { Line = entry.Line, Column = entry.Column }, 0);
        }
        catch (WayException error)
        {
            root.Problems.Add(new InputProblem(entry.Value.Path, entry.Line, entry.Column, error.Message, Suggestion: error.Suggestion));
            return root;
        }
    }

    private static FileNode Apply(FileNode root, string assignment, FilePlace origin)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals == 0)
        {
            throw new WayException("no way before '='; write a way, '=' and a value, such as update.adam.beta1=0.8");
        }

        if (equals < 0)
        {
            throw new WayException("no value; write a way, '=' and a value, such as update.adam.beta1=0.8");
        }

        ImmutableArray<object> way = Way(assignment[..equals].Trim());
        return Changed(root, way.AsSpan(), (place, depth) => Value(assignment[(equals + 1)..], place, depth), origin, 0);
    }

    private static FileNode Value(string text, FilePlace place, int depth)
    {
        try
        {
            return YamlReader.Read(text, place, depth) ?? FileNode.Scalar(place, string.Empty, isQuoted: false);
        }
        catch (InputException error)
        {
            InputProblem problem = error.Problems[^1];
            throw new WayException(problem.Expected is null ? $"the value is {problem.Found}" : $"the value has {problem.Found}, expected {problem.Expected}");
        }
    }

    /// <summary>Cuts <c>a[2].b</c> into "a", 2, "b".</summary>
    private static ImmutableArray<object> Way(string written)
    {
        var way = ImmutableArray.CreateBuilder<object>();
        foreach (string part in written.Split('.'))
        {
            string[] pieces = part.Split('[');
            if (pieces[0].Length is 0 or > YamlReader.KeyLimit || pieces[0] == "<<")
            {
                throw new WayException($"'{FileNode.Short(written)}' is not a way; write keys with dots and indices in brackets, such as update[2].factor");
            }

            way.Add(pieces[0]);
            foreach (string index in pieces.Skip(1))
            {
                if (!index.EndsWith(']') || !int.TryParse(index.AsSpan(0, index.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                {
                    throw new WayException($"'[{FileNode.Short(index)}' is not an index; write a whole number in brackets, the first item being [0]");
                }

                way.Add(number);
            }
        }

        return way.Count <= YamlReader.DepthLimit ? way.ToImmutable() : throw new WayException($"the way has more than {YamlReader.DepthLimit} parts");
    }

    private static FileNode Changed(FileNode node, ReadOnlySpan<object> way, Func<FilePlace, int, FileNode> value, FilePlace origin, int depth)
    {
        if (way.IsEmpty)
        {
            return value(origin with { Address = node.Address }, depth);
        }

        return way[0] is int index ? ChangedItem(node, index, way, value, origin, depth) : ChangedKey(node, (string)way[0], way, value, origin, depth);
    }

    private static FileNode ChangedItem(FileNode node, int index, ReadOnlySpan<object> way, Func<FilePlace, int, FileNode> value, FilePlace origin, int depth)
    {
        if (node.Kind != FileNodeKind.Sequence)
        {
            throw new WayException($"{Name(node)} is {node.Describe()}, not a list");
        }

        if (index >= node.Items.Length)
        {
            throw new WayException($"no item [{index}] in {Name(node)}, which has {(node.Items.IsEmpty ? "none" : $"[0] to [{node.Items.Length - 1}]")}");
        }

        return FileNode.Sequence(node.Place, node.Items.SetItem(index, Changed(node.Items[index], way[1..], value, origin, depth + 1)));
    }

    private static FileNode ChangedKey(FileNode node, string key, ReadOnlySpan<object> way, Func<FilePlace, int, FileNode> value, FilePlace origin, int depth)
    {
        switch (node.Kind)
        {
            case FileNodeKind.Sequence:
                return ChangedItem(node, ItemOf(node, key), [0, .. way], value, origin, depth);

            // A bare word is a choice with nothing to say about it yet, and an empty value a mapping without keys yet.
            case FileNodeKind.Scalar when !node.IsLiteral && node.Text == key:
                return ChangedKey(FileNode.Mapping(node.Place, [new FileEntry(key, node.Line, node.Column, Nothing(node.Place.Key(key)))]), key, way, value, origin, depth);
            case FileNodeKind.Scalar when node.IsNothing:
                return ChangedKey(FileNode.Mapping(node.Place, []), key, way, value, origin, depth);
            case FileNodeKind.Mapping:
                break;
            default:
                throw new WayException($"{Name(node)} is {node.Describe()}, and has no '{FileNode.Short(key)}'");
        }

        if (node.Find(key) is { } existing)
        {
            FileEntry old = node.Entries.First(e => e.Key == key);
            return FileNode.Mapping(node.Place, node.Entries.Replace(old, old with { Value = Changed(existing, way[1..], value, origin, depth + 1) }));
        }

        // A section that the file does not have begins empty; whether there is such a section is for the reader to say.
        bool isNewSection = node.Address.Length == 0 && way.Length > 1 && way[1] is string && NearestName.Find(key, node.Entries.Select(e => e.Key)) is null;
        if (isNewSection)
        {
            FileNode section = FileNode.Mapping(origin with { Address = node.Place.Key(key).Address }, []);
            return FileNode.Mapping(node.Place, node.Entries.Add(new FileEntry(key, origin.Line, origin.Column, Changed(section, way[1..], value, origin, depth + 1))));
        }

        if (way.Length > 1)
        {
            throw Lacking(node, key, node.Entries.Select(e => e.Key));
        }

        return FileNode.Mapping(node.Place, node.Entries.Add(new FileEntry(key, origin.Line, origin.Column, value(origin with { Address = node.Place.Key(key).Address }, depth + 1))));
    }

    /// <summary>The item of a list whose keyword this is.</summary>
    private static int ItemOf(FileNode list, string keyword)
    {
        int[] matches = [.. Enumerable.Range(0, list.Items.Length).Where(i => Keyword(list.Items[i]) == keyword)];
        return matches.Length switch
        {
            1 => matches[0],
            0 => throw Lacking(list, keyword, list.Items.Select(Keyword).OfType<string>()),
            _ => throw new WayException($"{matches.Length} '{keyword}' in {Name(list)}; say which, {string.Join(" or ", matches.Select(i => $"{list.Address}[{i}]"))}"),
        };
    }

    private static string? Keyword(FileNode item) => item.Kind switch
    {
        FileNodeKind.Mapping when item.Entries.Length > 0 => item.Entries[0].Key,
        FileNodeKind.Scalar when !item.IsLiteral => item.Text,
        _ => null,
    };

    private static FileNode Nothing(FilePlace place) => FileNode.Scalar(place, string.Empty, isQuoted: false);

    private static string Name(FileNode node) => node.Address.Length > 0 ? FileNode.Short(node.Address) : "the file";

    private static WayException Lacking(FileNode node, string key, IEnumerable<string> there)
        => new($"no '{FileNode.Short(key)}' in {Name(node)}", NearestName.Find(key, there));

    /// <summary>A way that leads nowhere; never leaves this class.</summary>
    private sealed class WayException(string message, string? suggestion = null) : Exception(message)
    {
        public string? Suggestion { get; } = suggestion;
    }
}
