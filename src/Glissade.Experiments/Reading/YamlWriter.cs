using System.Globalization;
using System.Text;

namespace Glissade.Experiments.Reading;

/// <summary>Writes a tree as YAML in one fixed style: blocks, two spaces a level, short lists of plain values on one line, quotes only where needed.</summary>
internal static class YamlWriter
{
    private const int LineWidth = 80;

    public static string Write(FileNode root)
    {
        var text = new StringBuilder();
        Block(text, root, indent: 0);
        return text.ToString();
    }

    /// <summary>Writes a node whose first line begins at the cursor and whose further lines are indented; ends with a line break.</summary>
    private static void Block(StringBuilder text, FileNode node, int indent)
    {
        if (OnOneLine(node, indent) is { } line)
        {
            text.Append(line).Append('\n');
            return;
        }

        bool isFirst = true;
        foreach (FileEntry entry in node.Entries)
        {
            Indent(text, indent, ref isFirst);
            text.Append(Key(entry.Key)).Append(':');
            if (OnOneLine(entry.Value, indent + entry.Key.Length) is { } value)
            {
                text.Append(' ').Append(value).Append('\n');
                continue;
            }

            text.Append('\n').Append(' ', indent + 2);
            Block(text, entry.Value, indent + 2);
        }

        foreach (FileNode item in node.Items)
        {
            Indent(text, indent, ref isFirst);
            text.Append("- ");
            Block(text, item, indent + 2);
        }
    }

    private static void Indent(StringBuilder text, int indent, ref bool isFirst)
    {
        text.Append(' ', isFirst ? 0 : indent);
        isFirst = false;
    }

    private static string? OnOneLine(FileNode node, int indent)
    {
        switch (node.Kind)
        {
            case FileNodeKind.Mapping:
                return node.Entries.IsEmpty ? "{}" : null;
            case FileNodeKind.Sequence when node.Items.All(item => item.Kind == FileNodeKind.Scalar):
                string line = $"[{string.Join(", ", node.Items.Select(Scalar))}]";
                return node.Items.IsEmpty || line.Length + indent <= LineWidth ? line : null;
            case FileNodeKind.Sequence:
                return null;
            default:
                return Scalar(node);
        }
    }

    // Nothing has many spellings; an empty one would vanish from a list.
    private static string Scalar(FileNode node) => node.IsNothing ? "null" : node.IsLiteral ? node.Text : Key(node.Text);

    /// <summary>Text: bare where every reader of YAML takes it for that very text, else in double quotes.</summary>
    private static string Key(string text) => IsSafeBare(text) ? text : Quoted(text);

    private static bool IsSafeBare(string text)
        => text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] is '_' or '/')
        && text[^1] != ' '
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or ' ' or '+' or '*' or '(' or ')' or '=' or '^')
        && !ScalarText.IsLiteral(text)
        && text.ToUpperInvariant() is not ("YES" or "NO" or "ON" or "OFF" or "Y" or "N");

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' or (>= '\x7F' and <= '\xA0') or '\u2028' or '\u2029' or '\uFEFF' => "\\u" + ((int)c).ToString("X4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
