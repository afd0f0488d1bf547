using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A matrix product, or one for each matrix of a batch; much work is cut into ranges of rows or of matrices, which threads share.</summary>
internal sealed unsafe class MatrixProductStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds below which waking another thread costs more than it saves.</summary>
    private const long ChunkWork = 1 << 21;

    /// <summary>Rows of a range at least, and what their number is a multiple of: that of the rows of a tile.</summary>
    private const int LeastRows = 48, RowGranule = 12;

    /// <summary>Rows, about, whose squares are added one after another at most: a longer sum in the element type would lose digits that its parts keep.</summary>
    private const int MostSquaredRows = 384;

    /// <summary>Every range packs the second matrix again: where that is more than a cache holds, the ranges are few.</summary>
    private const long PackedAgainBytes = 4 << 20, FewChunks = 4, ManyRows = 512;

    private readonly int _m, _n, _k, _batch, _chunks, _squaredRows;
    private readonly Chunks _rows, _matrices;
    private readonly nint _strideA, _strideB;
    private readonly bool _transposeA, _transposeB;
    private readonly Place<T> _a, _b, _c, _bias;
    private readonly Place<T>? _mask, _sums;
    private Place<T>? _squares;
    private readonly bool _hasBias;
    private readonly MatrixProductActivation _activation;
    private readonly int _lda, _ldb;
    private readonly int _workspaceLength;
    private readonly CompactProduct<T>? _compact;
    private Workspaces<T> _workspaces = new();
    private PreparedProduct<T>? _prepared;
    private bool _isPrepared;

    public MatrixProductStep(Tensor node, MatrixMultiplyFused operation, Func<Tensor, Place<T>> placeOf)
    {
        (Tensor left, Tensor right) = (node.Inputs[0], node.Inputs[1]);
        (_transposeA, _transposeB) = (operation.TransposeLeft, operation.TransposeRight);
        (_m, _n) = (node.Shape[-2], node.Shape[-1]);
        _k = left.Shape[_transposeA ? -2 : -1];
        _batch = new Shape(node.Shape.Lengths[..^2]).Count;
        (_lda, _ldb) = (left.Shape[-1], right.Shape[-1]);
        (_strideA, _strideB) = (left.Shape.Rank > 2 ? (nint)_m * _k : 0, right.Shape.Rank > 2 ? (nint)_k * _n : 0);
        (_a, _b, _c) = (placeOf(left), placeOf(right), placeOf(node));
        _hasBias = operation.Bias;
        _bias = _hasBias ? placeOf(node.Inputs[2]) : default;
        _activation = operation.Rectify ? MatrixProductActivation.Relu : MatrixProductActivation.None;

        // One matrix is cut between its rows, a batch between its matrices; by size alone, so that the bits do not depend on the number of threads.
        long work = (long)_m * _n * _k;
        long secondBytes = (long)_k * _n * sizeof(T);
        long mostChunks = secondBytes > PackedAgainBytes ? Math.Min(Math.Max(FewChunks, _m / ManyRows), _m / LeastRows) : _m / LeastRows;
        long chunks = _batch > 1 ? 1 : Math.Clamp(work / ChunkWork, 1, Math.Max(1, mostChunks));
        long rows = (_m + chunks - 1) / chunks, ranges = Math.Max(1, (rows + MostSquaredRows - 1) / MostSquaredRows), granules = ranges * RowGranule;
        long squaredRows = Math.Max(1, (rows + granules - 1) / granules) * RowGranule;
        _rows = new Chunks(_m, (int)Math.Clamp(squaredRows * ranges, 1, Math.Max(1, _m)));
        _squaredRows = (int)squaredRows;
        _matrices = new Chunks(_batch, (int)Math.Clamp(ChunkWork / Math.Max(1, work), 1, Math.Max(1, _batch)));
        _chunks = node.Shape.Count == 0 ? 0 : _batch > 1 ? _matrices.Count : _rows.Count;
        _workspaceLength = Math.Max(
            MatrixProduct<T>.WorkspaceLength(_m, _n, _k, _transposeA, _transposeB),
            MatrixProduct<T>.WorkspaceLength(_rows.Length, _n, _k, _transposeA, _transposeB));
        (ProductOperand<T> a, ProductOperand<T> b) = (ProductOperand<T>.Of(left, placeOf), ProductOperand<T>.Of(right, placeOf));
        if (!a.IsPlain || !b.IsPlain)
        {
            _compact = new CompactProduct<T>(a, _transposeA, b, _transposeB, _m, _n, _k);
            _workspaceLength = _compact.WorkspaceLength;
        }

        Share(_workspaces);
    }

    /// <summary>A product that ends in a selection, and in sums of its columns.</summary>
    /// <param name="product">The product, which stands nowhere itself.</param>
    /// <param name="end">What is made of it.</param>
    /// <param name="placeOf">Where values stand.</param>
    public MatrixProductStep(Tensor product, MaskedEnd end, Func<Tensor, Place<T>> placeOf)
        : this(product, Plain((MatrixMultiply)product.Operation), value => placeOf(value == product ? end.Value : value))
    {
        _mask = placeOf(end.Mask);
        _sums = end.Sums is null ? null : placeOf(end.Sums);
    }

    /// <summary>Whether a product of these sizes is made by one thread in one go.</summary>
    public static bool IsMadeInOneGo(int m, int n, int k) => (long)m * n * k / ChunkWork <= 1;

    /// <summary>A product with nothing added.</summary>
    public static MatrixMultiplyFused Plain(MatrixMultiply operation) => new(operation.TransposeLeft, operation.TransposeRight, Bias: false, Rectify: false);

    /// <summary>Numbers that sums of squares take: one for each column and each range of rows; 0 where the product cannot make them.</summary>
    /// <remarks>
    /// Only a plain product can, of whole vectors of columns or many: one of few columns is quicker made in another way, whatever the width of vector. The ranges
    /// fill those that threads share, also where one thread makes the whole product, so the sums have the same bits.
    /// </remarks>
    public int SquaresLength => _batch == 1 && !_hasBias && _activation == MatrixProductActivation.None && _mask is null && _compact is null
        && (_n * sizeof(T) % FlatVector<T>.Alignment == 0 || _n * sizeof(T) > 4 * FlatVector<T>.Alignment) ? new Chunks(_m, _squaredRows).Count * _n : 0;

    /// <summary>Lets the product sum the squares of what it stores.</summary>
    /// <param name="place">Where the <see cref="SquaresLength"/> sums go.</param>
    public void SumSquares(Place<T> place)
    {
        _squares = place;
        Description = Description! with { Kind = $"{Description.Kind}+sum of squares", BytesWritten = Description.BytesWritten + ((long)SquaresLength * sizeof(T)), Flops = Flops };
    }

    /// <summary>A multiplication and an addition for each term of a sum; a bias, a rectifier, a sum of columns and one of squares count as one each, a mask as a comparison and a selection.</summary>
    public override double Flops => (double)_batch * _m * _n * ((2.0 * _k) + (_hasBias ? 1 : 0) + (_activation == MatrixProductActivation.Relu ? 1 : 0) + (_mask is null ? 0 : 2) + (_sums is null ? 0 : 1) + (_squares is null ? 0 : 1));

    public override void Share(Workspaces<T> workspaces)
    {
        workspaces.Reserve(_workspaceLength, Math.Max(1, _chunks));
        _workspaces = workspaces;
    }

    public override void Run()
    {
        if (_sums is { } sums)
        {
            new Span<T>(sums.Pointer, _n).Clear();
        }

        if (_squares is { } squares)
        {
            new Span<T>(squares.Pointer, SquaresLength).Clear();
        }

        if (!_isPrepared)
        {
            Prepare();
        }

        if (_prepared is { } prepared && _batch == 1)
        {
            prepared.Run();
        }
        else if (_batch == 1 && (_chunks == 1 || ComputePool.Threads == 1))
        {
            Multiply(0, 0, _m, 0);
        }
        else
        {
            ComputePool.Run(this, _chunks);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        if (_batch == 1)
        {
            (int row, int endRow) = _rows[chunk];
            Multiply(0, row, endRow - row, worker);
            return;
        }

        (int first, int end) = _matrices[chunk];
        T* workspace = _workspaces[worker];
        for (int matrix = first; matrix < end; matrix++)
        {
            if (_prepared is { } prepared)
            {
                prepared.Run(matrix * _strideA, matrix * _strideB, (nint)matrix * _m * _n, workspace);
            }
            else
            {
                Multiply(matrix, 0, _m, worker);
            }
        }
    }

    public override string ToString() =>
        $"matrix-product {(_batch == 1 ? "" : $"{_batch} of ")}[{_m}, {_k}]{(_transposeA ? "ᵀ" : "")} x [{_k}, {_n}]{(_transposeB ? "ᵀ" : "")}{(_hasBias ? " + bias" : "")}{(_activation == MatrixProductActivation.Relu ? ", relu" : "")}";

    /// <summary>Decides once what a product that is made in one go, or each of a batch, would else decide in every run.</summary>
    private void Prepare()
    {
        _isPrepared = true;
        if ((_batch > 1 || _chunks == 1) && _compact is null)
        {
            MatrixProductEpilogue<T> epilogue = Epilogue(0);
            _prepared = MatrixProduct<T>.Prepare(
                _m, _n, _k, _a.Pointer, _lda, _transposeA, _b.Pointer, _ldb, _transposeB, _c.Pointer, _n, in epilogue, _workspaces[0]);
        }
    }

    private MatrixProductEpilogue<T> Epilogue(int row) => new()
    {
        Bias = _hasBias ? _bias.Pointer : null,
        Activation = _activation,
        Mask = _mask is { } mask ? mask.Pointer : null,
        ColumnSums = _sums is { } sums ? sums.Pointer : null,
        ColumnSquares = _squares is { } squares ? squares.Pointer + ((nint)(row / _squaredRows) * _n) : null,
        SquaredRows = _squaredRows,
    };

    private void Multiply(int matrix, int row, int rows, int worker)
    {
        MatrixProductEpilogue<T> epilogue = Epilogue(row);
        if (_compact is not null)
        {
            _compact.Multiply(matrix * _strideA, matrix * _strideB, _c.Pointer + ((nint)matrix * _m * _n), row, rows, in epilogue, _workspaces[worker]);
            return;
        }

        MatrixProduct<T>.Multiply(
            rows, _n, _k, _a.Pointer + (matrix * _strideA) + (_transposeA ? row : (nint)row * _lda), _lda, _transposeA, _b.Pointer + (matrix * _strideB), _ldb, _transposeB,
            _c.Pointer + ((((nint)matrix * _m) + row) * _n), _n, epilogue, _workspaces[worker]);
    }
}
