namespace Glissade.Experiments.Reading;

/// <summary>Finds the name that was probably meant.</summary>
/// <remarks>
/// By the optimal string alignment distance: the fewest insertions, deletions, replacements and swaps of neighbours, no piece edited twice.
/// Damerau (1964), A technique for computer detection and correction of spelling errors.
/// </remarks>
internal static class NearestName
{
    /// <summary>The candidate nearest to what was written, or null if none is near: more than about a third of the letters would have to change.</summary>
    public static string? Find(string written, IEnumerable<string> candidates)
    {
        // Nobody misspells a page of text; the distance is quadratic in the length.
        if (written.Length is 0 or > 64)
        {
            return null;
        }

        string? nearest = null;
        int least = Math.Max(1, (written.Length + 1) / 3) + 1;
        foreach (string candidate in candidates)
        {
            int distance = Distance(written.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < least && candidate.Length <= 64)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    private static int Distance(string a, string b)
    {
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
