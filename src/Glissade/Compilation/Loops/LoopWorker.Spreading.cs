using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <content>Values of fewer elements than a block, written out over scratch where kernels do not read them in place.</content>
internal sealed unsafe partial class LoopWorker<T>
{
    /// <summary>Spreads numbers, and rows that repeat, over their blocks, once for each run of the loop, where they are not read in place.</summary>
    /// <param name="run">Number of the run, from 1.</param>
    public void Prepare(long run)
    {
        if (_preparedFor == run || !_isSpread)
        {
            return;
        }

        bool isFirst = _preparedFor == 0;
        _preparedFor = run;
        _isSpread = _isSpreadAgain;
        for (int slot = 0; slot < _plan.Inputs.Length; slot++)
        {
            (Place<T> place, Access access) = _plan.Inputs[slot];
            if (_plan.IsConstant[slot] && !isFirst)
            {
                continue;
            }

            if (access == Access.Scalar && !_plan.ReadsNumbersInPlace)
            {
                ElementKernel<T>.Spread(*place.Pointer, ScratchOf(slot));
            }
            else if (access == Access.PerColumn && _plan.RowsPerBlock > 1)
            {
                // Where vectors begin anywhere in the row, it needs only be long enough for the last of them.
                int columns = _plan.Loop.Columns;
                Repeat(place.Pointer, columns, _plan.IsMoved(slot, access) ? columns + ElementKernel<T>.SpreadLength : _plan.RowsPerBlock * columns, ScratchOf(slot));
            }
        }
    }

    private void FillRows(int slot, T* values, int rows, int columns)
    {
        T* scratch = ScratchOf(slot);
        if (rows == 1)
        {
            ElementKernel<T>.Spread(*values, scratch);
            _slots[slot] = new Operand(scratch, 0);
            return;
        }

        // Whole vectors: what runs over the end of a row is overwritten by the next, and the last has room behind it.
        T* row = scratch;
        for (int i = 0; i < rows; i++, row += columns)
        {
            Vector256<T> value = Vector256.Create(values[i]);
            for (int j = 0; j < columns; j += Vector256<T>.Count)
            {
                value.Store(row + j);
            }
        }

        _slots[slot] = new Operand(scratch, 1);
    }

    /// <summary>Writes a row again and again: doubled until it fills a good part of a kilobyte, which is then copied.</summary>
    private static void Repeat(T* values, int columns, int length, T* destination)
    {
        const int Longest = 256;
        int filled = columns;
        new ReadOnlySpan<T>(values, columns).CopyTo(new Span<T>(destination, columns));
        while (filled < length)
        {
            int part = Math.Min(Math.Min(filled, Math.Max(columns, Longest / columns * columns)), length - filled);
            new ReadOnlySpan<T>(destination, part).CopyTo(new Span<T>(destination + filled, part));
            filled += part;
        }
    }

    private void FillSegments(int slot, T* values, int column, int columns)
    {
        T* scratch = ScratchOf(slot);
        int[] ends = _plan.SegmentEnds;
        int segment = Array.BinarySearch(ends, column + 1);
        segment = segment < 0 ? ~segment : segment;
        if (ends[segment] >= column + columns)
        {
            ElementKernel<T>.Spread(values[segment], scratch);
            _slots[slot] = new Operand(scratch, 0);
            return;
        }

        for (int at = column; at < column + columns; segment++)
        {
            int end = Math.Min(ends[segment], column + columns);
            new Span<T>(scratch + (at - column), end - at).Fill(values[segment]);
            at = end;
        }

        _slots[slot] = new Operand(scratch, 1);
    }
}
