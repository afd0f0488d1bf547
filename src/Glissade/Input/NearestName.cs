namespace Glissade.Input;

/// <summary>Finds the name that was probably meant.</summary>
/// <remarks>
/// By the optimal string alignment distance: the fewest insertions, deletions, replacements and swaps of neighbours, no piece edited twice.
/// Damerau (1964), A technique for computer detection and correction of spelling errors. Case does not count.
/// </remarks>
internal static class NearestName
{
    // Nobody misspells a page of text, and the distance is quadratic in the length.
    private const int LongestCompared = 64;

    /// <summary>The candidate nearest to what was written, or null if none is near: more than about a third of the letters would have to change, or all of them.</summary>
    /// <param name="written">The name that is not known.</param>
    /// <param name="candidates">The names there are; of equally near ones the first is taken, and those of more than 64 characters never.</param>
    public static string? Find(string written, IEnumerable<string> candidates)
    {
        if (written.Length is 0 or > LongestCompared)
        {
            return null;
        }

        string? nearest = null;
        int least = Math.Max(1, (written.Length + 1) / 3) + 1;
        foreach (string candidate in candidates)
        {
            // The lengths alone differ by that much, or the candidate is too long: not worth the distance.
            if (candidate.Length > LongestCompared || Math.Abs(candidate.Length - written.Length) >= least)
            {
                continue;
            }

            // A name of one letter is one replacement from every other: that is no likeness.
            int distance = Distance(written, candidate);
            if (distance < least && distance < Math.Max(written.Length, candidate.Length))
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>Number of edits that turn one text into the other.</summary>
    internal static int Distance(string left, string right)
    {
        string a = left.ToUpperInvariant(), b = right.ToUpperInvariant();
        int[,] distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }

                int replaced = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, 1 + Math.Min(distance[i - 1, j], distance[i, j - 1]));
                bool isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                distance[i, j] = isSwap ? Math.Min(best, distance[i - 2, j - 2] + 1) : best;
            }
        }

        return distance[a.Length, b.Length];
    }
}
