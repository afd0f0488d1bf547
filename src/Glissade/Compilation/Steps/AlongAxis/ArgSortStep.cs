using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>The order of each line, from integers that are ordered as the numbers are.</summary>
internal sealed unsafe class ArgSortStep<T> : AxisStep<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Place<T> _source, _destination;
    private readonly AxisBlocks _blocks;
    private readonly int _count;
    private readonly bool _descending;
    private readonly (ulong[] Keys, int[] Items)?[] _buffers = new (ulong[], int[])?[ComputePool.MaximumThreads];

    public ArgSortStep(Tensor node, ArgSort operation, Func<Tensor, Place<T>> placeOf)
        : base(operation.Name, node.Shape, operation.Axis)
    {
        (_source, _destination) = (placeOf(node.Inputs[0]), placeOf(node));
        _blocks = AxisBlocks.Of(node.Shape, operation.Axis);
        _count = node.Shape[operation.Axis];
        _descending = operation.Descending;
        AxisIndex.CheckRange<T>(operation.Name, Shape, operation.Axis);
        _buffers[0] = (new ulong[_count], new int[_count]);
    }

    /// <summary>One for each number that is put in order.</summary>
    public override double Flops => Shape.Count;

    public override long WorkspaceBytes => (long)_count * (sizeof(ulong) + sizeof(int)) * Math.Min(ComputePool.Threads, MostWorkers);

    protected override void RunLines(int block, int first, int end, int worker)
    {
        (ulong[] keys, int[] items) = _buffers[worker] ??= (new ulong[_count], new int[_count]);
        for (int line = first; line < end; line++)
        {
            nint start = ((nint)block * _blocks.Length) + line;
            for (int i = 0; i < _count; i++)
            {
                keys[i] = Key(_source.Pointer[start + ((nint)i * _blocks.Unit)]);
                items[i] = i;
            }

            keys.AsSpan().Sort(items.AsSpan());
            OrderEqual(keys, items);
            for (int i = 0; i < _count; i++)
            {
                _destination.Pointer[start + ((nint)i * _blocks.Unit)] = T.CreateTruncating(items[i]);
            }
        }
    }

    /// <summary>An integer that is smaller for the number that comes first, the same for both zeros, and the greatest for NaN.</summary>
    private ulong Key(T value)
    {
        if (T.IsNaN(value))
        {
            return ulong.MaxValue;
        }

        // Adding 0 makes −0 to 0. Positive numbers are ordered as their bits are, negative ones the other way.
        value += T.Zero;
        long bits = typeof(T) == typeof(float) ? (long)Unsafe.BitCast<T, int>(value) << 32 : Unsafe.BitCast<T, long>(value);
        ulong key = bits < 0 ? ~(ulong)bits : (ulong)bits | (1UL << 63);
        return _descending ? ~key : key;
    }

    /// <summary>Gives equal keys, which the sort may have mixed, their first order again.</summary>
    private static void OrderEqual(ulong[] keys, int[] items)
    {
        for (int start = 0; start < keys.Length;)
        {
            int end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                items.AsSpan(start, end - start).Sort();
            }

            start = end;
        }
    }
}
