using System.Collections.Immutable;
using System.Globalization;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>Makes nodes of values, for files that the program itself writes.</summary>
internal static class NodeWriter
{
    private static readonly FilePlace Nowhere = new("written", 0, 0, string.Empty, new InputProblems());

    public static FileNode Text(string text) => FileNode.Scalar(Nowhere, text, isQuoted: true);

    /// <summary>A number, as short as it can be and still be that number.</summary>
    public static FileNode Number(double value) => Literal(ExactNumber.Show(value).Replace('E', 'e'));

    public static FileNode Integer(long value) => Literal(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A scalar that is read as what it looks like.</summary>
    public static FileNode Literal(string text) => FileNode.Scalar(Nowhere, text, isQuoted: false);

    public static FileNode List(params IEnumerable<FileNode> items) => FileNode.Sequence(Nowhere, [.. items]);

    /// <summary>A mapping; entries without a value are left out.</summary>
    public static FileNode Mapping(params IEnumerable<(string Key, FileNode? Value)> entries)
    {
        ImmutableArray<FileEntry> present = [.. entries.Where(e => e.Value is not null).Select(e => new FileEntry(e.Key, 0, 0, e.Value!))];
        return FileNode.Mapping(Nowhere, present);
    }
}
