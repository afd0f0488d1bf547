using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>Convolutions of each channel by itself: vectors run along the channels.</summary>
/// <remarks>
/// A tile is up to eight neighbouring pixels of a row. What they meet of a row of the source is read once and stays in registers for all elements of the kernel
/// of a segment, for neighbours share most of it. Every element is one chain of fused multiply-adds in the order of the terms, whichever tile it is in.
/// </remarks>
internal static unsafe class DepthwiseTile<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A row of pixels: C[i, j] = Σₛ Σₖ A[s, i + k, j]·B[s, k, j] + bias[j].</summary>
    /// <param name="pixels">How many.</param>
    /// <param name="channels">How many.</param>
    /// <param name="a">What places in A are counted from. Up to a vector past the last channel is read, here as in B and the bias.</param>
    /// <param name="b">What places in B are counted from.</param>
    /// <param name="c">The first result.</param>
    /// <param name="bias">One number for each channel, or null.</param>
    /// <param name="context">The terms of the sums, distances and the way to finish.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int pixels, int channels, byte* a, byte* b, byte* c, T* bias, in DepthwiseContext context)
    {
        // Sums, what they meet and an element of the kernel fill at most 19 of 32 registers, or 15 of 16.
        int most = TSimd.Count * sizeof(T) == 64 ? 8 : 6, tiles = (pixels + most - 1) / most;
        DepthwiseContext tile = context;
        for (int j = 0; j < channels; j += TSimd.Count)
        {
            nint along = (nint)j * sizeof(T);
            byte* from = a + along, to = c + along, numbers = b + along, biasOfTile = bias == null ? null : (byte*)bias + along;
            tile.Lanes = Math.Min(TSimd.Count, channels - j);
            for (int left = pixels, more = tiles, column = 0; more > 0; more--)
            {
                // As equal as can be: tiles of few pixels wait for their own sums.
                int height = (left + more - 1) / more;
                if (column + tile.FirstColumn >= 0 && column + ((height - 1) * tile.ColumnStep) + tile.LastColumn < tile.Width)
                {
                    Pixels<TileNone>(height, from, numbers, to, biasOfTile, column, in tile);
                }
                else
                {
                    Pixels<TileOne>(height, from, numbers, to, biasOfTile, column, in tile);
                }

                from += height * tile.RowStepA;
                to += height * tile.RowStepC;
                left -= height;
                column += left == 0 ? 0 : height * tile.ColumnStep;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pixels<TBeside>(int height, byte* a, byte* b, byte* c, byte* bias, int column, in DepthwiseContext context)
        where TBeside : ITileCount
    {
        switch (height)
        {
            case 1:
                Pixels<TileOne, TBeside>(a, b, c, bias, column, in context);
                break;
            case 2:
                Pixels<TileTwo, TBeside>(a, b, c, bias, column, in context);
                break;
            case 3:
                Pixels<TileThree, TBeside>(a, b, c, bias, column, in context);
                break;
            case 4:
                Pixels<TileFour, TBeside>(a, b, c, bias, column, in context);
                break;
            case 5:
                Pixels<TileFive, TBeside>(a, b, c, bias, column, in context);
                break;
            case 6:
                Pixels<TileSix, TBeside>(a, b, c, bias, column, in context);
                break;
            case 7:
                Pixels<TileSeven, TBeside>(a, b, c, bias, column, in context);
                break;
            default:
                Pixels<TileEight, TBeside>(a, b, c, bias, column, in context);
                break;
        }
    }

    /// <summary>One tile.</summary>
    /// <typeparam name="TRows">How many pixels.</typeparam>
    /// <typeparam name="TBeside">One if some of what they meet may lie beside the image, else zero.</typeparam>
    /// <param name="a">What places in A are counted from, for the first pixel of the tile.</param>
    /// <param name="b">What places in B are counted from.</param>
    /// <param name="c">The first result.</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="column">Columns of the source from what the row's first pixel meets to what the tile's first does.</param>
    /// <param name="context">What all tiles share.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixels<TRows, TBeside>(byte* a, byte* b, byte* c, byte* bias, int column, in DepthwiseContext context)
        where TRows : ITileCount
        where TBeside : ITileCount
    {
        nint row = context.RowStepA, row3 = 3 * row;
        int step = context.ColumnStep, width = context.Width;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        TVector x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default, x8 = default, x9 = default;
        DepthwiseSegment* segment = context.Segments;
        for (int segments = context.SegmentCount; segments > 0; segments--, segment++)
        {
            byte* a0 = a + segment->A, a4 = a0 + (4 * row), kernel = b + segment->B;
            int at = column + segment->Column;
            Read<TRows, TBeside>(0, a0, at, width, ref x0);
            Read<TRows, TBeside>(1, a0 + row, at + step, width, ref x1);
            Read<TRows, TBeside>(2, a0 + (2 * row), at + (2 * step), width, ref x2);
            Read<TRows, TBeside>(3, a0 + row3, at + (3 * step), width, ref x3);
            Read<TRows, TBeside>(4, a4, at + (4 * step), width, ref x4);
            Read<TRows, TBeside>(5, a4 + row, at + (5 * step), width, ref x5);
            Read<TRows, TBeside>(6, a4 + (2 * row), at + (6 * step), width, ref x6);
            Read<TRows, TBeside>(7, a4 + row3, at + (7 * step), width, ref x7);
            TVector k = TSimd.Load((T*)kernel);
            MultiplyAdd<TRows>(0, x0, k, ref c0);
            MultiplyAdd<TRows>(1, x1, k, ref c1);
            MultiplyAdd<TRows>(2, x2, k, ref c2);
            MultiplyAdd<TRows>(3, x3, k, ref c3);
            MultiplyAdd<TRows>(4, x4, k, ref c4);
            MultiplyAdd<TRows>(5, x5, k, ref c5);
            MultiplyAdd<TRows>(6, x6, k, ref c6);
            MultiplyAdd<TRows>(7, x7, k, ref c7);
            if (segment->Taps == 1)
            {
                continue;
            }

            // What lies past the tile's own pixels: each pixel meets by the second element what its neighbour met by the first.
            a0 += TRows.Value * row;
            at += TRows.Value * step;
            kernel += segment->TapStepB;
            Read<TRows, TBeside>(0, a0, at, width, ref x8);
            k = TSimd.Load((T*)kernel);
            MultiplyAddNext<TRows>(0, x1, x8, k, ref c0);
            MultiplyAddNext<TRows>(1, x2, x8, k, ref c1);
            MultiplyAddNext<TRows>(2, x3, x8, k, ref c2);
            MultiplyAddNext<TRows>(3, x4, x8, k, ref c3);
            MultiplyAddNext<TRows>(4, x5, x8, k, ref c4);
            MultiplyAddNext<TRows>(5, x6, x8, k, ref c5);
            MultiplyAddNext<TRows>(6, x7, x8, k, ref c6);
            MultiplyAddNext<TRows>(7, x8, x8, k, ref c7);
            if (segment->Taps == 2)
            {
                continue;
            }

            Read<TRows, TBeside>(0, a0 + row, at + step, width, ref x9);
            k = TSimd.Load((T*)(kernel + segment->TapStepB));
            MultiplyAddSecondNext<TRows>(0, x2, x8, x9, k, ref c0);
            MultiplyAddSecondNext<TRows>(1, x3, x8, x9, k, ref c1);
            MultiplyAddSecondNext<TRows>(2, x4, x8, x9, k, ref c2);
            MultiplyAddSecondNext<TRows>(3, x5, x8, x9, k, ref c3);
            MultiplyAddSecondNext<TRows>(4, x6, x8, x9, k, ref c4);
            MultiplyAddSecondNext<TRows>(5, x7, x8, x9, k, ref c5);
            MultiplyAddSecondNext<TRows>(6, x8, x8, x9, k, ref c6);
            MultiplyAddSecondNext<TRows>(7, x9, x8, x9, k, ref c7);
        }

        row = context.RowStepC;
        row3 = 3 * row;
        byte* c4th = c + (4 * row);
        TVector shift = bias == null ? default : TSimd.Load((T*)bias);
        bool hasBias = bias != null, rectifies = context.Rectifies;
        int lanes = context.Lanes;
        Store<TRows>(0, c, lanes, hasBias, shift, rectifies, c0);
        Store<TRows>(1, c + row, lanes, hasBias, shift, rectifies, c1);
        Store<TRows>(2, c + (2 * row), lanes, hasBias, shift, rectifies, c2);
        Store<TRows>(3, c + row3, lanes, hasBias, shift, rectifies, c3);
        Store<TRows>(4, c4th, lanes, hasBias, shift, rectifies, c4);
        Store<TRows>(5, c4th + row, lanes, hasBias, shift, rectifies, c5);
        Store<TRows>(6, c4th + (2 * row), lanes, hasBias, shift, rectifies, c6);
        Store<TRows>(7, c4th + row3, lanes, hasBias, shift, rectifies, c7);
    }

    // Nothing is done for pixels that the tile does not have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read<TRows, TBeside>(int row, byte* a, int column, int width, ref TVector x)
        where TRows : ITileCount
        where TBeside : ITileCount
    {
        if (TRows.Value > row)
        {
            if (TBeside.Value == 0 || (uint)column < (uint)width)
            {
                x = TSimd.Load((T*)a);
            }
            else
            {
                x = default;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd<TRows>(int row, TVector x, TVector k, ref TVector sum)
        where TRows : ITileCount
    {
        if (TRows.Value > row)
        {
            sum = TSimd.FusedMultiplyAdd(x, k, sum);
        }
    }

    /// <summary>The next pixel of the tile, or what is the first past it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAddNext<TRows>(int row, TVector next, TVector past, TVector k, ref TVector sum)
        where TRows : ITileCount
    {
        if (TRows.Value > row + 1)
        {
            sum = TSimd.FusedMultiplyAdd(next, k, sum);
        }
        else if (TRows.Value > row)
        {
            sum = TSimd.FusedMultiplyAdd(past, k, sum);
        }
    }

    /// <summary>The pixel after the next, or what is the first or the second past the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAddSecondNext<TRows>(int row, TVector second, TVector past, TVector pastNext, TVector k, ref TVector sum)
        where TRows : ITileCount
    {
        if (TRows.Value > row + 2)
        {
            sum = TSimd.FusedMultiplyAdd(second, k, sum);
        }
        else if (TRows.Value > row + 1)
        {
            sum = TSimd.FusedMultiplyAdd(past, k, sum);
        }
        else if (TRows.Value > row)
        {
            sum = TSimd.FusedMultiplyAdd(pastNext, k, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows>(int row, byte* c, int lanes, bool hasBias, TVector bias, bool rectifies, TVector sum)
        where TRows : ITileCount
    {
        if (TRows.Value > row)
        {
            sum = hasBias ? TSimd.Add(sum, bias) : sum;
            sum = rectifies ? TSimd.Rectify(sum) : sum;
            if (lanes == TSimd.Count)
            {
                TSimd.Store(sum, (T*)c);
            }
            else
            {
                TSimd.StoreFirst(sum, (T*)c, lanes);
            }
        }
    }
}
