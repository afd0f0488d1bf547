using System.Text;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Data;

/// <summary>Reads a CSV file record by record and knows the line and character at which each field begins.</summary>
/// <remarks>
/// The dialect is that of RFC 4180, with any line end and any delimiter: a field that begins with a double quote ends with one, and quotes inside it are doubled; no
/// other field has any. It works on the bytes of UTF-8, in which no part of a longer character looks like a quote, a delimiter or a line end.
/// </remarks>
internal sealed class CsvRecords
{
    private readonly string _path;
    private readonly byte[] _text;
    private readonly byte _delimiter;
    private readonly List<Range> _fields = [];
    private int _start, _next;
    private int _nextLine = 1;

    /// <summary>The first field of the record whose quotes are broken; −1 for none.</summary>
    private int _broken;

    /// <summary>Opens a file and checks that it is text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How it is written.</param>
    /// <exception cref="InputException">The file cannot be read or is not text of the encoding.</exception>
    public CsvRecords(string path, CsvFormat format)
    {
        (_path, _delimiter) = (path, (byte)format.Delimiter);
        _text = CsvText.ReadUtf8(path, format.Encoding);
    }

    /// <summary>Line at which the current record begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Number of fields of the current record.</summary>
    public int Count => _fields.Count;

    /// <summary>Whether the current record is an empty line.</summary>
    public bool IsBlank => Count == 1 && Bytes(0).IsEmpty;

    /// <summary>Whether a field of the current record is quoted.</summary>
    public bool HasQuotes => _text.AsSpan(_start, _next - _start).Contains((byte)'"');

    /// <summary>The current record as it stands in the file, its line end included.</summary>
    public string Raw => Encoding.UTF8.GetString(_text, _start, _next - _start);

    /// <summary>Moves to the next record; false at the end of the file.</summary>
    public bool Read()
    {
        Line = _nextLine;
        _fields.Clear();
        (_start, _broken) = (_next, -1);
        if (_next == _text.Length)
        {
            return false;
        }

        while (ReadField())
        {
        }

        // The line end, of one character or two.
        _next += _next == _text.Length ? 0 : _text.AsSpan(_next).StartsWith("\r\n"u8) ? 2 : 1;
        _nextLine += LineEnds(_text.AsSpan(_start, _next - _start));
        return true;
    }

    /// <summary>A field of the current record, quotes removed.</summary>
    /// <param name="index">Index of the field from 0.</param>
    /// <exception cref="InputException">Its quotes are broken.</exception>
    public string Field(int index)
    {
        ReadOnlySpan<byte> bytes = Bytes(index);
        if (index == _broken)
        {
            (int lines, int column) = Place(index);
            throw new InputException(new InputProblem(
                _path, Line + lines, column, Quotation.Of(Encoding.UTF8.GetString(bytes).TrimEnd()), "a field whose quotes are balanced: quoted whole, and quotes inside it doubled"));
        }

        return bytes is [(byte)'"', .. var inside, (byte)'"']
            ? Encoding.UTF8.GetString(inside).Replace("\"\"", "\"", StringComparison.Ordinal)
            : Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Where a field of the current record begins: lines below the first line of the record, and character from 1 in its line.</summary>
    /// <param name="index">Index of the field from 0.</param>
    public (int Lines, int Column) Place(int index) => Place(_text.AsSpan(_start, _fields[index].Start.Value - _start));

    /// <summary>Where a field begins in a record that was kept: lines below the first line of the record, and character from 1 in its line.</summary>
    /// <param name="raw">The record as it stands in the file, of sound quotes.</param>
    /// <param name="index">Index of the field from 0.</param>
    /// <param name="delimiter">What stands between fields.</param>
    public static (int Lines, int Column) PlaceInRecord(string raw, int index, char delimiter)
    {
        bool isQuoted = false;
        int start = 0;
        for (; index > 0; start++)
        {
            isQuoted ^= raw[start] == '"';
            index -= raw[start] == delimiter && !isQuoted ? 1 : 0;
        }

        return Place(Encoding.UTF8.GetBytes(raw, 0, start));
    }

    /// <summary>Reads the field at which the reader stands; true if another follows.</summary>
    private bool ReadField()
    {
        int start = _next;
        if (start < _text.Length && _text[start] == '"')
        {
            _next = EndOfQuotes(start);
            if (_next < 0)
            {
                (_next, _broken) = (_text.Length, _broken < 0 ? Count : _broken);
            }
        }

        int end = _text.AsSpan(_next).IndexOfAny(_delimiter, (byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> rest = end < 0 ? _text.AsSpan(_next) : _text.AsSpan(_next, end);

        // Nothing follows the closing quote, and nothing that is not quoted has quotes.
        if (_broken < 0 && (_next > start ? !rest.IsEmpty : rest.Contains((byte)'"')))
        {
            _broken = Count;
        }

        _next += rest.Length;
        _fields.Add(start.._next);
        if (end < 0 || _text[_next] != _delimiter)
        {
            return false;
        }

        _next++;
        return true;
    }

    /// <summary>The place behind the closing quote of a field; −1 if there is none.</summary>
    private int EndOfQuotes(int start)
    {
        for (int at = start + 1; ;)
        {
            int quote = _text.AsSpan(at).IndexOf((byte)'"');
            if (quote < 0)
            {
                return -1;
            }

            at += quote + 1;
            if (at == _text.Length || _text[at] != '"')
            {
                return at;
            }

            at++;
        }
    }

    private ReadOnlySpan<byte> Bytes(int index) => _text.AsSpan()[_fields[index]];

    private static (int Lines, int Column) Place(ReadOnlySpan<byte> before)
    {
        int lineStart = before.LastIndexOfAny((byte)'\r', (byte)'\n') + 1;
        return (LineEnds(before), Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    /// <summary>Line ends of whole texts; a carriage return before a line feed is a part of it.</summary>
    private static int LineEnds(ReadOnlySpan<byte> text) => text.Count((byte)'\n') + text.Count((byte)'\r') - text.Count("\r\n"u8);
}
