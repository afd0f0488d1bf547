using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>Sizes and options of one matrix product.</summary>
internal sealed record MatrixProductCase(
    int M,
    int N,
    int K,
    bool TransposeA,
    bool TransposeB,
    int Padding = 0,
    bool HasBias = false,
    MatrixProductActivation Activation = MatrixProductActivation.None,
    bool Accumulate = false,
    int SquaredRows = 0,
    bool IsMasked = false);

/// <summary>Random operands in memory as the contract wants it, the product by the kernel, and the sum written out.</summary>
internal sealed unsafe class MatrixProductProblem<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T Canary = T.CreateChecked(12345);

    private readonly MatrixProductCase _size;
    private readonly FlatVector<T> _a;
    private readonly FlatVector<T> _b;
    private readonly FlatVector<T> _bias;
    private readonly FlatVector<T> _squares;
    private readonly FlatVector<T> _mask;
    private readonly FlatVector<T> _sums;
    private readonly T[] _sumsBefore;
    private readonly T[] _before;
    private readonly int _strideA;
    private readonly int _strideB;
    private readonly int _strideC;

    public MatrixProductProblem(MatrixProductCase size, Random random)
    {
        _size = size;
        _strideA = (size.TransposeA ? size.M : size.K) + size.Padding;
        _strideB = (size.TransposeB ? size.K : size.N) + size.Padding;
        _strideC = size.N + size.Padding;
        _a = RandomVector((size.TransposeA ? size.K : size.M) * _strideA, random);
        _b = RandomVector((size.TransposeB ? size.N : size.K) * _strideB, random);
        _bias = RandomVector(size.N, random);
        _squares = new FlatVector<T>((Ranges + 1) * size.N);
        _before = RandomVector(size.M * size.N, random).Span.ToArray();
        _mask = size.IsMasked ? MaskVector(size.M * _strideC, random) : new FlatVector<T>(0);
        _sums = new FlatVector<T>(2 * size.N);
        _sumsBefore = RandomVector(size.N, random).Span.ToArray();
    }

    public Span<T> A => _a.Span;

    public Span<T> B => _b.Span;

    /// <summary>The sums of the squares of C's columns in each range of rows, as the last run made them.</summary>
    public T[] Squares => [.. _squares.Span[..(Ranges * _size.N)]];

    /// <summary>What was added to the sums of C's columns, as the last run made them.</summary>
    public T[] ColumnSums => [.. _sums.Span[.._size.N]];

    private int Ranges => _size.SquaredRows == 0 ? 0 : (_size.M + _size.SquaredRows - 1) / _size.SquaredRows;

    /// <summary>Puts NaN wherever a stored row has padding.</summary>
    public void Poison()
    {
        Poison(_a.Span, _strideA, _strideA - _size.Padding);
        Poison(_b.Span, _strideB, _strideB - _size.Padding);
    }

    /// <summary>The product by the kernel, in parts of its rows if cuts are given; fails if anything outside C was written.</summary>
    /// <param name="bits">Those of a vector: 512, 256 or 128; null for what the hardware has.</param>
    /// <param name="cuts">First row, cuts between parts, last row.</param>
    public T[] Run(int? bits, params int[] cuts)
    {
        int[] ends = cuts.Length == 0 ? [0, _size.M] : cuts;
        int guard = 64;
        _squares.Span.Clear();
        _squares.Span[(Ranges * _size.N)..].Fill(Canary);
        _sums.Span.Fill(Canary);
        _sumsBefore.CopyTo(_sums.Span);
        var c = new FlatVector<T>((_size.M * _strideC) + (2 * guard));
        c.Span.Fill(Canary);
        for (int i = 0; i < _size.M; i++)
        {
            _before.AsSpan(i * _size.N, _size.N).CopyTo(c.Span[(guard + (i * _strideC))..]);
        }

        for (int part = 0; part + 1 < ends.Length; part++)
        {
            int first = ends[part], rows = ends[part + 1] - first;
            int length = WorkspaceLength(bits, rows);
            Assert.True(length <= WorkspaceLength(bits, _size.M));
            var workspace = new FlatVector<T>(length + guard);
            workspace.Span.Fill(T.NaN);
            workspace.Span[length..].Fill(Canary);
            Multiply(bits, first, rows, c.Pointer + guard + (first * _strideC), workspace.Pointer);
            Assert.Equal(-1, workspace.Span[length..].IndexOfAnyExcept(Canary));
            GC.KeepAlive(workspace);
        }

        var result = new T[_size.M * _size.N];
        for (int i = 0; i < _size.M; i++)
        {
            Span<T> row = c.Span.Slice(guard + (i * _strideC), _size.N);
            row.CopyTo(result.AsSpan(i * _size.N));
            row.Fill(Canary);
        }

        Assert.Equal(-1, c.Span.IndexOfAnyExcept(Canary));
        Assert.Equal(-1, _squares.Span[(Ranges * _size.N)..].IndexOfAnyExcept(Canary));
        Assert.Equal(-1, _sums.Span[_size.N..].IndexOfAnyExcept(Canary));
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>The product as the definition has it, in the element type: for each block of k one chain of fused multiply-adds, the blocks added in order. Right to the bit.</summary>
    public T[] Chain()
    {
        // Equal blocks of at most 2 KiB of a row.
        int blocks = Math.Max(1, ((_size.K * sizeof(T)) + 2047) / 2048), depth = (_size.K + blocks - 1) / blocks;
        var result = new T[_size.M * _size.N];
        for (int i = 0; i < _size.M; i++)
        {
            for (int j = 0; j < _size.N; j++)
            {
                int index = (i * _size.N) + j;
                T value = T.Zero;
                for (int block = 0; block < blocks; block++)
                {
                    T sum = T.Zero;
                    for (int p = block * depth; p < Math.Min(_size.K, (block + 1) * depth); p++)
                    {
                        sum = T.FusedMultiplyAdd(ElementOfA(i, p), ElementOfB(p, j), sum);
                    }

                    value = block > 0 ? value + sum : _size.Accumulate ? _before[index] + sum : sum;
                }

                value = _size.HasBias ? value + _bias[j] : value;
                value = _size.Activation == MatrixProductActivation.Relu && value < T.Zero ? T.Zero : value;
                result[index] = !_size.IsMasked || _mask[(i * _strideC) + j] > T.Zero ? value : T.Zero;
            }
        }

        return result;
    }

    /// <summary>The sums of C's columns, row after row, in the element type.</summary>
    public T[] ChainOfColumnSums(T[] c)
    {
        T[] sums = [.. _sumsBefore];
        for (int i = 0; i < c.Length; i++)
        {
            sums[i % _size.N] += c[i];
        }

        return sums;
    }

    /// <summary>The sums in double, and the sums of magnitudes, which bound the rounding error.</summary>
    public (double[] Sums, double[] Magnitudes) Sums()
    {
        var sums = new double[_size.M * _size.N];
        var magnitudes = new double[sums.Length];
        var b = new double[_size.N];
        for (int p = 0; p < _size.K; p++)
        {
            for (int j = 0; j < b.Length; j++)
            {
                b[j] = double.CreateChecked(ElementOfB(p, j));
            }

            for (int i = 0; i < _size.M; i++)
            {
                double x = double.CreateChecked(ElementOfA(i, p));
                Span<double> sum = sums.AsSpan(i * b.Length, b.Length), magnitude = magnitudes.AsSpan(i * b.Length, b.Length);
                for (int j = 0; j < b.Length; j++)
                {
                    sum[j] += x * b[j];
                    magnitude[j] += Math.Abs(x * b[j]);
                }
            }
        }

        return (sums, magnitudes);
    }

    private static FlatVector<T> RandomVector(int length, Random random)
    {
        var vector = new FlatVector<T>(length);
        foreach (ref T x in vector.Span)
        {
            x = T.CreateTruncating((2 * random.NextDouble()) - 1);
        }

        return vector;
    }

    /// <summary>Numbers of either sign and all that is neither above nor below 0, or infinite.</summary>
    private static FlatVector<T> MaskVector(int length, Random random)
    {
        FlatVector<T> mask = RandomVector(length, random);
        T[] special = [T.NaN, T.Zero, T.NegativeZero, T.One, T.PositiveInfinity, T.NegativeInfinity, T.Epsilon, -T.Epsilon];
        foreach (ref T x in mask.Span)
        {
            int kind = random.Next(3 * special.Length);
            x = kind < special.Length ? special[kind] : x;
        }

        return mask;
    }

    private static void Poison(Span<T> matrix, int stride, int width)
    {
        for (int start = width; start < matrix.Length; start += stride)
        {
            matrix[start..Math.Min(start + stride - width, matrix.Length)].Fill(T.NaN);
        }
    }

    private T ElementOfA(int i, int p) => _a[_size.TransposeA ? (p * _strideA) + i : (i * _strideA) + p];

    private T ElementOfB(int p, int j) => _b[_size.TransposeB ? (j * _strideB) + p : (p * _strideB) + j];

    private int WorkspaceLength(int? bits, int rows) => bits switch
    {
        512 => MatrixProductBlocks<Vector512<T>, Simd512<T>, T>.WorkspaceLength(rows, _size.N, _size.K, _size.TransposeA, _size.TransposeB),
        256 => MatrixProductBlocks<Vector256<T>, Simd256<T>, T>.WorkspaceLength(rows, _size.N, _size.K, _size.TransposeA, _size.TransposeB),
        128 => MatrixProductBlocks<Vector128<T>, Simd128<T>, T>.WorkspaceLength(rows, _size.N, _size.K, _size.TransposeA, _size.TransposeB),
        _ => MatrixProduct<T>.WorkspaceLength(rows, _size.N, _size.K, _size.TransposeA, _size.TransposeB),
    };

    private void Multiply(int? bits, int first, int rows, T* c, T* workspace)
    {
        T* a = _a.Pointer + (_size.TransposeA ? first : (nint)first * _strideA);
        T* b = _b.Pointer;
        var epilogue = new MatrixProductEpilogue<T>
        {
            Bias = _size.HasBias ? _bias.Pointer : null,
            Activation = _size.Activation,
            Accumulate = _size.Accumulate,
            ColumnSquares = Ranges == 0 ? null : _squares.Pointer + (first / _size.SquaredRows * _size.N),
            SquaredRows = _size.SquaredRows,
            Mask = _size.IsMasked ? _mask.Pointer + ((nint)first * _strideC) : null,
            ColumnSums = _size.IsMasked ? _sums.Pointer : null,
        };
        if (bits is null)
        {
            MatrixProduct<T>.Multiply(
                rows, _size.N, _size.K, a, _strideA, _size.TransposeA, b, _strideB, _size.TransposeB, c, _strideC, in epilogue, workspace);
        }
        else if (bits == 512)
        {
            MatrixProductBlocks<Vector512<T>, Simd512<T>, T>.Multiply(
                rows, _size.N, _size.K, a, _strideA, _size.TransposeA, b, _strideB, _size.TransposeB, c, _strideC, in epilogue, workspace);
        }
        else if (bits == 128)
        {
            MatrixProductBlocks<Vector128<T>, Simd128<T>, T>.Multiply(
                rows, _size.N, _size.K, a, _strideA, _size.TransposeA, b, _strideB, _size.TransposeB, c, _strideC, in epilogue, workspace);
        }
        else
        {
            MatrixProductBlocks<Vector256<T>, Simd256<T>, T>.Multiply(
                rows, _size.N, _size.K, a, _strideA, _size.TransposeA, b, _strideB, _size.TransposeB, c, _strideC, in epilogue, workspace);
        }
    }
}
