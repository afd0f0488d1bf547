using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Data;

/// <summary>Reads a CSV file record by record and knows the line and character at which each field begins.</summary>
/// <remarks>
/// The only place that knows CsvHelper, and of it only the parser, whose working needs no reflection; its own exceptions do not get out.
/// (Its configuration refers to constructor look-ups that the parser never makes; whole-program trimming warns of them.)
/// The dialect is RFC 4180: comma, double quotes, any line end; text is UTF-8 with or without a byte order mark.
/// </remarks>
internal sealed class CsvRecords : IDisposable
{
    private const string ExpectedFile = "a text file of comma-separated values";
    private static readonly UTF8Encoding Utf8WithMark = new(encoderShouldEmitUTF8Identifier: true);

    private readonly string _path;
    private readonly StreamReader _reader;
    private readonly CsvParser _parser;
    private bool _badField;
    private bool _openQuote;

    /// <summary>Opens a file and checks that it is text.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be read or is not UTF-8 text.</exception>
    public CsvRecords(string path)
    {
        _path = path;
        byte[] bytes = SourceFile.ReadAllBytes(path, ExpectedFile);
        RequireText(path, bytes);
        _reader = new StreamReader(new MemoryStream(bytes), Utf8WithMark, detectEncodingFromByteOrderMarks: false);
        _parser = new CsvParser(_reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            Mode = CsvMode.RFC4180,
            IgnoreBlankLines = false, // skipped lines would not be counted where they matter
            BadDataFound = _ => _badField = true,
        });
    }

    /// <summary>Line at which the current record begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Number of fields of the current record.</summary>
    public int Count => _parser.Count;

    /// <summary>Whether the current record is an empty line.</summary>
    public bool IsBlank => Count == 1 && _parser[0].Length == 0 && !Raw.Contains('"');

    /// <summary>The current record as it stands in the file.</summary>
    public string Raw { get; private set; } = "";

    /// <summary>Moves to the next record; false at the end of the file.</summary>
    public bool Read()
    {
        Line = _parser.RawRow + 1;
        bool read = _parser.Read();
        Raw = read ? _parser.RawRecord : "";

        // The parser lets a field end with the file where its last quotes are doubled ones.
        _openQuote = Raw.AsSpan().Count('"') % 2 != 0;
        return read;
    }

    /// <summary>A field of the current record, quotes removed.</summary>
    /// <param name="index">Index of the field from 0.</param>
    /// <exception cref="InputException">Its quotes are broken.</exception>
    public string Field(int index)
    {
        string text = _parser[index];
        if (_badField || (_openQuote && index == Count - 1))
        {
            (int lines, int column) = PlaceInRecord(Raw, index);
            throw new InputException(new InputProblem(
                _path, Line + lines, column, Quotation.Of(Raw[StartInRecord(Raw, index)..].TrimEnd()),
                "a field whose quotes are balanced: quoted whole, and quotes inside it doubled"));
        }

        return text;
    }

    /// <summary>Where a field begins: lines below the first line of its record, and character from 1 in its line.</summary>
    /// <param name="raw">The record as it stands in the file.</param>
    /// <param name="index">Index of the field from 0.</param>
    public static (int Lines, int Column) PlaceInRecord(string raw, int index)
    {
        int start = StartInRecord(raw, index);
        int lines = 0, lineStart = 0;
        for (int i = 0; i < start; i++)
        {
            if (raw[i] == '\n' || (raw[i] == '\r' && raw[i + 1] != '\n'))
            {
                lines++;
                lineStart = i + 1;
            }
        }

        return (lines, start - lineStart + 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parser.Dispose();
        _reader.Dispose();
    }

    private static int StartInRecord(string raw, int index)
    {
        bool quoted = false;
        for (int i = 0; i < raw.Length && index >= 0; i++)
        {
            if (index == 0)
            {
                return i;
            }

            quoted ^= raw[i] == '"';
            index -= raw[i] == ',' && !quoted ? 1 : 0;
        }

        return raw.TrimEnd('\r', '\n').Length;
    }

    private static void RequireText(string path, byte[] bytes)
    {
        int zero = bytes.AsSpan().IndexOf((byte)0);
        if (zero >= 0)
        {
            throw NotText(path, bytes, zero, "a zero byte");
        }

        if (!Utf8.IsValid(bytes))
        {
            int wrong = 0;
            while (Rune.DecodeFromUtf8(bytes.AsSpan(wrong), out _, out int length) == System.Buffers.OperationStatus.Done)
            {
                wrong += length;
            }

            throw NotText(path, bytes, wrong, $"the byte 0x{bytes[wrong]:x2}, which is not UTF-8");
        }
    }

    private static InputException NotText(string path, byte[] bytes, int position, string found)
    {
        ReadOnlySpan<byte> before = bytes.AsSpan(0, position);
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new InputException(new InputProblem(
            path, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1, found, $"{ExpectedFile} in UTF-8"));
    }
}
