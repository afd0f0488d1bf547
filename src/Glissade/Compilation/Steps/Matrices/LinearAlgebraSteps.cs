using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Glissade.Compilation.Steps;

/// <summary>Cholesky factors by Math.NET Numerics, whose managed code allocates scratch memory in every call.</summary>
internal sealed class CholeskyStep<T> : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly ManagedLinearAlgebraProvider Provider = new();

    private readonly Shape _shape;
    private readonly Place<T> _source, _destination;
    private readonly int _n;
    private readonly T[] _matrix;

    public CholeskyStep(Tensor node, Func<Tensor, Place<T>> placeOf)
    {
        _shape = node.Shape;
        (_source, _destination) = (placeOf(node.Inputs[0]), placeOf(node));
        _n = _shape[-1];
        _matrix = new T[_n * _n];
    }

    /// <summary>A third of n³ for each matrix.</summary>
    public override double Flops => _shape.Count * (double)_n / 3;

    public override unsafe long WorkspaceBytes => (long)_matrix.Length * sizeof(T);

    public override void Run()
    {
        if (_shape.Count == 0)
        {
            return;
        }

        int size = _matrix.Length;
        for (int start = 0; start < _shape.Count; start += size)
        {
            Factor(_source.Vector.Span.Slice(_source.Offset + start, size), _destination.Vector.Span.Slice(_destination.Offset + start, size));
        }
    }

    public override string ToString() => $"cholesky-factor {_shape}";

    private void Factor(ReadOnlySpan<T> source, Span<T> result)
    {
        T half = T.CreateTruncating(0.5);
        bool finite = true;
        for (int row = 0; row < _n; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                T value = half * (source[(row * _n) + column] + source[(column * _n) + row]);
                finite &= T.IsFinite(value);

                // By columns, as the library has it.
                _matrix[(column * _n) + row] = _matrix[(row * _n) + column] = value;
            }
        }

        if (!finite || !TryFactor())
        {
            result.Fill(T.NaN);
            return;
        }

        for (int row = 0; row < _n; row++)
        {
            for (int column = 0; column < _n; column++)
            {
                result[(row * _n) + column] = column <= row ? _matrix[(column * _n) + row] : T.Zero;
            }
        }
    }

    private bool TryFactor()
    {
        try
        {
            if (typeof(T) == typeof(float))
            {
                Provider.CholeskyFactor((float[])(object)_matrix, _n);
            }
            else
            {
                Provider.CholeskyFactor((double[])(object)_matrix, _n);
            }
        }
        catch (Exception e) when (e is ArgumentException or NonConvergenceException)
        {
            // The library's way to say that the matrix is not positive definite.
            return false;
        }

        return Array.TrueForAll(_matrix, T.IsFinite);
    }
}

/// <summary>Triangular systems by substitution, row by row of the right side; those of a batch, threads share.</summary>
internal sealed unsafe class TriangularSolveStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const long ChunkWork = 1 << 18;

    private const int ColumnGranule = 64;

    private readonly TriangularSolve _operation;
    private readonly Shape _shape;
    private readonly Place<T> _triangle, _right, _destination;
    private readonly int _n, _k;
    private readonly Chunks _columns, _matrices;
    private readonly nint _strideTriangle, _strideRight;

    public TriangularSolveStep(Tensor node, TriangularSolve operation, Func<Tensor, Place<T>> placeOf)
    {
        (_operation, _shape) = (operation, node.Shape);
        (Tensor triangle, Tensor right) = (node.Inputs[0], node.Inputs[1]);
        (_triangle, _right, _destination) = (placeOf(triangle), placeOf(right), placeOf(node));
        (_n, _k) = (_shape[-2], _shape[-1]);
        int batch = new Shape(_shape.Lengths[..^2]).Count;
        (_strideTriangle, _strideRight) = (triangle.Shape.Rank > 2 ? (nint)_n * _n : 0, right.Shape.Rank > 2 ? (nint)_n * _k : 0);

        long columns = Math.Clamp(ChunkWork / Math.Max(1, (long)_n * _n), 1, Math.Max(1, _k));
        _columns = new Chunks(_k, (int)Math.Min(Math.Max(1, _k), (columns + ColumnGranule - 1) / ColumnGranule * ColumnGranule));
        _matrices = new Chunks(batch, (int)Math.Clamp(ChunkWork / Math.Max(1, (long)_n * _n * _columns.Length), 1, Math.Max(1, batch)));
    }

    /// <summary>n² for each right side.</summary>
    public override double Flops => _shape.Count * (double)_n;

    public override void Run()
    {
        if (_shape.Count > 0)
        {
            ComputePool.Run(this, _columns.Count * _matrices.Count);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        (int column, int endColumn) = _columns[chunk % _columns.Count];
        (int first, int end) = _matrices[chunk / _columns.Count];
        int columns = endColumn - column;
        for (int matrix = first; matrix < end; matrix++)
        {
            Solve(_triangle.Pointer + (matrix * _strideTriangle), _right.Pointer + (matrix * _strideRight) + column, _destination.Pointer + ((nint)matrix * _n * _k) + column, columns);
        }
    }

    public override string ToString() => $"triangular-solve {_shape}";

    private void Solve(T* triangle, T* right, T* result, int columns)
    {
        // A transposed lower triangle is solved from below, as an upper one is.
        bool downwards = _operation.Upper == _operation.Transposed;
        (nint alongRow, nint alongColumn) = _operation.Transposed ? (_n, (nint)1) : (1, _n);
        for (int i = 0; i < _n; i++)
        {
            int row = downwards ? i : _n - 1 - i;
            T* x = result + ((nint)row * _k);
            new ReadOnlySpan<T>(right + ((nint)row * _k), columns).CopyTo(new Span<T>(x, columns));
            for (int j = 0; j < i; j++)
            {
                int known = downwards ? j : _n - 1 - j;
                Runs.AddMultiple(-triangle[(row * alongColumn) + (known * alongRow)], result + ((nint)known * _k), x, columns);
            }

            Runs.Divide(x, triangle[(row * alongColumn) + (row * alongRow)], columns);
        }
    }
}

/// <summary>One triangle of each matrix, its diagonal multiplied, and zeros.</summary>
internal sealed class TriangleStep<T>(Tensor node, Triangle operation, Func<Tensor, Place<T>> placeOf) : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Place<T> _source = placeOf(node.Inputs[0]), _destination = placeOf(node);
    private readonly T _diagonal = T.CreateTruncating(operation.Diagonal);

    public override void Run()
    {
        (int rows, int columns) = (node.Shape[-2], node.Shape[-1]);
        if (node.Shape.Count == 0)
        {
            return;
        }

        ReadOnlySpan<T> source = _source.Vector.Span.Slice(_source.Offset, node.Shape.Count);
        Span<T> result = _destination.Vector.Span.Slice(_destination.Offset, node.Shape.Count);
        result.Clear();
        for (int start = 0; start < source.Length; start += columns)
        {
            int row = start / columns % rows, diagonal = Math.Min(row, columns);
            (int first, int end) = operation.Upper ? (Math.Min(row + 1, columns), columns) : (0, diagonal);
            source[(start + first)..(start + end)].CopyTo(result[(start + first)..]);
            if (row < columns)
            {
                result[start + row] = _diagonal * source[start + row];
            }
        }
    }

    public override string ToString() => $"{operation.Name} {node.Shape}";
}
