using System.Buffers;
using System.Globalization;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>What the text of an unquoted scalar may stand for besides text: YAML 1.2's core schema, without octal and hexadecimal numbers.</summary>
internal static class ScalarText
{
    private static readonly SearchValues<char> NumeralCharacters = SearchValues.Create("0123456789.eE+-");

    public static bool IsNothing(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool TryBoolean(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE";
        return value || text is "false" or "False" or "FALSE";
    }

    /// <summary>What someone meant who wrote a word that YAML 1.1 took for true or false.</summary>
    public static string? MeantBoolean(string text) => text.ToUpperInvariant() switch
    {
        "YES" or "ON" or "Y" or "1" => "true",
        "NO" or "OFF" or "N" or "0" => "false",
        _ => NearestName.Find(text, ["true", "false"]),
    };

    /// <summary>A number as YAML writes it; the framework's own parser would also take words such as Infinity, and spaces.</summary>
    public static bool TryNumber(string text, out double value)
    {
        ReadOnlySpan<char> unsigned = text.AsSpan(text.Length > 0 && text[0] is '+' or '-' ? 1 : 0);
        if (unsigned is ".inf" or ".Inf" or ".INF")
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (text is ".nan" or ".NaN" or ".NAN")
        {
            value = double.NaN;
            return true;
        }

        value = 0;
        bool isNumeral = unsigned.Length > 0
            && (char.IsAsciiDigit(unsigned[0]) || (unsigned[0] == '.' && unsigned.Length > 1 && char.IsAsciiDigit(unsigned[1])))
            && !unsigned.ContainsAnyExcept(NumeralCharacters);
        return isNumeral && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A whole number, also in the forms 1e6 and 2.0.</summary>
    public static bool TryInteger(string text, out long value)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        // Beyond 2⁵³ a double no longer tells neighbouring whole numbers apart.
        if (TryNumber(text, out double number) && Math.Abs(number) <= 1L << 53 && number == Math.Truncate(number))
        {
            value = (long)number;
            return true;
        }

        return false;
    }

    /// <summary>The numeral someone meant who set digits apart by underscores, or null.</summary>
    public static string? MeantNumber(string text)
    {
        string bare = text.Replace("_", string.Empty, StringComparison.Ordinal);
        return bare.Length < text.Length && TryNumber(bare, out _) ? bare : null;
    }

    /// <summary>Whether the text, unquoted, would be read as something else than text.</summary>
    public static bool IsLiteral(string text) => IsNothing(text) || TryBoolean(text, out _) || TryNumber(text, out _);
}
