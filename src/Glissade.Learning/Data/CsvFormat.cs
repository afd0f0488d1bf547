namespace Glissade.Learning.Data;

/// <summary>The bytes of a text file without a byte order mark; one with such a mark is read as the mark says: UTF-8 or UTF-16 of either byte order.</summary>
public enum CsvEncoding
{
    /// <summary>UTF-8, of which ASCII is a part.</summary>
    Utf8,

    /// <summary>ISO 8859-1: a byte for each of the first 256 characters of Unicode. Every file is such a text, so nothing tells one that is not.</summary>
    Latin1,
}

/// <summary>How a CSV file is written, where it is not as RFC 4180 says.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed record CsvFormat
{
    /// <summary>Commas between fields, points in numbers, UTF-8.</summary>
    public static CsvFormat Default { get; } = new();

    /// <summary>What stands between fields: <c>,</c> at first; a semicolon, a tab or another character of ASCII that begins neither a number nor a name.</summary>
    /// <exception cref="ArgumentException">It is a letter, a digit, a quote, a sign, a point, a blank or a line end, or not ASCII.</exception>
    public char Delimiter
    {
        get;
        init => field = char.IsAscii(value) && (value == '\t' || !(char.IsLetterOrDigit(value) || char.IsControl(value) || "\" '+-._".Contains(value, StringComparison.Ordinal)))
            ? value
            : throw new ArgumentException($"The delimiter of a CSV file must be a character such as a comma, a semicolon or a tab, not '{value}' (U+{(int)value:X4}).", nameof(value));
    } = ',';

    /// <summary>What stands before the decimals of a number: <c>.</c> at first, or <c>,</c>, as in many files with semicolons between fields. Digits are never grouped.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public char DecimalSeparator
    {
        get;
        init => field = value is '.' or ',' ? value : throw new ArgumentException($"The decimal separator of a CSV file must be a point or a comma, not '{value}'.", nameof(value));
    } = '.';

    /// <summary>How characters are written, where no byte order mark says it.</summary>
    public CsvEncoding Encoding { get; init; }
}
