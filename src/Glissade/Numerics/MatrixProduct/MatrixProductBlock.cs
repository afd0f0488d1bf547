using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>How the tiles of a block find op(B).</summary>
internal enum MatrixProductWay
{
    /// <summary>Where it stands.</summary>
    InPlace,

    /// <summary>In panels that are packed before the first tile.</summary>
    PackedBefore,

    /// <summary>Tiles of the first rows read it where it stands and pack it for the others.</summary>
    PackingRows,

    /// <summary>It is stored transposed; tiles pack the next panel.</summary>
    PackingTransposed,

    /// <summary>The same where all rows of A use a panel up at once.</summary>
    PackingTransposedNear,

    /// <summary>The same for panels of one vector, which few rows use up at once.</summary>
    PackingFewTransposed,
}

/// <summary>A block of C and all that its tiles go by, none of which depends on the numbers in the matrices.</summary>
internal unsafe struct MatrixProductBlock<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>What all tiles share.</summary>
    public MatrixProductTileContext Context;

    /// <summary>How they find op(B).</summary>
    public MatrixProductWay Way;

    /// <summary>Rows and columns of the block.</summary>
    public int Rows, Columns;

    /// <summary>First element of op(A).</summary>
    public T* A;

    /// <summary>Elements from the rows of op(A) that one tile reads to those of the next.</summary>
    public nint PanelStepA;

    /// <summary>First element of op(B).</summary>
    public T* B;

    /// <summary>Elements from a column of op(B) to the next, and from a row to the next, where it stands.</summary>
    public nint ColumnStepB, RowStepB;

    /// <summary>Where panels of op(B) are packed.</summary>
    public T* Panels;

    /// <summary>Whether C is one row, whose tiles are of several vectors.</summary>
    public bool IsRow;

    /// <summary>Columns of a panel.</summary>
    public int PanelColumns;

    /// <summary>First element of C.</summary>
    public T* C;

    /// <summary>Bias of its first column, or what its sum is added to, or that of its squares in the first range of C's rows; null for none.</summary>
    public T* PerColumn;

    /// <summary>Computes the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run()
    {
        if (Way == MatrixProductWay.PackedBefore)
        {
            MatrixProductBlocks<TVector, TSimd, T>.Pack(B, ColumnStepB, RowStepB, (int)Context.Depth, Columns, PanelColumns, Panels);
        }

        if (Context.IsMasked)
        {
            Run<MaskedEnd>();
        }
        else if (Context.IsSquared)
        {
            Run<SquaredEnd>();
        }
        else
        {
            Run<BiasedEnd>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Run<TEnd>()
        where TEnd : unmanaged, ITileEnd
    {
        switch (Way)
        {
            case MatrixProductWay.PackingRows:
                MatrixProductPackingTiles<TVector, TSimd, T>.MultiplyRows<TEnd>(Rows, Columns, A, PanelStepA, B, RowStepB * sizeof(T), Panels, C, PerColumn, in Context);
                break;
            case MatrixProductWay.PackingFewTransposed:
                MatrixProductPackingTiles<TVector, TSimd, T>.MultiplyFewTransposed<TEnd>(Rows, Columns, A, PanelStepA, B, ColumnStepB, Panels, C, PerColumn, in Context);
                break;
            case MatrixProductWay.PackingTransposed or MatrixProductWay.PackingTransposedNear:
                MatrixProductPackingTiles<TVector, TSimd, T>.MultiplyTransposed<TEnd>(
                    Rows, Columns, A, PanelStepA, B, ColumnStepB, Panels, Way == MatrixProductWay.PackingTransposedNear, C, PerColumn, in Context);
                break;
            default:
                T* b = Way == MatrixProductWay.PackedBefore ? Panels : B;
                if (IsRow)
                {
                    MatrixProductTiles<TVector, TSimd, T>.MultiplyRow(Columns, PanelColumns, A, b, C, PerColumn, in Context);
                }
                else
                {
                    MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(Rows, Columns, A, PanelStepA, b, C, PerColumn, in Context);
                }

                break;
        }
    }
}
