namespace Glissade.Learning.Data;

/// <summary>The one place from which this folder takes its random order.</summary>
internal static class RowShuffle
{
    /// <summary>Puts rows in a random order that depends on nothing but the key; allocates nothing.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="purpose">What the order is for, so that different uses of one seed are independent.</param>
    /// <param name="index">Which order of that purpose, such as the epoch.</param>
    internal static void Shuffle(Span<int> rows, ulong seed, string purpose, long index)
    {
        ulong state = seed;
        foreach (char letter in purpose)
        {
            state = Mix(state ^ letter);
        }

        state = Mix(state ^ (ulong)index);
        for (int last = rows.Length - 1; last > 0; last--)
        {
            int other = (int)Below(ref state, (ulong)last + 1);
            (rows[last], rows[other]) = (rows[other], rows[last]);
        }
    }

    // Taking the high half of a 64 x 32 bit product is unbiased to 2⁻³², and rejecting the short interval makes it exact.
    private static ulong Below(ref ulong state, ulong bound)
    {
        while (true)
        {
            state += 0x9E3779B97F4A7C15;
            ulong high = Math.BigMul(Mix(state), bound, out ulong low);
            if (low >= bound || low >= (0 - bound) % bound)
            {
                return high;
            }
        }
    }

    // The finaliser of SplitMix64: Steele, Lea and Flood (2014), Fast Splittable Pseudorandom Number Generators.
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
