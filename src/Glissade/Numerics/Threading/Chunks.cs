namespace Glissade.Numerics;

/// <summary>Things in a row, cut into chunks of one length, of which the last may be shorter. Right for any number of things, also near 2³¹.</summary>
/// <param name="Total">How many things, 0 or more.</param>
/// <param name="Length">How many of them a chunk has, 1 or more.</param>
internal readonly record struct Chunks(int Total, int Length)
{
    /// <summary>How many chunks.</summary>
    public int Count => (int)(((long)Total + Length - 1) / Length);

    /// <summary>The first thing of a chunk, and the one after its last.</summary>
    /// <param name="chunk">From 0 to <see cref="Count"/>−1.</param>
    public (int First, int End) this[int chunk]
    {
        get
        {
            int first = chunk * Length;
            return (first, (int)Math.Min(Total, (long)first + Length));
        }
    }
}
