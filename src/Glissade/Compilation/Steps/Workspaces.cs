using System.Numerics;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Scratch of each worker, which the steps of a program use one after another.</summary>
/// <remarks>A worker's is made when it is first asked for, as long as any step needs it.</remarks>
internal sealed unsafe class Workspaces<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Made when a worker first asks: most steps exchange their own workspaces for those of their program before that.</summary>
    private FlatVector<T>?[]? _buffers;
    private int _length, _workers;

    /// <summary>Bytes with the number of threads now set.</summary>
    public long Bytes => (long)_length * sizeof(T) * Math.Min(ComputePool.Threads, _workers);

    /// <summary>Says how much a step needs, before any step runs.</summary>
    /// <param name="length">Elements for each worker.</param>
    /// <param name="workers">How many workers may run the step at once.</param>
    public void Reserve(int length, int workers) => (_length, _workers) = (Math.Max(_length, length), Math.Max(_workers, workers));

    /// <summary>A worker's scratch.</summary>
    public T* this[int worker] => ((_buffers ?? MakeBuffers())[worker] ??= new FlatVector<T>(_length)).Pointer;

    /// <summary>Workers may ask at once; all get the same.</summary>
    private FlatVector<T>?[] MakeBuffers()
    {
        Interlocked.CompareExchange(ref _buffers, new FlatVector<T>?[ComputePool.MaximumThreads], null);
        return _buffers;
    }
}
