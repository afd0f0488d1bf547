using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Compilation.Storage;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>One thread's scratch for a loop, and the running of a block.</summary>
internal sealed unsafe partial class LoopWorker<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>What a body wants besides slots and sums: where vectors are stored aside, and the two parts of the table of lanes.</summary>
    private const int ExtraOperands = 3;

    private readonly LoopPlan<T> _plan;

    /// <summary>Scratch blocks; where an emitted kernel leaves the running sums of each inner sum; where it stores aside.</summary>
    private readonly FlatVector<T> _memory;
    private readonly T* _accumulators;

    /// <summary>The slots of the plan, and after them what a kernel of all of them wants besides.</summary>
    private readonly Operand[] _slots;
    private readonly Operand* _operands;

    /// <summary>The kernel, where there is one of all instructions.</summary>
    private readonly BlockKernel? _whole;

    /// <summary>The operands of each of several bodies.</summary>
    private readonly Operand[][] _bodySlots = [];

    /// <summary>Where each slot's values begin; flat vectors never move, so it is looked up once.</summary>
    private readonly nint[] _bases;
    private readonly Move[] _moves;

    /// <summary>The slots whose blocks are elsewhere than the last, and of these the ones whose values are written anew for each block.</summary>
    private readonly int[] _movingSlots, _writtenSlots;
    private (int Row, int Rows, int Column, int Columns) _last;
    private readonly bool _isSpreadAgain;
    private bool _isSpread;
    private long _preparedFor;

    public LoopWorker(LoopPlan<T> plan)
    {
        _plan = plan;
        _memory = new FlatVector<T>(plan.WorkerLength);
        _accumulators = _memory.Pointer + (plan.ScratchBlocks * plan.ScratchLength);
        int slots = plan.Scratch.Length;
        _slots = GC.AllocateArray<Operand>(slots + plan.Loop.Reductions.Count + ExtraOperands, pinned: true);
        _operands = (Operand*)Unsafe.AsPointer(ref _slots[0]);
        _whole = plan.Emitted is [{ Kernel: { } kernel }] ? kernel : null;
        if (plan.Emitted is { Length: 1 } whole)
        {
            Complete(whole[0], _slots);
        }
        else if (plan.Emitted is { } bodies)
        {
            _bodySlots = [.. bodies.Select(b => Complete(b, GC.AllocateArray<Operand>(b.Body.Slots.Length + b.InnerSums.Length + ExtraOperands, pinned: true)))];
        }

        for (int slot = 0; slot < slots; slot++)
        {
            bool isScalar = slot < plan.Inputs.Length && plan.Inputs[slot].Access == Access.Scalar;
            _slots[slot] = isScalar && plan.ReadsNumbersInPlace ? new Operand(plan.Inputs[slot].Place.Pointer, 0)
                : new Operand(plan.Scratch[slot] >= 0 ? ScratchOf(slot) : null, isScalar ? 0 : 1);
        }

        int[] spread = plan.EmittedColumns is not null ? [] : [.. Enumerable.Range(0, plan.Inputs.Length).Where(i =>
            (plan.Inputs[i].Access == Access.Scalar && !plan.ReadsNumbersInPlace) || (plan.Inputs[i].Access == Access.PerColumn && plan.RowsPerBlock > 1))];
        _isSpread = spread.Length > 0;
        _isSpreadAgain = Array.Exists(spread, i => !plan.IsConstant[i]);
        _bases = new nint[slots];
        _moves = new Move[slots];
        for (int slot = 0; slot < slots; slot++)
        {
            Place<T>? place = slot < plan.Inputs.Length ? plan.Inputs[slot].Place : plan.Destinations[slot];
            _bases[slot] = place is { } known ? (nint)known.Pointer : 0;
            _moves[slot] = MoveOf(slot);
        }

        _movingSlots = [.. Enumerable.Range(0, slots).Where(s => _moves[s] != Move.None)];
        _writtenSlots = [.. _movingSlots.Where(s => _moves[s] is Move.Expanded or Move.OverRows or Move.WithSegments)];
    }

    /// <summary>Where a slot's block begins.</summary>
    public T* Slot(int slot) => (T*)_slots[slot].Pointer;

    /// <summary>Where the emitted kernel left the running sums of an inner sum, block after block.</summary>
    public T* Accumulators(int sum) => _accumulators + (sum * _plan.SumsLength);

    /// <summary>Runs the instructions on whole rows, or on part of one row: on <paramref name="blocks"/> such parts, one after another.</summary>
    public void Run(int row, int rows, int column, int columns, int blocks)
    {
        nint start = ((nint)row * _plan.Loop.Columns) + column;
        int count = rows * columns;

        // A loop of one block finds its operands as its last run left them.
        bool isSame = _last == (row, rows, column, columns);
        _last = (row, rows, column, columns);
        foreach (int slot in isSame ? _writtenSlots : _movingSlots)
        {
            T* first = (T*)_bases[slot];
            switch (_moves[slot])
            {
                case Move.WithElements:
                    _slots[slot] = new Operand(first + start, 1);
                    break;
                case Move.Expanded:
                    CompactNumbers.Expand((ushort*)first + start, (float*)ScratchOf(slot), count, _plan.InputFormats[slot]!.Value);
                    break;
                case Move.WithColumns:
                    _slots[slot] = new Operand(first + column, 1);
                    break;
                case Move.WithRows:
                    _slots[slot] = new Operand(first + row, 1);
                    break;
                case Move.OverRows:
                    FillRows(slot, first + row, rows, columns);
                    break;
                case Move.WithSegments:
                    FillSegments(slot, first, column, columns);
                    break;
            }
        }

        if (_whole is { } whole)
        {
            whole(_operands, count, blocks);
        }
        else if (_plan.Emitted is { } emitted)
        {
            RunBodies(emitted, count);
        }
        else
        {
            Interpret(0, _plan.Instructions.Length, count);
        }
    }

    /// <summary>Runs the instructions on whole rows, down their columns.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="chunk">The chunk whose totals are added to.</param>
    /// <param name="reducers">Where these are.</param>
    public void RunColumns(int row, int rows, int chunk, LoopReducer<T>[] reducers)
    {
        int columns = _plan.Loop.Columns;
        for (int slot = 0; slot < _bases.Length; slot++)
        {
            Access access = slot < _plan.Inputs.Length ? _plan.Inputs[slot].Access : Access.Full;
            if (_bases[slot] != 0 && access != Access.Scalar)
            {
                T* first = (T*)_bases[slot];
                _slots[slot] = new Operand(access switch { Access.Full => first + ((nint)row * columns), Access.PerRow => first + row, _ => first }, 1);
            }
        }

        for (int r = 0; r < reducers.Length; r++)
        {
            _slots[_bases.Length + r] = new Operand(reducers[r].Columns(chunk), 1);
        }

        _plan.EmittedColumns!(_operands, rows, columns);
    }

    /// <summary>Stores what overwrites inputs, after everything that reads them, instructions and reductions, and what is kept in 16 bits.</summary>
    public void StoreDeferred(int row, int rows, int column, int columns)
    {
        nint start = ((nint)row * _plan.Loop.Columns) + column;
        int count = rows * columns;
        foreach (int slot in _plan.DeferredSlots)
        {
            Place<T> destination = _plan.Destinations[slot]!.Value;
            if (destination.Format is { } format)
            {
                CompactNumbers.Compress((float*)_slots[slot].Pointer, destination.Compact + start, count, format);
            }
            else
            {
                new ReadOnlySpan<T>(_slots[slot].Pointer, count).CopyTo(new Span<T>(destination.Pointer + start, count));
            }
        }
    }

    private Move MoveOf(int slot)
    {
        if (slot >= _plan.Inputs.Length)
        {
            return _plan.Destinations[slot] is not null && !_plan.IsDeferred[slot] ? Move.WithElements : Move.None;
        }

        return _plan.Inputs[slot].Access switch
        {
            Access.Full => _plan.InputFormats[slot] is null ? Move.WithElements : Move.Expanded,
            Access.PerColumn when _plan.RowsPerBlock == 1 => Move.WithColumns,
            Access.PerRow => _plan.IsMoved(slot, Access.PerRow) ? Move.WithRows : Move.OverRows,
            Access.Segment => Move.WithSegments,
            _ => Move.None,
        };
    }

    private void Interpret(int first, int end, int count)
    {
        LoopInstruction[] instructions = _plan.Instructions;
        for (int i = first; i < end; i++)
        {
            LoopInstruction instruction = instructions[i];
            _plan.Kernels[i].Run(_slots[instruction.X], _slots[instruction.Y], _slots[instruction.Z], (T*)_slots[_plan.Inputs.Length + i].Pointer, count);
        }
    }

    private void RunBodies(EmittedBody[] bodies, int count)
    {
        for (int b = 0; b < bodies.Length; b++)
        {
            int[] slots = bodies[b].Body.Slots;
            if (bodies[b].Kernel is not { } kernel)
            {
                int instruction = slots[^1] - _plan.Inputs.Length;
                Interpret(instruction, instruction + 1, count);
                continue;
            }

            Operand[] operands = _bodySlots[b];
            for (int i = 0; i < slots.Length; i++)
            {
                operands[i] = _slots[slots[i]];
            }

            kernel((Operand*)Unsafe.AsPointer(ref operands[0]), count, 1);
        }
    }

    /// <summary>Sets the operands of a body that are not slots.</summary>
    private Operand[] Complete(EmittedBody body, Operand[] operands)
    {
        int slots = body.Body.Slots.Length;
        for (int sum = 0; sum < body.InnerSums.Length; sum++)
        {
            operands[slots + sum] = new Operand(Accumulators(body.InnerSums[sum]), 1);
        }

        int extra = slots + body.InnerSums.Length;
        operands[extra] = new Operand(Accumulators(_plan.InnerSums.Length), 1);
        if (_plan.Lanes is { } lanes)
        {
            operands[extra + 1] = new Operand(lanes.Lanes, 1);
            operands[extra + 2] = new Operand(lanes.Starts, 1);
        }

        return operands;
    }

    private T* ScratchOf(int slot) => _memory.Pointer + ((nint)_plan.Scratch[slot] * _plan.ScratchLength);

    /// <summary>How a slot's block moves through memory as the loop goes on.</summary>
    private enum Move : byte
    {
        None,
        WithElements,
        Expanded,
        WithColumns,
        WithRows,
        OverRows,
        WithSegments,
    }
}
