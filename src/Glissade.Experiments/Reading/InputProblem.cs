namespace Glissade.Experiments.Reading;

/// <summary>One thing that is wrong with what someone wrote, and where.</summary>
/// <param name="Path">The file as it was named, or the command-line argument, such as <c>--set update.adam.beta1=x</c>.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is none, as for an argument.</param>
/// <param name="Column">Column in the line, from 1; 0 where there is none.</param>
/// <param name="Found">What was found; the whole statement where <paramref name="Expected"/> is null.</param>
/// <param name="Expected">What would have been right; null where <paramref name="Found"/> says it all.</param>
/// <param name="Suggestion">What was probably meant; null where nothing comes near.</param>
public sealed record InputProblem(string Path, int Line, int Column, string Found, string? Expected = null, string? Suggestion = null)
{
    /// <summary>One line: <c>digits.yaml:7:5: found …, expected …; did you mean …?</c></summary>
    public override string ToString()
    {
        string place = Line > 0 ? $"{Path}:{Line}:{Column}" : Path;
        string statement = Expected is null ? Found : $"found {Found}, expected {Expected}";
        return Suggestion is null ? $"{place}: {statement}" : $"{place}: {statement}; did you mean '{Suggestion}'?";
    }
}
