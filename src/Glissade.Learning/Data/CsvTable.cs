using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Data;

/// <summary>A CSV file in memory: named columns of cells that know where they stand in the file.</summary>
/// <remarks>
/// The dialect is RFC 4180: a header line, commas, double quotes, any line end, UTF-8 with or without a byte order mark, or UTF-16 with one; blank lines may end the
/// file. <see cref="CsvFormat"/> says what may be otherwise.
/// Cells are kept as text; what a number is gets decided when a column is asked for. Immutable; free to share between threads.
/// </remarks>
public sealed class CsvTable
{
    private const int MostListed = 8;

    private readonly TextPool[] _columns;
    private readonly List<int> _lines;

    // Only a record with quotes needs its original text to tell where its fields begin.
    private readonly Dictionary<int, string> _quotedRecords;

    private readonly NumberFormatInfo _numbers;

    private CsvTable(string path, CsvFormat format, ImmutableArray<string> names, TextPool[] columns, List<int> lines, Dictionary<int, string> quotedRecords)
    {
        Path = path;
        Format = format;
        _numbers = NumbersOf(format);
        ColumnNames = names;
        _columns = columns;
        _lines = lines;
        _quotedRecords = quotedRecords;
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>How it is written.</summary>
    public CsvFormat Format { get; }

    /// <summary>The names in the header, in order, without surrounding blanks; all different.</summary>
    public ImmutableArray<string> ColumnNames { get; }

    /// <summary>Number of rows under the header, at least one.</summary>
    public int RowCount => _lines.Count;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How it is written; null for <see cref="CsvFormat.Default"/>.</param>
    /// <exception cref="ArgumentException">The format has one character for its delimiter and its decimals.</exception>
    /// <exception cref="InputException">
    /// The file is missing, empty or not text, has no header or no rows, names two columns alike, has a row with another number of fields
    /// than the header, a blank line between rows, or broken quotes.
    /// </exception>
    public static CsvTable Read(string path, CsvFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        format ??= CsvFormat.Default;
        if (format.Delimiter == format.DecimalSeparator)
        {
            throw new ArgumentException($"A CSV file cannot have '{format.Delimiter}' between fields and in numbers too.", nameof(format));
        }

        using var records = new CsvRecords(path, format);
        ImmutableArray<string> names = ReadHeader(path, format, records);
        var columns = new TextPool[names.Length];
        for (int column = 0; column < columns.Length; column++)
        {
            columns[column] = new TextPool();
        }

        var lines = new List<int>();
        var quotedRecords = new Dictionary<int, string>();
        int? blankLine = null;
        while (records.Read())
        {
            if (records.IsBlank)
            {
                blankLine ??= records.Line;
                continue;
            }

            if (blankLine is int blank)
            {
                throw new InputException(new InputProblem(path, blank, 1, "a blank line between rows", $"{Fields(names.Length)}, or nothing more"));
            }

            AddRow(path, records, columns, quotedRecords, lines.Count);
            lines.Add(records.Line);
        }

        return lines.Count > 0
            ? new CsvTable(path, format, names, columns, lines, quotedRecords)
            : throw new InputException(new InputProblem(path, 2, 1, "the end of the file", "at least one row under the header"));
    }

    /// <summary>Index of a column, from 0.</summary>
    /// <param name="name">Its name in the header; case counts.</param>
    /// <exception cref="InputException">There is no such column; the message names the nearest one.</exception>
    public int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int index = ColumnNames.IndexOf(name, StringComparer.Ordinal);
        if (index >= 0)
        {
            return index;
        }

        string known = ColumnNames.Length <= MostListed ? $"one of {string.Join(", ", ColumnNames)}" : $"one of the {ColumnNames.Length} columns of the header";
        throw new InputException(new InputProblem(Path, 1, 0, $"no column {Quotation.Of(name)}", known, NearestName.Find(name, ColumnNames)));
    }

    /// <summary>The text of a cell, quotes removed.</summary>
    /// <param name="row">Row under the header, from 0.</param>
    /// <param name="column">Column from 0.</param>
    public string Text(int row, int column) => _columns[column].Text(row);

    /// <summary>The number in a cell, if it is a number and not NaN; infinite if the text is a number beyond <see cref="float"/>.</summary>
    /// <param name="row">Row under the header, from 0.</param>
    /// <param name="column">Column from 0.</param>
    /// <param name="number">The number nearest to the text; 0 if there is none.</param>
    public bool TryNumber(int row, int column, out float number)
    {
        // The parser also takes words such as Infinity and NaN; only figures are numbers here.
        ReadOnlySpan<byte> text = _columns[column].Utf8(row);
        if (text.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0 && float.TryParse(text, NumberStyles.Float, _numbers, out number))
        {
            return true;
        }

        number = 0;
        return false;
    }

