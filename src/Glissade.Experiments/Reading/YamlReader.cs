using System.Collections.Immutable;
using Glissade.Input;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Glissade.Experiments.Reading;

/// <summary>Builds the tree from the parser's events. Whatever is wrong with the YAML itself ends the reading.</summary>
/// <remarks>
/// Anchors, aliases, merge keys and tags are refused: an experiment says everything where it stands, so that what a line means can be seen on it,
/// and no small file can unfold into a huge one.
/// </remarks>
internal sealed class YamlReader
{
    /// <summary>How deep a tree may be: far beyond any use, far below what would exhaust the stack.</summary>
    public const int DepthLimit = 64;

    /// <summary>How long a key may be; YAML itself allows 1,024 characters.</summary>
    public const int KeyLimit = 200;

    private readonly Parser _parser;
    private readonly FilePlace _origin;
    private readonly string _text;
    private ParsingEvent? _last;

    private YamlReader(string text, FilePlace origin)
    {
        _text = text;
        _origin = origin;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The tree of a whole text, or null where the text holds nothing.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="origin">Where the tree stands. With line 0 every node gets line 0: an argument has no lines.</param>
    /// <param name="depth">How deep in a tree the text stands.</param>
    /// <exception cref="InputException">It is not YAML of the kind that is supported.</exception>
    public static FileNode? Read(string text, FilePlace origin, int depth = 0) => new YamlReader(text, origin).Document(depth);

    private FileNode? Document(int depth)
    {
        Next();
        if (Next() is not DocumentStart)
        {
            return null;
        }

        FileNode root = Node(Next(), _origin, depth);
        Next();
        if (Next() is DocumentStart second)
        {
            throw Wrong(second, "a second document", "one document per file");
        }

        return root;
    }

    private FileNode Node(ParsingEvent start, FilePlace place, int depth)
    {
        RefuseExtras(start);
        if (depth > DepthLimit)
        {
            throw Wrong(start, $"more than {DepthLimit} levels of nesting", "a flatter file");
        }

        FilePlace here = At(start, place);
        return start switch
        {
            Scalar scalar => FileNode.Scalar(here, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)),
            SequenceStart => Sequence(here, depth),
            MappingStart => Mapping(here, depth),
            _ => throw Wrong(start, "the end of the text", "a value"),
        };
    }

    private FileNode Sequence(FilePlace place, int depth)
    {
        var items = ImmutableArray.CreateBuilder<FileNode>();
        for (ParsingEvent next = Next(); next is not SequenceEnd; next = Next())
        {
            items.Add(Node(next, place.Item(items.Count), depth + 1));
        }

        return FileNode.Sequence(place, items.ToImmutable());
    }

    private FileNode Mapping(FilePlace place, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<FileEntry>();
        var lines = new Dictionary<string, FilePlace>(StringComparer.Ordinal);
        for (ParsingEvent next = Next(); next is not MappingEnd; next = Next())
        {
            RefuseExtras(next);
            if (next is not Scalar { Value: var key } || key.Length > KeyLimit)
            {
                throw Wrong(next, next is Scalar ? $"a key of more than {KeyLimit} characters" : "a list or mapping as a key", "a word as a key");
            }

            if (key == "<<")
            {
                throw Wrong(next, "a merge key '<<'", "the keys themselves; merging is not supported");
            }

            FilePlace keyPlace = At(next, place);
            FileNode value = Node(Next(), place.Key(key), depth + 1);
            if (lines.TryGetValue(key, out FilePlace? first))
            {
                string where = first.Line > 0 ? $" (it stands on line {first.Line} already)" : string.Empty;
                place.Problems.Add(new InputProblem(place.Path, keyPlace.Line, keyPlace.Column, $"the key '{FileNode.Short(key)}' again", $"each key once{where}"));
                continue;
            }

            lines.Add(key, keyPlace);
            entries.Add(new FileEntry(key, keyPlace.Line, keyPlace.Column, value));
        }

        return FileNode.Mapping(place, entries.ToImmutable());
    }

    private void RefuseExtras(ParsingEvent start)
    {
        if (start is AnchorAlias alias)
        {
            throw Wrong(start, $"the alias '*{FileNode.Short(alias.Value.Value)}'", "the value itself; aliases are not supported");
        }

        if (start is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            throw Wrong(start, $"the anchor '&{FileNode.Short(anchored.Anchor.Value)}'", "a plain value; anchors are not supported");
        }

        if (start is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } tag })
        {
            throw Wrong(start, $"the tag '{FileNode.Short(tag.Value)}'", "a plain value; tags are not supported");
        }
    }

    private ParsingEvent Next()
    {
        try
        {
            if (_parser.MoveNext() && _parser.Current is { } next)
            {
                _last = next;
                return next;
            }
        }
        catch (YamlException error)
        {
            throw Syntax(error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException or KeyNotFoundException)
        {
            // The parser's way of stumbling over some texts that break off within brackets or escapes.
            throw Broken("the text breaks off within a list, a mapping or quotes", error);
        }

        throw Broken("the text ends too early", null);
    }

    private InputException Syntax(YamlException error)
    {
        int line = (int)error.Start.Line;
        if (_origin.Line > 0 && TabLine(line) is { } tab)
        {
            return new InputException(_origin.Problems, new InputProblem(_origin.Path, tab.Line, tab.Column, "a tab in the indentation", "spaces"), error);
        }

        string message = error.Message.Trim().TrimEnd('.');
        return new InputException(
            _origin.Problems,
            new InputProblem(_origin.Path, LineOf(line), LineOf((int)error.Start.Column), $"not valid YAML: {FileNode.Short(char.ToLowerInvariant(message[0]) + message[1..], 160)}"),
            error);
    }

    private InputException Broken(string statement, Exception? cause)
        => new(_origin.Problems, new InputProblem(_origin.Path, LineOf((int)(_last?.End.Line ?? 1)), LineOf((int)(_last?.End.Column ?? 1)), $"not valid YAML: {statement}"), cause);

    private InputException Wrong(ParsingEvent at, string found, string expected)
        => new(_origin.Problems, new InputProblem(_origin.Path, LineOf((int)at.Start.Line), LineOf((int)at.Start.Column), found, expected));

    private FilePlace At(ParsingEvent start, FilePlace place)
        => place with { Line = LineOf((int)start.Start.Line), Column = LineOf((int)start.Start.Column) };

    /// <summary>A line or column as it is told: none for an argument.</summary>
    private int LineOf(int number) => _origin.Line > 0 ? number : 0;

    /// <summary>The first tab among the spaces that begin the failing line or a later one; parsers often give the line before.</summary>
    private (int Line, int Column)? TabLine(int from)
    {
        string[] lines = _text.Split('\n');
        for (int i = Math.Max(0, from - 1); i < Math.Min(lines.Length, from + 2); i++)
        {
            int tab = lines[i].IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && lines[i].AsSpan(0, tab).Trim(' ').IsEmpty)
            {
                return (i + 1, tab + 1);
            }
        }

        return null;
    }
}
