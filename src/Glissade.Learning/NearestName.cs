namespace Glissade.Learning;

/// <summary>Guesses which name was meant when a name is not known.</summary>
/// <remarks>
/// The distance counts insertions, deletions, substitutions and swaps of neighbours, each stretch edited once
/// (optimal string alignment; Damerau (1964), A Technique for Computer Detection and Correction of Spelling Errors).
/// Case does not count.
/// </remarks>
internal static class NearestName
{
    // Names beyond this length are compared by their beginnings, which bounds the work on hostile input.
    private const int LongestCompared = 64;

    /// <summary>The candidate most like a name, or null when none is near: at most a third of its letters wrong, one at least being allowed.</summary>
    /// <param name="name">The name that is not known.</param>
    /// <param name="candidates">The names there are; of equally near ones the first is taken.</param>
    internal static string? Of(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int smallest = Math.Max(1, Math.Min(name.Length, LongestCompared) / 3) + 1;
        foreach (string candidate in candidates)
        {
            // A name of one letter is one substitution from every other: that is no likeness.
            int distance = Distance(name, candidate);
            if (distance < smallest && distance < Math.Max(name.Length, candidate.Length))
            {
                (nearest, smallest) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>The end of a message: <c>; did you mean 'digit'?</c>, or nothing when no candidate is near.</summary>
    /// <param name="name">The name that is not known.</param>
    /// <param name="candidates">The names there are.</param>
    internal static string Hint(string name, IEnumerable<string> candidates) =>
        Of(name, candidates) is string nearest ? $"; did you mean '{nearest}'?" : "";

    /// <summary>Number of edits that turn one text into the other.</summary>
    /// <param name="left">A text.</param>
    /// <param name="right">Another.</param>
    internal static int Distance(string left, string right)
    {
        ReadOnlySpan<char> a = left.AsSpan(0, Math.Min(left.Length, LongestCompared));
        ReadOnlySpan<char> b = right.AsSpan(0, Math.Min(right.Length, LongestCompared));
        Span<int> beforeLast = stackalloc int[LongestCompared + 1];
        Span<int> last = stackalloc int[LongestCompared + 1];
        Span<int> current = stackalloc int[LongestCompared + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                int best = Math.Min(substitution, 1 + Math.Min(last[j], current[j - 1]));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    best = Math.Min(best, beforeLast[j - 2] + 1);
                }

                current[j] = best;
            }

            Span<int> freed = beforeLast;
            beforeLast = last;
            last = current;
            current = freed;
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
