namespace Glissade.Numerics;

/// <summary>What all tiles of one block of a matrix product share. Distances are in bytes.</summary>
/// <remarks>
/// It is passed in a register. Were it the seventh argument of a tile, its address would go over the stack, and the first load of a tile would wait
/// behind the last tile's stores: some 25 cycles of the 60 from one tile to the next (12 × 32 floats, AVX-512).
/// </remarks>
internal unsafe struct MatrixProductTileContext
{
    /// <summary>For tiles that pack: where the panel goes.</summary>
    public byte* Packed;

    /// <summary>For tiles that pack columns of the next panel: where these begin.</summary>
    public byte* Source;

    /// <summary>From one of those columns to the next.</summary>
    public nint SourceStep;

    /// <summary>Number of terms of the sums, zero or more.</summary>
    public nint Depth;

    /// <summary>From an element of op(A) to the one in the next row.</summary>
    public nint RowStepA;

    /// <summary>From an element of op(A) to the one in the next column.</summary>
    public nint DepthStepA;

    /// <summary>From a row of op(B) to the next.</summary>
    public nint DepthStepB;

    /// <summary>From the columns of op(B) that one tile reads to those that the next one does.</summary>
    public nint PanelStepB;

    /// <summary>From a row of C to the next.</summary>
    public nint RowStepC;

    /// <summary>The sum is added to what C holds.</summary>
    public bool AddsToC;

    /// <summary>The last step is max(x, 0).</summary>
    public bool Rectifies;

    /// <summary>What stands for each column are sums to which the squares of C's columns are added.</summary>
    public bool IsSquared;

    /// <summary>C is 0 where the mask is not positive, and what stands for each column are sums to which C's columns are added.</summary>
    public bool IsMasked;

    /// <summary>For sums of squares: rows of a range that has sums of its own; 0 where all rows have the same.</summary>
    public nint SquaredRows;

    /// <summary>For sums of squares: from those of one range to those of the next.</summary>
    public nint RangeStep;

    /// <summary>For sums of squares: the first row of C.</summary>
    public byte* FirstC;

    /// <summary>From an element of C to that of the mask.</summary>
    public nint MaskFromC;
}
