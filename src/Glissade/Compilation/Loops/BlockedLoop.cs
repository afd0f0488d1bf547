using System.Numerics;
using Glissade.Compilation.Steps;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>Runs a fused loop block by block, intermediate values in registers or in blocks that stay in the first-level cache.</summary>
/// <remarks>
/// A block is whole rows where several fit, else part of one row. It is run by the emitted kernel of the loop if there is one, else by one vectorised
/// kernel call per operation. Chunks of blocks are cut by size, each reduces into a place of its own, and these are combined in order, so the bits depend
/// neither on the number of threads nor on the executor.
/// </remarks>
internal sealed unsafe class BlockedLoop<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of a chunk, about: what one thread does in one go.</summary>
    public const int ChunkElements = 1 << 16;

    private const int MaximumColumnChunks = 32;

    private readonly LoopPlan<T> _plan;
    private readonly LoopWorker<T>?[] _workers;
    private readonly LoopReducer<T>[] _reducers;
    private readonly int _unitsPerChunk, _chunks;
    private readonly int _rows, _columns;
    private readonly bool _isStreaming, _isOneBlock;
    private long _run;

    public BlockedLoop(LoopPlan<T> plan, Func<Tensor, Place<T>> placeOf)
    {
        _plan = plan;
        FusedLoop loop = plan.Loop;

        // Several rows are cut between rows, a single row anywhere between blocks.
        int unitLength = loop.Rows > 1 ? loop.Columns * _plan.RowsPerBlock : Math.Min(loop.Columns, LoopPlan<T>.BlockLength);
        int units = (int)(loop.Rows > 1 ? ((long)loop.Rows + _plan.RowsPerBlock - 1) / _plan.RowsPerBlock : ((long)loop.Columns + LoopPlan<T>.BlockLength - 1) / LoopPlan<T>.BlockLength);
        _unitsPerChunk = Math.Max(1, ChunkElements / Math.Max(1, unitLength));
        if (loop.Reductions.Any(r => r.Over == Access.PerColumn))
        {
            // Every chunk keeps a row of partial results, which for long rows would be as much as the values themselves.
            _unitsPerChunk = Math.Max(_unitsPerChunk, (units + MaximumColumnChunks - 1) / MaximumColumnChunks);
        }

        _chunks = loop.Rows == 0 || loop.Columns == 0 ? 0 : (units + _unitsPerChunk - 1) / _unitsPerChunk;
        _reducers = [.. loop.Reductions.Select(r => new LoopReducer<T>(r, loop, placeOf(r.Result), _chunks))];

        // No more threads than chunks ever take part.
        _workers = new LoopWorker<T>?[Math.Clamp(_chunks, 1, ComputePool.MaximumThreads)];
        _workers[0] = new LoopWorker<T>(_plan);
        _isStreaming = plan.IsStreaming;
        (_rows, _columns) = (loop.Rows, loop.Columns);
        _isOneBlock = _chunks == 1 && plan.EmittedColumns is null && loop.Rows == plan.RowsPerBlock && loop.Columns <= LoopPlan<T>.BlockLength;
    }

    /// <summary>Every operation on every element counts as one, and so does every element that is reduced; a copy is none.</summary>
    public override double Flops
    {
        get
        {
            FusedLoop loop = _plan.Loop;
            return (double)loop.Rows * loop.Columns * (loop.Instructions.Count(i => i.Operation is not Identity) + loop.Reductions.Count);
        }
    }

    public override long WorkspaceBytes =>
        ((long)_plan.WorkerLength * sizeof(T) * Math.Min(ComputePool.Threads, Math.Max(1, _chunks))) + (_plan.Lanes?.Bytes ?? 0) + _reducers.Sum(r => r.Bytes);

    /// <summary>Whether machine code was made for the loop.</summary>
    public bool IsEmitted => _plan.IsEmitted;

    public override void Run()
    {
        // Each worker sees by the number that its spread values are of an earlier run, whichever workers took part in that.
        _run++;

        if (_chunks == 1)
        {
            RunChunk(0, 0);
        }
        else
        {
            ComputePool.Run(this, _chunks);
        }

        foreach (LoopReducer<T> reducer in _reducers)
        {
            reducer.Finish();
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        LoopWorker<T> state = _workers[worker] ??= new LoopWorker<T>(_plan);
        state.Prepare(_run);
        foreach (LoopReducer<T> reducer in _reducers)
        {
            reducer.Begin(chunk);
        }

        if (_isOneBlock)
        {
            // Most loops of a small network: nothing is cut, and every step on the way there would cost as much as a hundred elements.
            RunBlocks(state, 0, 0, _rows, 0, _columns, 1);
            return;
        }

        int columns = _plan.Loop.Columns;
        if (_plan.Loop.Rows == 1)
        {
            // The end of the last chunk may lie beyond the greatest int.
            int column = chunk * _unitsPerChunk * LoopPlan<T>.BlockLength;
            int end = (int)Math.Min(columns, (chunk + 1L) * _unitsPerChunk * LoopPlan<T>.BlockLength);
            while (column < end)
            {
                int blocks = _isStreaming ? Math.Clamp((end - column) / LoopPlan<T>.BlockLength, 1, LoopPlan<T>.BlocksTogether) : 1;
                int length = Math.Min(LoopPlan<T>.BlockLength, end - column);
                RunBlocks(state, chunk, 0, 1, column, length, blocks);
                column += blocks * length;
            }

            return;
        }

        int unit = _unitsPerChunk * _plan.RowsPerBlock, row = chunk * unit;
        int lastRow = (int)Math.Min(_plan.Loop.Rows, (chunk + 1L) * unit);
        if (_plan.EmittedColumns is not null)
        {
            for (int rows; row < lastRow; row += rows)
            {
                rows = Math.Min(_plan.RowsPerPanel, lastRow - row);
                state.RunColumns(row, rows, chunk, _reducers);
            }

            return;
        }

        for (int rows; row < lastRow; row += rows)
        {
            rows = Math.Min(_plan.RowsPerBlock, lastRow - row);
            for (int column = 0; column < columns; column += LoopPlan<T>.BlockLength)
            {
                RunBlocks(state, chunk, row, rows, column, Math.Min(LoopPlan<T>.BlockLength, columns - column), blocks: 1);
            }
        }
    }

    public override string ToString() => $"loop [{_plan.Loop.Rows}, {_plan.Loop.Columns}]: {_plan.Loop.Operations}";

    private void RunBlocks(LoopWorker<T> worker, int chunk, int row, int rows, int column, int columns, int blocks)
    {
        worker.Run(row, rows, column, columns, blocks);
        for (int r = 0; r < _reducers.Length; r++)
        {
            LoopReducer<T> reducer = _reducers[r];
            T* block = worker.Slot(reducer.Slot);
            if (_plan.InnerSumOf[r] is >= 0 and int sum)
            {
                T* sums = worker.Accumulators(sum);
                for (int b = 0; b < blocks; b++)
                {
                    reducer.AccumulateSum(chunk, ReductionKernels<T>.FinishSum(sums + (b * ReductionKernels<T>.SumStride), block, rows * columns));
                }
            }
            else
            {
                reducer.Accumulate(chunk, block, row, rows, column, columns);
            }
        }

        worker.StoreDeferred(row, rows, column, columns);
    }
}
