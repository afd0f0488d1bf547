namespace Glissade.Numerics;

/// <summary>What the tiles of a product do with their sums, known when the machine code is made: all ways in one method would be more than the compiler inlines.</summary>
internal interface ITileEnd
{
    /// <summary>C is 0 where a mask is not positive, and its columns are summed.</summary>
    static abstract bool IsMasked { get; }

    /// <summary>The squares of C's columns are summed.</summary>
    static abstract bool IsSquared { get; }
}

/// <summary>A bias is added to each column, and what is below 0 becomes 0, as far as the product asks for either.</summary>
internal readonly struct BiasedEnd : ITileEnd
{
    public static bool IsMasked => false;

    public static bool IsSquared => false;
}

/// <summary>See <see cref="ITileEnd.IsMasked"/>.</summary>
internal readonly struct MaskedEnd : ITileEnd
{
    public static bool IsMasked => true;

    public static bool IsSquared => false;
}

/// <summary>See <see cref="ITileEnd.IsSquared"/>.</summary>
internal readonly struct SquaredEnd : ITileEnd
{
    public static bool IsMasked => false;

    public static bool IsSquared => true;
}