    /// <summary>Whether every cell of a column is a number, whatever its size.</summary>
    /// <param name="column">Column from 0.</param>
    public bool IsNumeric(int column)
    {
        for (int row = 0; row < RowCount; row++)
        {
            if (!TryNumber(row, column, out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The numbers of a column, from top to bottom.</summary>
    /// <param name="column">Column from 0.</param>
    /// <exception cref="InputException">A cell is empty, is not a number, or is one beyond the range of <see cref="float"/>; the first such cell is named.</exception>
    public float[] Numbers(int column)
    {
        var numbers = new float[RowCount];
        CopyNumbers(column, numbers, 0, 1);
        return numbers;
    }

    /// <summary>Line and character at which a cell begins, both from 1.</summary>
    /// <param name="row">Row under the header, from 0.</param>
    /// <param name="column">Column from 0.</param>
    public (int Line, int Column) PlaceOf(int row, int column)
    {
        if (_quotedRecords.TryGetValue(row, out string? raw))
        {
            (int lines, int character) = CsvRecords.PlaceInRecord(raw, column, Format.Delimiter);
            return (_lines[row] + lines, character);
        }

        int start = 1;
        for (int left = 0; left < column; left++)
        {
            start += Encoding.UTF8.GetCharCount(_columns[left].Utf8(row)) + 1;
        }

        return (_lines[row], start);
    }

    /// <summary>Writes the numbers of a column into a table of rows.</summary>
    internal void CopyNumbers(int column, Span<float> destination, int offset, int stride)
    {
        for (int row = 0; row < RowCount; row++)
        {
            if (!TryNumber(row, column, out float number))
            {
                throw Fault(row, column, NumberExpected(row, column));
            }

            if (!float.IsFinite(number))
            {
                throw Fault(row, column, $"a number of size at most {float.MaxValue:g3} in column '{ColumnNames[column]}'");
            }

            destination[(row * stride) + offset] = number;
        }
    }

    /// <summary>An exception about a cell.</summary>
    internal InputException Fault(int row, int column, string expected)
    {
        (int line, int character) = PlaceOf(row, column);
        string text = Text(row, column);
        return new InputException(new InputProblem(Path, line, character, text.Length == 0 ? "an empty cell" : Quotation.Of(text), expected));
    }

    private string NumberExpected(int row, int column)
    {
        string expected = $"a number in column '{ColumnNames[column]}'";
        string text = Text(row, column).Trim();
        bool missing = text.Length == 0 || text.Equals("NaN", StringComparison.OrdinalIgnoreCase) || text.Equals("NA", StringComparison.OrdinalIgnoreCase);
        return missing
            ? $"{expected} (rows with missing values must be filled or left out)"
            : IsNumberOfOtherDecimals(text)
            ? $"{expected} with a {(Format.DecimalSeparator == '.' ? "point" : "comma")} before its decimals, or the other decimal separator named"
            : $"{expected} (features and regression targets must be numbers; leave a column of text out or encode it as numbers)";
    }

    /// <summary>Whether a text would be a number if the file had the other decimal separator, which it can only have where that does not stand between fields.</summary>
    private bool IsNumberOfOtherDecimals(string text)
    {
        char own = Format.DecimalSeparator, other = own == '.' ? ',' : '.';
        return Format.Delimiter != other && !text.Contains(own) && text.Contains(other)
            && text.AsSpan().IndexOfAnyInRange('0', '9') >= 0
            && float.TryParse(text.Replace(other, own), NumberStyles.Float, _numbers, out _);
    }

    private static NumberFormatInfo NumbersOf(CsvFormat format) => new() { NumberDecimalSeparator = format.DecimalSeparator.ToString(), NumberGroupSeparator = " " };

    private static ImmutableArray<string> ReadHeader(string path, CsvFormat format, CsvRecords records)
    {
        const string Expected = "a header line of column names";
        if (!records.Read())
        {
            throw new InputException(new InputProblem(path, 1, 1, "an empty file", Expected));
        }

        if (records.IsBlank)
        {
            throw new InputException(new InputProblem(path, 1, 1, "a blank line", Expected));
        }

        string line = records.Raw;
        int separator = records.Count == 1 ? line.AsSpan().IndexOfAny(",;\t") : -1;
        if (separator >= 0 && !records.HasQuotes)
        {
            string wanted = format.Delimiter switch { ',' => "comma", ';' => "semicolon", '\t' => "tab", char other => $"'{other}'" };
            throw new InputException(new InputProblem(
                path, 1, separator + 1, $"{Quotation.Of(line[separator..(separator + 1)])} and no {wanted}", $"column names separated by {wanted}s, or another delimiter named"));
        }

        var names = ImmutableArray.CreateBuilder<string>(records.Count);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        NumberFormatInfo numbers = NumbersOf(format);
        bool allNumbers = true;
        for (int column = 0; column < records.Count; column++)
        {
            string name = records.Field(column).Trim();
            (int lines, int character) = records.Place(column);
            if (name.Length == 0)
            {
                throw new InputException(new InputProblem(path, records.Line + lines, character, "an empty column name", "a name for every column"));
            }

            if (!places.TryAdd(name, column))
            {
                throw new InputException(new InputProblem(
                    path, records.Line + lines, character, $"{Quotation.Of(name)}, already the name of column {places[name] + 1}", "different column names"));
            }

            allNumbers &= double.TryParse(name, NumberStyles.Float, numbers, out _);
            names.Add(name);
        }

        return allNumbers
            ? throw new InputException(new InputProblem(path, 1, 1, $"a first line of numbers, {Quotation.Of(line.TrimEnd())}", Expected))
            : names.ToImmutable();
    }

    private static void AddRow(string path, CsvRecords records, TextPool[] columns, Dictionary<int, string> quotedRecords, int row)
    {
        for (int column = 0; column < records.Count; column++)
        {
            // Broken quotes make ragged rows, and are what to report.
            string text = records.Field(column);
            if (column < columns.Length)
            {
                columns[column].Add(text);
            }
        }

        if (records.Count != columns.Length)
        {
            (int lines, int character) = records.Count > columns.Length ? records.Place(columns.Length) : (0, 1);
            throw new InputException(new InputProblem(
                path, records.Line + lines, character, $"a row of {Fields(records.Count)}", $"{Fields(columns.Length)} as in the header"));
        }

        if (records.HasQuotes)
        {
            quotedRecords.Add(row, records.Raw);
        }
    }

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";
}
