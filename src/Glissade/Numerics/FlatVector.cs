using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>A contiguous vector whose memory never moves: parameters, gradients, optimizer state, buffers.</summary>
/// <remarks>
/// The memory is aligned to 64 bytes and followed by at least 64 readable bytes, so that a kernel may load a whole vector that begins inside.
/// It is zero at first, and freed by the garbage collector. One thread at a time may write. Vectors longer than a page of memory begin at different
/// places within their pages: a loop over several that stood alike would have its loads mistaken for its last stores (a tenth of the speed of Adam).
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class FlatVector<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal const int Alignment = 64;
    private const int PageBytes = 4096;

    /// <summary>Lines of 64 bytes from where one vector begins within its page to where the next does: of ten in a row, no two stand closer than five lines.</summary>
    /// <remarks>
    /// Odd, so that every place is used before one is used again. Up to four lines behind a store, loads were seen to wait for it; where loops run in stages, an update stores its
    /// parameters eight lines behind, which with 19 lines hit the second of its states (Adam 4 to 10% slower).
    /// </remarks>
    private const int LinesApart = 23;

    private static int _vectors;

    private readonly T[] _memory;
    private readonly int _offset;

    /// <summary>A vector of zeros.</summary>
    /// <param name="length">Number of elements, zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative, or so near 2³¹ that no array has room for it and its alignment.</exception>
    public FlatVector(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int longest = Array.MaxLength - ((Alignment + PageBytes) / sizeof(T));
        if (length > longest)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A vector can have at most {longest} elements, not {length}.");
        }

        bool isLong = (long)length * sizeof(T) > PageBytes;
        int period = isLong ? PageBytes : Alignment;
        int place = isLong ? (int)((uint)Interlocked.Increment(ref _vectors) * LinesApart % (PageBytes / Alignment)) * Alignment : 0;
        _memory = GC.AllocateArray<T>(length + ((Alignment + period) / sizeof(T)), pinned: true);
        T* memory = (T*)Unsafe.AsPointer(ref _memory[0]);
        HugePages.Prefer(memory, (nuint)_memory.LongLength * (nuint)sizeof(T));

        // Arrays that are not very long begin anywhere within a page, so the place counts from the page and not from there.
        int address = (int)((nuint)memory % PageBytes);
        _offset = (place - address + PageBytes) % period / sizeof(T);
        Length = length;
    }

    /// <summary>A vector with the given elements.</summary>
    /// <param name="values">The elements, copied.</param>
    public FlatVector(ReadOnlySpan<T> values)
        : this(values.Length) => values.CopyTo(Span);

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The elements.</summary>
    public Span<T> Span => _memory.AsSpan(_offset, Length);

    /// <summary>An element.</summary>
    /// <param name="index">From 0 to <see cref="Length"/>−1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public ref T this[int index] => ref Span[index];

    /// <summary>Address of the first element; valid while this object is reachable.</summary>
    internal T* Pointer => (T*)Unsafe.AsPointer(ref _memory[_offset]);

    /// <summary>A new vector with the same elements.</summary>
    public FlatVector<T> Clone() => new(Span);
}
