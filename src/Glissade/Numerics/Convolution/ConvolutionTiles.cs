using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics;

/// <summary>Rows of tiles of a convolution, with the widest vectors that the hardware has.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static unsafe class ConvolutionTiles<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of a vector.</summary>
    public static int VectorLength => VectorWidth.Bytes / sizeof(T);

    /// <summary>Columns that the tiles of a result with so many columns have: one vector or two.</summary>
    public static int PanelWidth(int columns) => columns <= VectorLength ? VectorLength : 2 * VectorLength;

    /// <summary>Cuts a row of so many rows of C into tiles that take the least time together.</summary>
    /// <returns>The rows of each tile.</returns>
    public static byte[] Heights(int rows)
    {
        // Time for each term: a multiply-add is one, a tile of few rows waits for its own sums or for B, and each tile has some work of its own.
        (byte Rows, double Time)[] tiles =
            [(12, 24.5), (10, 20.5), (9, 18.5), (8, 16.5), (7, 14.5), (6, 12.5), (5, 10.6), (4, 8.8), (3, 7), (2, 6), (1, 5)];
        tiles = VectorWidth.HasManyRegisters ? tiles : tiles[5..];
        int whole = tiles[0].Rows, cut = Math.Min(rows, (8 * whole) + (rows % whole));
        double[] best = new double[cut + 1];
        byte[] last = new byte[cut + 1];
        for (int r = 1; r <= cut; r++)
        {
            best[r] = double.PositiveInfinity;
            foreach ((byte height, double time) in tiles)
            {
                if (height <= r && best[r - height] + time < best[r])
                {
                    (best[r], last[r]) = (best[r - height] + time, height);
                }
            }
        }

        List<byte> heights = [.. Enumerable.Repeat((byte)whole, (rows - cut) / whole)];
        for (int r = cut; r > 0; r -= last[r])
        {
            heights.Add(last[r]);
        }

        heights.Sort((x, y) => y.CompareTo(x));
        return [.. heights];
    }

    /// <summary>Packs rows of B whose columns are adjacent, for panels of so many columns: each panel has its columns of one row after another.</summary>
    /// <param name="source">First element.</param>
    /// <param name="stride">Elements from a row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="panels">Where the first panel has the first row.</param>
    /// <param name="width">Columns of a panel.</param>
    /// <param name="panelStep">Elements from a panel to the next.</param>
    public static void Pack(T* source, nint stride, int rows, int columns, T* panels, int width, nint panelStep)
    {
        for (int j = 0; j < columns; j += width, panels += panelStep)
        {
            int count = Math.Min(width, columns - j);
            for (int row = 0; row < rows; row++)
            {
                var panel = new Span<T>(panels + ((nint)row * width), width);
                new ReadOnlySpan<T>(source + (row * stride) + j, count).CopyTo(panel);
                panel[count..].Clear();
            }
        }
    }

    /// <summary>A row of tiles beside each other, for all columns.</summary>
    /// <param name="heights">The rows of each tile; they follow each other.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="segment">The first segment of the sum.</param>
    /// <param name="segments">How many.</param>
    /// <param name="a">What the segments' places in A are counted from, for the first row.</param>
    /// <param name="b">What the segments' places in B are counted from, for the first columns. Up to a vector past the last is read.</param>
    /// <param name="c">First element of C.</param>
    /// <param name="bias">Bias of the first column, or null. Up to a vector past the last is read.</param>
    /// <param name="context">Distances and the way to finish.</param>
    public static void Multiply(
        ReadOnlySpan<byte> heights, int columns, ConvolutionSegment* segment, int segments, T* a, T* b, T* c, T* bias, in ConvolutionTileContext context)
    {
        if (VectorWidth.Is512)
        {
            ConvolutionTileRow<Vector512<T>, Simd512<T>, T>.Multiply(heights, columns, segment, segments, (byte*)a, (byte*)b, c, bias, in context);
        }
        else if (VectorWidth.Has256)
        {
            ConvolutionTileRow<Vector256<T>, Simd256<T>, T>.Multiply(heights, columns, segment, segments, (byte*)a, (byte*)b, c, bias, in context);
        }
        else
        {
            ConvolutionTileRow<Vector128<T>, Simd128<T>, T>.Multiply(heights, columns, segment, segments, (byte*)a, (byte*)b, c, bias, in context);
        }
    }
}
