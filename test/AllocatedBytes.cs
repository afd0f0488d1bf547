namespace Glissade.Tests;

/// <summary>What a piece of work allocates on the managed heap.</summary>
internal static class AllocatedBytes
{
    /// <summary>The fewest bytes that the thread allocates in one of five rounds.</summary>
    /// <remarks>What allocates does so in every round; a collection that another test or the test host causes in the midst of one moves the count of the thread by itself.</remarks>
    /// <param name="round">The work.</param>
    /// <param name="prepare">Called before each round and not counted.</param>
    public static long Of(Action round, Action? prepare = null)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < 5 && fewest != 0; i++)
        {
            prepare?.Invoke();
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
