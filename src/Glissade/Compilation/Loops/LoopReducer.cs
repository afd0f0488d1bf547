using System.Numerics;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>One reduction of an interpreted loop: chunks reduce apart and are combined in order.</summary>
internal sealed unsafe class LoopReducer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly LoopReduction _reduction;
    private readonly Place<T> _result;
    private readonly int _columns, _rows, _chunks;

    /// <summary>Sums of chunks are kept in double, which costs nothing beside the loop and keeps long sums exact.</summary>
    private readonly double[] _totals;
    private readonly FlatVector<T> _partial;

    public LoopReducer(LoopReduction reduction, FusedLoop loop, Place<T> result, int chunks)
    {
        (_reduction, _result, _rows, _columns, _chunks) = (reduction, result, loop.Rows, loop.Columns, chunks);
        _totals = new double[reduction.Over == Access.Scalar ? chunks : 0];
        _partial = new FlatVector<T>(reduction.Over == Access.PerColumn ? Math.Max(0, chunks - 1) * _columns : 0);
    }

    /// <summary>Bytes of the partial results of chunks.</summary>
    public long Bytes => ((long)_partial.Length * sizeof(T)) + ((long)_totals.Length * sizeof(double));

    public int Slot => _reduction.Slot;

    /// <summary>Where a chunk's totals of columns are.</summary>
    public T* Columns(int chunk) => chunk == 0 ? _result.Pointer : _partial.Pointer + ((nint)(chunk - 1) * _columns);

    private T Neutral => _reduction.Kind == ReductionKind.Sum ? T.Zero : T.NegativeInfinity;

    public void Begin(int chunk)
    {
        switch (_reduction.Over)
        {
            case Access.Scalar:
                _totals[chunk] = _reduction.Kind == ReductionKind.Sum ? 0 : double.NegativeInfinity;
                break;
            case Access.PerColumn:
                new Span<T>(Columns(chunk), _columns).Fill(Neutral);
                break;
        }
    }

    public void Accumulate(int chunk, T* block, int row, int rows, int column, int columns)
    {
        bool sum = _reduction.Kind == ReductionKind.Sum;
        switch (_reduction.Over)
        {
            case Access.Scalar:
                int count = rows * columns;
                _totals[chunk] = sum
                    ? _totals[chunk] + double.CreateTruncating(ReductionKernels<T>.Sum(block, count))
                    : Math.Max(_totals[chunk], double.CreateTruncating(ReductionKernels<T>.Max(block, count)));
                break;
            case Access.PerRow when sum && columns == _columns && ShortRows<T>.FitsSum(columns):
                ShortRows<T>.Sum(block, rows, columns, _result.Pointer + row);
                break;
            case Access.PerRow when !sum && columns == _columns && ShortRows<T>.FitsMax(columns):
                ShortRows<T>.Max(block, rows, columns, _result.Pointer + row);
                break;
            case Access.PerRow:
                for (int i = 0; i < rows; i++)
                {
                    T part = sum ? ReductionKernels<T>.Sum(block + (i * columns), columns) : ReductionKernels<T>.Max(block + (i * columns), columns);
                    T* total = _result.Pointer + row + i;
                    *total = column == 0 ? part : sum ? *total + part : T.Max(*total, part);
                }

                break;
            case Access.PerColumn:
                CombineColumns(block, rows, columns, Columns(chunk) + column);
                break;
        }
    }

    /// <summary>Adds a block's sum that was made elsewhere.</summary>
    public void AccumulateSum(int chunk, T sum) => _totals[chunk] += double.CreateTruncating(sum);

    public void Finish()
    {
        bool sum = _reduction.Kind == ReductionKind.Sum;
        switch (_reduction.Over)
        {
            case Access.Scalar:
                double total = sum ? 0 : double.NegativeInfinity;
                foreach (double part in _totals)
                {
                    total = sum ? total + part : Math.Max(total, part);
                }

                *_result.Pointer = T.CreateTruncating(total);
                break;
            case Access.PerColumn:
                if (_chunks == 0)
                {
                    new Span<T>(_result.Pointer, _columns).Fill(Neutral);
                }

                for (int chunk = 1; chunk < _chunks; chunk++)
                {
                    CombineColumns(Columns(chunk), 1, _columns, _result.Pointer);
                }

                break;
            case Access.PerRow when _chunks == 0:
                new Span<T>(_result.Pointer, _rows).Fill(Neutral);
                break;
        }
    }

    private void CombineColumns(T* block, int rows, int columns, T* totals)
    {
        if (_reduction.Kind == ReductionKind.Sum)
        {
            ColumnTotals<T>.Combine<Add.Operator>(block, rows, columns, totals);
        }
        else
        {
            ColumnTotals<T>.Combine<Maximum.Operator>(block, rows, columns, totals);
        }
    }
}
