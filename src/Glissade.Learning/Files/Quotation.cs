using System.Text;

namespace Glissade.Learning.Files;

/// <summary>Text of a file, made fit to be quoted in a message.</summary>
internal static class Quotation
{
    private const int LongestQuotation = 40;

    /// <summary>Text in single quotes: one line, control characters shown as escapes, long text cut.</summary>
    /// <param name="text">The text found.</param>
    internal static string Of(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char character in text)
        {
            if (quoted.Length > LongestQuotation)
            {
                return quoted.Append("…'").ToString();
            }

            _ = character switch
            {
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(character) => quoted.Append($"\\u{(int)character:x4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('\'').ToString();
    }
}
