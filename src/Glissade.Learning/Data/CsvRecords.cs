using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Data;

/// <summary>Reads a CSV file record by record and knows the line and character at which each field begins.</summary>
/// <remarks>
/// The only place that knows CsvHelper, and of it only the parser, whose working needs no reflection; its own exceptions do not get out.
/// (It takes no configuration but CsvHelper's own, which refers to constructor look-ups that the parser never makes; whole-program trimming warns of them.)
/// The dialect is that of RFC 4180, with any line end and any delimiter: a field that begins with a double quote ends with one, and quotes inside it are doubled; no
/// other field has any.
/// </remarks>
internal sealed class CsvRecords : IDisposable
{
    private readonly string _path;
    private readonly char _delimiter;
    private readonly CsvParser _parser;
    private int _nextLine = 1;

    /// <summary>The field that the parser has found broken, as it stands in the file; null for none.</summary>
    private string? _broken;
    private bool _isQuoteOpen;

    /// <summary>Opens a file and checks that it is text.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How it is written.</param>
    /// <exception cref="InputException">The file cannot be read or is not text of the encoding.</exception>
    public CsvRecords(string path, CsvFormat format)
    {
        (_path, _delimiter) = (path, format.Delimiter);
        _parser = new CsvParser(CsvText.Open(path, format.Encoding), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = format.Delimiter.ToString(),
            Mode = CsvMode.RFC4180,
            IgnoreBlankLines = false, // skipped lines would not be counted where they matter
            BadDataFound = found => _broken = found.Field,
        });
    }

    /// <summary>Line at which the current record begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Number of fields of the current record.</summary>
    public int Count => _parser.Count;

    /// <summary>Whether the current record is an empty line.</summary>
    public bool IsBlank => Raw.AsSpan().Trim("\r\n").IsEmpty;

    /// <summary>Whether a field of the current record is quoted.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>The current record as it stands in the file, its line end included.</summary>
    public string Raw { get; private set; } = "";

    /// <summary>Moves to the next record; false at the end of the file.</summary>
    public bool Read()
    {
        Line = _nextLine;
        bool read = _parser.Read();
        Raw = read ? _parser.RawRecord : "";
        _nextLine += LineEnds(Raw);

        // The parser lets a field end with the file where its last quotes are doubled ones.
        int quotes = Raw.AsSpan().Count('"');
        (HasQuotes, _isQuoteOpen) = (quotes > 0, quotes % 2 != 0);
        return read;
    }

    /// <summary>A field of the current record, quotes removed.</summary>
    /// <param name="index">Index of the field from 0; those before it have been read and are sound.</param>
    /// <exception cref="InputException">Its quotes are broken.</exception>
    public string Field(int index)
    {
        string text = _parser[index];
        if (_broken is null && !(_isQuoteOpen && index == Count - 1))
        {
            return text;
        }

        (int lines, int column) = Place(index);

        // Only line ends are left out: a blank behind the quotes may be what breaks them.
        string found = _broken ?? Raw[Start(Raw, index, _delimiter)..];
        throw new InputException(new InputProblem(
            _path, Line + lines, column, Quotation.Of(found.TrimEnd('\r', '\n')), "a field whose quotes are balanced: quoted whole, and quotes inside it doubled"));
    }

    /// <summary>Where a field of the current record begins: lines below the first line of the record, and character from 1 in its line.</summary>
    /// <param name="index">Index of the field from 0.</param>
    public (int Lines, int Column) Place(int index) => PlaceInRecord(Raw, index, _delimiter);

    /// <summary>Where a field begins in a record that was kept: lines below the first line of the record, and character from 1 in its line.</summary>
    /// <param name="raw">The record as it stands in the file, of sound quotes before the field.</param>
    /// <param name="index">Index of the field from 0.</param>
    /// <param name="delimiter">What stands between fields.</param>
    public static (int Lines, int Column) PlaceInRecord(string raw, int index, char delimiter) => PlaceBehind(raw.AsSpan(0, Start(raw, index, delimiter)));

    /// <summary>The place at which a text ends: lines below its first line, and character from 1 in its line.</summary>
    /// <param name="text">The text.</param>
    public static (int Lines, int Column) PlaceBehind(ReadOnlySpan<char> text) => (LineEnds(text), text.Length - text.LastIndexOfAny('\r', '\n'));

    /// <inheritdoc/>
    public void Dispose() => _parser.Dispose();

    private static int Start(string raw, int index, char delimiter)
    {
        bool isQuoted = false;
        int start = 0;
        for (; index > 0; start++)
        {
            isQuoted ^= raw[start] == '"';
            index -= raw[start] == delimiter && !isQuoted ? 1 : 0;
        }

        return start;
    }

    /// <summary>Line ends of whole texts; a carriage return before a line feed is a part of it.</summary>
    private static int LineEnds(ReadOnlySpan<char> text) => text.Count('\n') + text.Count('\r') - text.Count("\r\n");
}
