namespace Glissade.Numerics;

/// <summary>What all tiles of one matrix product share. Distances are in bytes.</summary>
internal struct MatrixProductTileContext
{
    /// <summary>From an element of op(A) to the one in the next row.</summary>
    public nint RowStepA;

    /// <summary>From an element of op(A) to the one in the next column.</summary>
    public nint DepthStepA;

    /// <summary>From a row of op(B) to the next.</summary>
    public nint DepthStepB;

    /// <summary>From a row of C to the next.</summary>
    public nint RowStepC;

    /// <summary>The sum is added to what C holds.</summary>
    public bool AddsToC;

    /// <summary>The last step is max(x, 0).</summary>
    public bool Rectifies;
}
