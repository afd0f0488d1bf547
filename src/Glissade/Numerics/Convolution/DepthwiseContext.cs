namespace Glissade.Numerics;

/// <summary>Terms of a sum of one channel: elements of the kernel that meet neighbouring pixels of one row of the source.</summary>
/// <remarks>What the first pixel of a result meets by the second element, the second pixel meets by the first.</remarks>
internal struct DepthwiseSegment
{
    /// <summary>Bytes from the start of A to what the first pixel meets by the first element; it may lie beside the image.</summary>
    public nint A;

    /// <summary>Bytes from the start of B to the numbers of the first element, one for each channel.</summary>
    public nint B;

    /// <summary>From the numbers of an element to those of the next.</summary>
    public nint TapStepB;

    /// <summary>The column of the source at A.</summary>
    public int Column;

    /// <summary>How many elements, one to three.</summary>
    public int Taps;
}

/// <summary>What all tiles of one row of a convolution of each channel by itself share. Distances are in bytes.</summary>
internal unsafe struct DepthwiseContext
{
    /// <summary>Elements of the kernel that one segment has at most.</summary>
    public const int MostTaps = 3;

    /// <summary>The first segment of the sum.</summary>
    public DepthwiseSegment* Segments;

    /// <summary>How many there are, zero or more.</summary>
    public int SegmentCount;

    /// <summary>The least column of the source that the first pixel meets, and the greatest.</summary>
    public int FirstColumn, LastColumn;

    /// <summary>Columns of the source: what lies beside them is zero, and is not read.</summary>
    public int Width;

    /// <summary>Columns of the source from what a pixel meets to what the next does.</summary>
    public int ColumnStep;

    /// <summary>The same in A.</summary>
    public nint RowStepA;

    /// <summary>From a pixel of the result, or of the other factor, to the next.</summary>
    public nint RowStepC;

    /// <summary>How many channels.</summary>
    public int Channels;

    /// <summary>The last step is max(x, 0).</summary>
    public bool Rectifies;
}
