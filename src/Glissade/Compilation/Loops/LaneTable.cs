using System.Numerics;
using Glissade.Numerics;

namespace Glissade.Compilation.Loops;

/// <summary>Where the vectors of a block of several rows find the numbers of their rows and columns: which row and column each begins in, and how many rows further each lane is.</summary>
/// <remarks>So a number for each row is spread over its row by moving lanes, in registers, and a row that repeats needs to stand in memory hardly more than once.</remarks>
internal sealed unsafe class LaneTable<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly FlatVector<T> _memory;

    /// <param name="columns">Elements of a row.</param>
    /// <param name="elements">Elements of a block.</param>
    public LaneTable(int columns, int elements)
    {
        // After so many vectors one begins where a row does. A lane is moved by its halves of four bytes, so that one instruction does for either element.
        int width = Width, parts = sizeof(T) / sizeof(int), vectors = (elements + width - 1) / width;
        int period = Math.Min(vectors, columns / (int)BigInteger.GreatestCommonDivisor(columns, width));
        _memory = new FlatVector<T>((period * width) + (vectors * StartBytes / sizeof(T)));
        int* lane = (int*)_memory.Pointer;
        for (int i = 0; i < period * width; i++)
        {
            int first = i / width * width;
            for (int part = 0; part < parts; part++)
            {
                *lane++ = (((i / columns) - (first / columns)) * parts) + part;
            }
        }

        Starts = lane;
        for (int v = 0; v < vectors; v++)
        {
            int first = v * width;
            *lane++ = first / columns * sizeof(T);
            *lane++ = first % columns * sizeof(T);
            *lane++ = v % period * width * sizeof(T);
            *lane++ = 0;
        }
    }

    /// <summary>Bytes of what <see cref="Starts"/> has for each vector.</summary>
    public static int StartBytes => 4 * sizeof(int);

    /// <summary>Whether the hardware can move lanes as a table says.</summary>
    public static bool IsSupported => VectorWidth.Is512 ? Simd512<T>.CanMoveLanes : VectorWidth.Has256 && Simd256<T>.CanMoveLanes;

    /// <summary>Elements of the vectors that emitted kernels use.</summary>
    private static int Width => VectorWidth.Bytes / sizeof(T);

    /// <summary>For each half of four bytes of a vector the one that it is of the vector that begins with the number of the first row; for one vector after another until they repeat.</summary>
    public int* Lanes => (int*)_memory.Pointer;

    /// <summary>For each vector how many bytes its first row's number lies beyond the first number, its first column beyond the first, and its lanes beyond the first vector's.</summary>
    public int* Starts { get; }

    public long Bytes => (long)_memory.Length * sizeof(T);
}
