using System.Numerics;
using Glissade.Compilation.Storage;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>An operand of a matrix product as it stands in memory.</summary>
/// <param name="Place">Where.</param>
/// <param name="Rounds">The format to which elements are rounded as they are read; null for none.</param>
/// <param name="RowLength">Elements from one stored row to the next.</param>
internal readonly unsafe record struct ProductOperand<T>(Place<T> Place, StorageFormat? Rounds, int RowLength)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Where a value stands, and whether it is rounded on the way.</summary>
    public static ProductOperand<T> Of(Tensor value, Func<Tensor, Place<T>> placeOf) =>
        new(placeOf(value), (value.Operation as RoundedOperand)?.Format, value.Shape[-1]);

    /// <summary>Whether a product can read it where it stands.</summary>
    public bool IsPlain => Place.Format is null && Rounds is null;

    /// <summary>Writes a block of it, row by row without gaps, as elements that a product can read.</summary>
    /// <param name="first">Index of the block's first element.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="destination">Where to.</param>
    public void Expand(nint first, int rows, int columns, T* destination)
    {
        for (int row = 0; row < rows; row++, first += RowLength, destination += columns)
        {
            if (Place.Format is { } format)
            {
                CompactNumbers.Expand(Place.Compact + first, (float*)destination, columns, format);
            }
            else
            {
                CompactNumbers.Round((float*)(Place.Pointer + first), (float*)destination, columns, Rounds!.Value);
            }
        }
    }
}

/// <summary>A product of float matrices of which one or both are kept in 16 bits, or are rounded to a format of 16 bits as they are read.</summary>
/// <remarks>
/// Blocks of the operands are expanded into scratch, never a whole one. The sums over k are cut where the product itself cuts them, so the bits are those
/// of the product of the expanded matrices; products of two numbers of a format are exact in float, and so only their sums round.
/// </remarks>
internal sealed unsafe class CompactProduct<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ColumnBlock = 256, RowBlockElements = 1 << 16, LeastRows = 48;

    private readonly ProductOperand<T> _a, _b;
    private readonly bool _transposeA, _transposeB;
    private readonly int _n, _k, _depth, _rows, _columns, _lengthA, _lengthB;

    public CompactProduct(ProductOperand<T> a, bool transposeA, ProductOperand<T> b, bool transposeB, int m, int n, int k)
    {
        (_a, _transposeA, _b, _transposeB, _n, _k) = (a, transposeA, b, transposeB, n, k);
        _depth = MatrixProduct<T>.DepthBlock(k);
        _rows = Math.Max(1, Math.Min(m, Math.Max(LeastRows, RowBlockElements / Math.Max(1, _depth) / LeastRows * LeastRows)));
        _columns = Math.Max(1, b.IsPlain ? n : Math.Min(n, ColumnBlock));
        _lengthA = a.IsPlain ? 0 : Room(_rows * _depth);
        _lengthB = b.IsPlain ? 0 : Room(_depth * _columns);
        int product = 0;
        foreach (int rows in (int[])[_rows, m % _rows])
        {
            foreach (int columns in (int[])[_columns, n % _columns])
            {
                foreach (int depth in (int[])[_depth, _depth == 0 ? 0 : k % _depth])
                {
                    product = Math.Max(product, MatrixProduct<T>.WorkspaceLength(rows, columns, depth, transposeA, transposeB));
                }
            }
        }

        WorkspaceLength = _lengthA + _lengthB + product;
    }

    /// <summary>Elements of scratch for each worker.</summary>
    public int WorkspaceLength { get; }

    /// <summary>Computes some rows of one product.</summary>
    /// <param name="firstA">Index of the first element of A.</param>
    /// <param name="firstB">Index of the first element of B.</param>
    /// <param name="c">C of the product.</param>
    /// <param name="row">The first of the rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="epilogue">What follows the sum.</param>
    /// <param name="workspace">Scratch.</param>
    public void Multiply(nint firstA, nint firstB, T* c, int row, int rows, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        for (int end = row + rows; row < end; row += _rows)
        {
            int count = Math.Min(_rows, end - row);
            int p = 0;
            do
            {
                int depth = Math.Min(_depth, _k - p);
                MultiplyDepth(firstA, firstB, c, row, count, p, depth, in epilogue, workspace);
                p += depth;
            }
            while (p < _k);
        }
    }

    private void MultiplyDepth(nint firstA, nint firstB, T* c, int row, int rows, int p, int depth, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        nint blockA = firstA + (_transposeA ? ((nint)p * _a.RowLength) + row : ((nint)row * _a.RowLength) + p);
        T* a = workspace, scratch = workspace + _lengthA + _lengthB;
        int lda = _transposeA ? rows : depth;
        if (_a.IsPlain)
        {
            a = _a.Place.Pointer + blockA;
            lda = _a.RowLength;
        }
        else
        {
            _a.Expand(blockA, _transposeA ? depth : rows, lda, a);
        }

        bool finishes = p + depth >= _k;
        for (int j = 0; j < _n; j += _columns)
        {
            int columns = Math.Min(_columns, _n - j);
            nint blockB = firstB + (_transposeB ? ((nint)j * _b.RowLength) + p : ((nint)p * _b.RowLength) + j);
            T* b = workspace + _lengthA;
            int ldb = _transposeB ? depth : columns;
            if (_b.IsPlain)
            {
                b = _b.Place.Pointer + blockB;
                ldb = _b.RowLength;
            }
            else
            {
                _b.Expand(blockB, _transposeB ? columns : depth, ldb, b);
            }

            var part = new MatrixProductEpilogue<T>
            {
                Bias = finishes && epilogue.Bias != null ? epilogue.Bias + j : null,
                Activation = finishes ? epilogue.Activation : MatrixProductActivation.None,
                Accumulate = p > 0,
            };
            MatrixProduct<T>.Multiply(rows, columns, depth, a, lda, _transposeA, b, ldb, _transposeB, c + ((nint)row * _n) + j, _n, in part, scratch);
        }
    }

    // A product may read a vector beyond an operand; what follows begins on its own line.
    private static int Room(int count)
    {
        int granule = 64 / sizeof(T);
        return ((count + granule - 1) / granule * granule) + granule;
    }
}
