namespace Glissade.Numerics;

/// <summary>Terms of a sum that stand at regular distances in both factors.</summary>
internal struct ConvolutionSegment
{
    /// <summary>Bytes from the start of A to the first term.</summary>
    public nint A;

    /// <summary>Bytes from the start of B to the first term.</summary>
    public nint B;

    /// <summary>Number of terms.</summary>
    public nint Depth;
}

/// <summary>What all tiles of one row of a convolution share. Distances are in bytes.</summary>
/// <remarks>What is here goes to a tile by one register; see <see cref="MatrixProductTileContext"/> for what an argument on the stack costs.</remarks>
internal unsafe struct ConvolutionTileContext
{
    /// <summary>The first segment of the sum.</summary>
    public ConvolutionSegment* Segments;

    /// <summary>How many there are, zero or more.</summary>
    public int SegmentCount;

    /// <summary>From an element of A to the one of the next row of the tile.</summary>
    public nint RowStepA;

    /// <summary>From an element of A to the one of the next term.</summary>
    public nint DepthStepA;

    /// <summary>From the columns of one term in B to those of the next.</summary>
    public nint DepthStepB;

    /// <summary>From the columns of B that one tile reads to those of the next.</summary>
    public nint PanelStepB;

    /// <summary>From a row of C to the next.</summary>
    public nint RowStepC;

    /// <summary>The sum is added to what C holds.</summary>
    public bool AddsToC;

    /// <summary>The last step is max(x, 0).</summary>
    public bool Rectifies;
}
