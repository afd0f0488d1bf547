using System.Globalization;

namespace Glissade.Experiments.Recording;

/// <summary>Steps that a run has taken and of which its record tells nothing, because the file was lost or damaged before the run was resumed.</summary>
internal static class MissingSteps
{
    private const int MostListed = 5;

    /// <summary>What the one who resumes a run should know of the record that was found: that it was damaged, and what it lacks.</summary>
    /// <param name="path">The metrics file.</param>
    /// <param name="log">What has opened it.</param>
    /// <param name="first">The first step of which it should tell.</param>
    /// <param name="last">Steps taken.</param>
    public static IEnumerable<string> Tell(string path, MetricsLog log, long first, long last)
    {
        if (log.DamagedCopy is { } copy)
        {
            yield return $"The record '{path}' had a line that is none of a record; it goes on from before that line, and '{copy}' is the file as it was.";
        }

        if (Describe(path, MetricsHistory.Read(path), first, last) is { } missing)
        {
            yield return missing;
        }
    }

    /// <summary>What is missing, in a sentence; null where nothing is.</summary>
    /// <param name="path">The metrics file, for the sentence.</param>
    /// <param name="history">What it tells.</param>
    /// <param name="first">The first step of which it should tell: 1, or 0 where it tells of the start as well.</param>
    /// <param name="last">Steps taken.</param>
    public static string? Describe(string path, MetricsHistory history, long first, long last)
    {
        List<(long First, long Last)> missing = Find(history.RecordedSteps, first, last);
        if (missing.Count == 0)
        {
            return null;
        }

        string[] ranges = [.. missing.Take(MostListed).Select(m => m.First == m.Last ? Number(m.First) : $"{Number(m.First)} to {Number(m.Last)}")];
        bool isOne = missing is [var (from, to)] && from == to;
        return $"The record '{path}' lacks the {(isOne ? "step" : "steps")} {string.Join(", ", ranges)}{(missing.Count > MostListed ? " and others" : "")} of {Number(last)}: "
            + "it was lost or damaged before the run was resumed, which takes none of its steps again. The weights do not depend on it.";
    }

    /// <summary>The gaps of an ascending list, each as its first and last step.</summary>
    internal static List<(long First, long Last)> Find(IEnumerable<long> recorded, long first, long last)
    {
        List<(long First, long Last)> missing = [];
        long next = first;
        foreach (long step in recorded)
        {
            if (step > next)
            {
                missing.Add((next, step - 1));
            }

            next = step + 1;
        }

        if (next <= last)
        {
            missing.Add((next, last));
        }

        return missing;
    }

    private static string Number(long step) => step.ToString(CultureInfo.InvariantCulture);
}
