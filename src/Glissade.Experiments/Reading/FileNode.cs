using System.Collections.Immutable;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>What a <see cref="FileNode"/> is.</summary>
public enum FileNodeKind
{
    /// <summary>Keys with values.</summary>
    Mapping,

    /// <summary>A list.</summary>
    Sequence,

    /// <summary>A word, a number, nothing.</summary>
    Scalar,

    /// <summary>Stands for a required node that was not there, so that reading can go on: whatever is asked of it, it answers without complaint.</summary>
    Absent,
}

/// <summary>One entry of a mapping.</summary>
/// <param name="Key">The key.</param>
/// <param name="Line">Line of the key, from 1; 0 where it comes from the command line.</param>
/// <param name="Column">Column of the key, from 1; 0 where it comes from the command line.</param>
/// <param name="Value">The value.</param>
public sealed record FileEntry(string Key, int Line, int Column, FileNode Value);

/// <summary>A piece of an experiment file, which knows where it stands.</summary>
/// <remarks>
/// The tree itself never changes. The questions that its nodes answer (<see cref="AsNumber(NumberRange)"/> and the rest) note what is wrong in
/// <see cref="Problems"/>, which the whole tree shares, and answer with something usable, so that one reading finds every problem. A tree
/// belongs to one thread.
/// </remarks>
public sealed partial class FileNode
{
    private FileNode(FileNodeKind kind, FilePlace place)
    {
        Kind = kind;
        Place = place;
    }

    /// <summary>What it is.</summary>
    public FileNodeKind Kind { get; }

    /// <summary>The file as it was named, or the command-line argument that brought this node.</summary>
    public string Path => Place.Path;

    /// <summary>Line in the file, from 1; 0 where the node comes from the command line.</summary>
    public int Line => Place.Line;

    /// <summary>Column in the line, from 1; 0 where the node comes from the command line.</summary>
    public int Column => Place.Column;

    /// <summary>The way from the root, such as <c>update[1].adam.beta1</c>; empty for the root.</summary>
    public string Address => Place.Address;

    /// <summary>What is wrong so far with the tree that this node belongs to.</summary>
    public InputProblems Problems => Place.Problems;

    /// <summary>The text of a scalar; empty for the others.</summary>
    public string Text { get; private init; } = string.Empty;

    /// <summary>Whether a scalar stands in quotes, or as a block of text, so that it is text whatever it looks like.</summary>
    public bool IsQuoted { get; private init; }

    /// <summary>The items of a sequence; empty for the others.</summary>
    public ImmutableArray<FileNode> Items { get; private init; } = [];

    /// <summary>The entries of a mapping in the order of the file; empty for the others.</summary>
    public ImmutableArray<FileEntry> Entries { get; private init; } = [];

    /// <summary>Whether it is an unquoted scalar that stands for nothing: empty, <c>~</c> or <c>null</c>.</summary>
    public bool IsNothing => Kind == FileNodeKind.Scalar && !IsQuoted && ScalarText.IsNothing(Text);

    internal FilePlace Place { get; }

    internal static FileNode Scalar(FilePlace place, string text, bool isQuoted) => new(FileNodeKind.Scalar, place) { Text = text, IsQuoted = isQuoted };

    internal static FileNode Sequence(FilePlace place, ImmutableArray<FileNode> items) => new(FileNodeKind.Sequence, place) { Items = items };

    internal static FileNode Mapping(FilePlace place, ImmutableArray<FileEntry> entries) => new(FileNodeKind.Mapping, place) { Entries = entries };

    internal static FileNode Absent(FilePlace place) => new(FileNodeKind.Absent, place);

    /// <summary>The value of a key of a mapping, or null.</summary>
    /// <param name="key">The key.</param>
    public FileNode? Find(string key)
    {
        foreach (FileEntry entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry.Value;
            }
        }

        return null;
    }

    /// <summary>Whether another tree says the same: equal keys in equal order, equal scalars. Places and needless quotes do not matter.</summary>
    /// <param name="other">The other tree.</param>
    public bool SaysTheSameAs(FileNode other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind == other.Kind
            && (IsNothing ? other.IsNothing : Text == other.Text)
            && IsLiteral == other.IsLiteral
            && Items.Length == other.Items.Length
            && Entries.Length == other.Entries.Length
            && Items.Zip(other.Items).All(pair => pair.First.SaysTheSameAs(pair.Second))
            && Entries.Zip(other.Entries).All(pair => pair.First.Key == pair.Second.Key && pair.First.Value.SaysTheSameAs(pair.Second.Value));
    }

    /// <summary>The tree as YAML text: always the same for the same tree, keys in their order, and read back an equal tree.</summary>
    /// <remarks>Comments are not kept; they are not part of the tree.</remarks>
    public string ToYaml() => YamlWriter.Write(this);

    /// <summary>Runs a reader over this tree and throws whatever it finds wrong, all at once.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="reader">Asks the nodes; what it makes may rest on stand-ins once something is wrong, and is then thrown away.</param>
    /// <exception cref="InputException">Something is wrong.</exception>
    public T Read<T>(Func<FileNode, T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        T result;
        try
        {
            result = reader(this);
        }
        catch (ArgumentException consequence) when (Problems.Any)
        {
            // A constructor refused a stand-in: the problems already noted are the cause.
            throw Problems.Exception(isCutShort: false, consequence);
        }

        Problems.ThrowIfAny();
        return result;
    }

    /// <summary>The same tree, but what is wrong with it is noted elsewhere.</summary>
    /// <param name="problems">Where.</param>
    internal FileNode NotingIn(InputProblems problems)
    {
        FilePlace place = Place with { Problems = problems };
        return Kind switch
        {
            FileNodeKind.Sequence => Sequence(place, [.. Items.Select(item => item.NotingIn(problems))]),
            FileNodeKind.Mapping => Mapping(place, [.. Entries.Select(entry => entry with { Value = entry.Value.NotingIn(problems) })]),
            FileNodeKind.Scalar => Scalar(place, Text, IsQuoted),
            _ => Absent(place),
        };
    }

    /// <summary>Its address, path and line, for debugging.</summary>
    public override string ToString() => $"{(Address.Length > 0 ? Address : "the file")} ({Path}:{Line}:{Column})";

    /// <summary>Whether it is an unquoted scalar that stands for a number, true, false or nothing.</summary>
    internal bool IsLiteral => Kind == FileNodeKind.Scalar && !IsQuoted && ScalarText.IsLiteral(Text);
}
