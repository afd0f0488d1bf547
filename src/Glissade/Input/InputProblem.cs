using System.Globalization;

namespace Glissade.Input;

/// <summary>One thing that is wrong with what someone wrote, and where.</summary>
/// <param name="Path">The file as it was named, or the command-line argument, such as <c>--set update.adam.beta1=x</c>.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is none, as for an argument or a file of bytes.</param>
/// <param name="Column">Column in the line, from 1; 0 where there is none, as for a fault of the whole line.</param>
/// <param name="Found">What was found; the whole statement where <paramref name="Expected"/> is null.</param>
/// <param name="Expected">What would have been right; null where <paramref name="Found"/> says it all.</param>
/// <param name="Suggestion">What was probably meant; null where nothing comes near.</param>
public sealed record InputProblem(string Path, int Line, int Column, string Found, string? Expected = null, string? Suggestion = null)
{
    /// <summary>One thing that is wrong with a file or an argument as a whole.</summary>
    /// <param name="path">The file as it was named, or the command-line argument.</param>
    /// <param name="found">What was found; the whole statement where <paramref name="expected"/> is null.</param>
    /// <param name="expected">What would have been right; null where <paramref name="found"/> says it all.</param>
    /// <param name="suggestion">What was probably meant; null where nothing comes near.</param>
    public InputProblem(string path, string found, string? expected = null, string? suggestion = null)
        : this(path, 0, 0, found, expected, suggestion)
    {
    }

    /// <summary>One line: <c>digits.yaml:7:5: found …, expected …; did you mean …?</c></summary>
    public override string ToString()
    {
        string place = (Line, Column) switch
        {
            (0, _) => Path,
            (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{Path}:{Line}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Path}:{Line}:{Column}"),
        };
        string statement = Expected is null ? Found : $"found {Found}, expected {Expected}";
        return Suggestion is null ? $"{place}: {statement}" : $"{place}: {statement}; did you mean '{Suggestion}'?";
    }
}
