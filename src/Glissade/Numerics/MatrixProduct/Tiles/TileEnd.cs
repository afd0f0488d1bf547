namespace Glissade.Numerics;

/// <summary>What the tiles of a product do with their sums, known when the machine code is made: all ways in one method would be more than the compiler inlines.</summary>
internal interface ITileEnd;

/// <summary>A bias is added to each column, and what is below 0 becomes 0, as far as the product asks for either.</summary>
internal readonly struct BiasedEnd : ITileEnd;

/// <summary>C is 0 where a mask is not positive, and its columns are summed.</summary>
internal readonly struct MaskedEnd : ITileEnd;

/// <summary>The squares of C's columns are summed.</summary>
internal readonly struct SquaredEnd : ITileEnd;
