using System.Collections.Immutable;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>A mapping while it is read: it remembers which keys were asked for, and so which keys are right.</summary>
public sealed class FileMapping
{
    private readonly List<string> _known = [];

    internal FileMapping(FileNode node) => Node = node;

    /// <summary>The node that is read.</summary>
    public FileNode Node { get; }

    /// <summary>Its entries in the order of the file, for mappings whose keys are free.</summary>
    public ImmutableArray<FileEntry> Entries => Node.Entries;

    /// <summary>The value of a key that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value; where it is lacking, which is noted, a node that answers every question without complaint.</returns>
    public FileNode Required(string key)
    {
        if (Optional(key) is { } value)
        {
            return value;
        }

        if (Node.Kind == FileNodeKind.Mapping)
        {
            Node.Report($"the required key '{key}'", found: $"no '{key}'{In}");
        }

        return FileNode.Absent(Node.Place.Key(key));
    }

    /// <summary>The value of a key that may be there, or null.</summary>
    /// <param name="key">The key.</param>
    public FileNode? Optional(string key)
    {
        if (!_known.Contains(key))
        {
            _known.Add(key);
        }

        return Node.Find(key);
    }

    /// <summary>The value of a key that may be there, or null where it is not, or stands for nothing.</summary>
    /// <param name="key">The key.</param>
    public FileNode? Present(string key) => Optional(key) is { IsNothing: false } node ? node : null;

    /// <summary>Notes every key that nobody has asked for. Call it after the last <see cref="Required"/> and <see cref="Optional"/>.</summary>
    /// <param name="alsoRight">Keys that nobody asks for here and that are right all the same.</param>
    public void RejectUnknownKeys(params ReadOnlySpan<string> alsoRight)
    {
        _known.AddRange(alsoRight);
        foreach (FileEntry entry in Entries.Where(e => !_known.Contains(e.Key)))
        {
            Node.Problems.Add(new InputProblem(
                entry.Value.Path,
                entry.Line,
                entry.Column,
                $"unknown key '{FileNode.Short(entry.Key)}'{In}",
                _known.Count == 0 ? "no keys" : FileNode.OneOf(_known),
                NearestName.Find(entry.Key, _known)));
        }
    }

    private string In => Node.Place.Name is { } name ? $" in {name}" : string.Empty;
}
