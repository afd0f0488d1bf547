namespace Glissade.Compilation;

/// <summary>Places buffers with known lifetimes in one block: those that never live at once may share memory.</summary>
internal static class Arena
{
    /// <summary>Offsets for the buffers, largest first at the lowest place that is free for their whole life (Greedy by size).</summary>
    /// <param name="buffers">Length in elements and the first and last step of each life.</param>
    /// <param name="granule">Offsets are multiples of it.</param>
    /// <param name="length">Length of the block.</param>
    public static int[] Place(IReadOnlyList<(int Length, int First, int Last)> buffers, int granule, out int length)
    {
        int[] offsets = new int[buffers.Count];
        var placed = new List<int>();
        length = 0;
        foreach (int index in Enumerable.Range(0, buffers.Count).OrderByDescending(i => buffers[i].Length).ThenBy(i => i))
        {
            (int size, int first, int last) = buffers[index];
            size = (size + granule - 1) / granule * granule;
            int offset = 0;
            foreach (int other in placed.Where(p => buffers[p].First <= last && first <= buffers[p].Last).OrderBy(p => offsets[p]))
            {
                if (offset + size <= offsets[other])
                {
                    break;
                }

                int end = offsets[other] + ((buffers[other].Length + granule - 1) / granule * granule);
                offset = Math.Max(offset, end);
            }

            offsets[index] = offset;
            placed.Add(index);
            length = Math.Max(length, checked(offset + size));
        }

        return offsets;
    }
}
