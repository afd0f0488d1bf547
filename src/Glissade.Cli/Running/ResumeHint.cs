using System.Globalization;
using System.Text;
using Glissade.Experiments.Running;

namespace Glissade.Cli.Running;

/// <summary>The command line that goes on with an interrupted run, ready to be pasted into a shell.</summary>
internal static class ResumeHint
{
    public static string For(RunRequest request)
    {
        StringBuilder line = new($"glissade run {Quoted(request.File)}");
        foreach (string assignment in request.Assignments)
        {
            line.Append(CultureInfo.InvariantCulture, $" --set {Quoted(assignment)}");
        }

        if (request.Seed is { } seed)
        {
            line.Append(CultureInfo.InvariantCulture, $" --seed {seed}");
        }

        if (request.Folder is { } folder)
        {
            line.Append(CultureInfo.InvariantCulture, $" --out {Quoted(folder)}");
        }

        return line.Append(" --resume").ToString();
    }

    private static string Quoted(string word)
    {
        bool isPlain = word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_-./\\=:,+@%".Contains(c, StringComparison.Ordinal));
        return isPlain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
