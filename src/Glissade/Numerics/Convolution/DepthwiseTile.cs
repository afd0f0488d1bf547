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
    /// <param name="a">What places in A are counted from. Up to a vector past the last channel is read, here as in B and the bias.</param>
    /// <param name="b">What places in B are counted from.</param>
    /// <param name="c">The first result.</param>
    /// <param name="bias">One number for each channel, or null.</param>
    /// <param name="context">The terms of the sums, distances and the way to finish.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int pixels, byte* a, byte* b, byte* c, T* bias, in DepthwiseContext context)
    {
        // Sums, what they meet and an element of the kernel fill at most 19 of 32 registers, or 15 of 16.
        int most = TSimd.Count * sizeof(T) == 64 ? 8 : 6, column = 0;
        for (int left = pixels, tiles = (pixels + most - 1) / most; tiles > 0; tiles--)
        {
            // As equal as can be: tiles of few pixels wait for their own sums.
            int height = (left + tiles - 1) / tiles;
            if (column + context.FirstColumn >= 0 && column + ((height - 1) * context.ColumnStep) + context.LastColumn < context.Width)
            {
                Pixels<TileNone>(height, a, b, c, (byte*)bias, column, in context);
            }
            else
            {
                Pixels<TileOne>(height, a, b, c, (byte*)bias, column, in context);
            }

            a += height * context.RowStepA;
            c += height * context.RowStepC;
            left -= height;
            column += height * context.ColumnStep;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pixels<TBeside>(int height, byte* a, byte* b, byte* c, byte* bias, int column, in DepthwiseContext context)
        where TBeside : unmanaged, ITileCount
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

    /// <summary>One tile, for all channels.</summary>
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
        where TRows : unmanaged, ITileCount
        where TBeside : unmanaged, ITileCount
    {
        int step = context.ColumnStep, width = context.Width;
        for (int channels = context.Channels; channels > 0; channels -= TSimd.Count)
        {
            nint row = context.RowStepA, row3 = 3 * row;
            TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
            TVector x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default, x8 = default, x9 = default;
            DepthwiseSegment* segment = context.Segments;
            for (int segments = context.SegmentCount; segments > 0; segments--, segment++)
            {
                byte* a0 = a + segment->A, a4 = a0 + (4 * row), kernel = b + segment->B;
                int at = column + segment->Column;
                Read<TBeside>(sizeof(TRows) > 0, a0, at, width, ref x0);
                Read<TBeside>(sizeof(TRows) > 1, a0 + row, at + step, width, ref x1);
                Read<TBeside>(sizeof(TRows) > 2, a0 + (2 * row), at + (2 * step), width, ref x2);
                Read<TBeside>(sizeof(TRows) > 3, a0 + row3, at + (3 * step), width, ref x3);
                Read<TBeside>(sizeof(TRows) > 4, a4, at + (4 * step), width, ref x4);
                Read<TBeside>(sizeof(TRows) > 5, a4 + row, at + (5 * step), width, ref x5);
                Read<TBeside>(sizeof(TRows) > 6, a4 + (2 * row), at + (6 * step), width, ref x6);
                Read<TBeside>(sizeof(TRows) > 7, a4 + row3, at + (7 * step), width, ref x7);
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

                // One pixel past the tile: each pixel meets by the second element what its neighbour met by the first.
                Read<TBeside>(true, Place(sizeof(TRows), a0, a4, row, row3), at + (sizeof(TRows) * step), width, ref x8);
                k = TSimd.Load((T*)(kernel + segment->TapStepB));
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

                Read<TBeside>(true, Place(sizeof(TRows) + 1, a0, a4, row, row3), at + ((sizeof(TRows) + 1) * step), width, ref x9);
                k = TSimd.Load((T*)(kernel + (2 * segment->TapStepB)));
                MultiplyAddSecondNext<TRows>(0, x2, x8, x9, k, ref c0);
                MultiplyAddSecondNext<TRows>(1, x3, x8, x9, k, ref c1);
                MultiplyAddSecondNext<TRows>(2, x4, x8, x9, k, ref c2);
                MultiplyAddSecondNext<TRows>(3, x5, x8, x9, k, ref c3);
                MultiplyAddSecondNext<TRows>(4, x6, x8, x9, k, ref c4);
                MultiplyAddSecondNext<TRows>(5, x7, x8, x9, k, ref c5);
                MultiplyAddSecondNext<TRows>(6, x8, x8, x9, k, ref c6);
                MultiplyAddSecondNext<TRows>(7, x9, x8, x9, k, ref c7);
            }

            if (bias != null)
            {
                TVector x = TSimd.Load((T*)bias);
                bias += TSimd.Count * sizeof(T);
                c0 = TSimd.Add(c0, x);
                c1 = sizeof(TRows) > 1 ? TSimd.Add(c1, x) : c1;
                c2 = sizeof(TRows) > 2 ? TSimd.Add(c2, x) : c2;
                c3 = sizeof(TRows) > 3 ? TSimd.Add(c3, x) : c3;
                c4 = sizeof(TRows) > 4 ? TSimd.Add(c4, x) : c4;
                c5 = sizeof(TRows) > 5 ? TSimd.Add(c5, x) : c5;
                c6 = sizeof(TRows) > 6 ? TSimd.Add(c6, x) : c6;
                c7 = sizeof(TRows) > 7 ? TSimd.Add(c7, x) : c7;
            }

            if (context.Rectifies)
            {
                c0 = TSimd.Rectify(c0);
                c1 = sizeof(TRows) > 1 ? TSimd.Rectify(c1) : c1;
                c2 = sizeof(TRows) > 2 ? TSimd.Rectify(c2) : c2;
                c3 = sizeof(TRows) > 3 ? TSimd.Rectify(c3) : c3;
                c4 = sizeof(TRows) > 4 ? TSimd.Rectify(c4) : c4;
                c5 = sizeof(TRows) > 5 ? TSimd.Rectify(c5) : c5;
                c6 = sizeof(TRows) > 6 ? TSimd.Rectify(c6) : c6;
                c7 = sizeof(TRows) > 7 ? TSimd.Rectify(c7) : c7;
            }

            row = context.RowStepC;
            row3 = 3 * row;
            byte* c4th = c + (4 * row);
            if (channels >= TSimd.Count)
            {
                Store(true, c, c0);
                Store(sizeof(TRows) > 1, c + row, c1);
                Store(sizeof(TRows) > 2, c + (2 * row), c2);
                Store(sizeof(TRows) > 3, c + row3, c3);
                Store(sizeof(TRows) > 4, c4th, c4);
                Store(sizeof(TRows) > 5, c4th + row, c5);
                Store(sizeof(TRows) > 6, c4th + (2 * row), c6);
                Store(sizeof(TRows) > 7, c4th + row3, c7);
            }
            else
            {
                StoreFirst(true, c, channels, c0);
                StoreFirst(sizeof(TRows) > 1, c + row, channels, c1);
                StoreFirst(sizeof(TRows) > 2, c + (2 * row), channels, c2);
                StoreFirst(sizeof(TRows) > 3, c + row3, channels, c3);
                StoreFirst(sizeof(TRows) > 4, c4th, channels, c4);
                StoreFirst(sizeof(TRows) > 5, c4th + row, channels, c5);
                StoreFirst(sizeof(TRows) > 6, c4th + (2 * row), channels, c6);
                StoreFirst(sizeof(TRows) > 7, c4th + row3, channels, c7);
            }

            a += TSimd.Count * sizeof(T);
            b += TSimd.Count * sizeof(T);
            c += TSimd.Count * sizeof(T);
        }
    }

    /// <summary>A pixel's place, in as few instructions as the tile's others: the number is known when the machine code is made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Place(int pixel, byte* a0, byte* a4, nint row, nint row3) => pixel switch
    {
        1 => a0 + row,
        2 => a0 + (2 * row),
        3 => a0 + row3,
        4 => a4,
        5 => a4 + row,
        6 => a4 + (2 * row),
        7 => a4 + row3,
        8 => a4 + (4 * row),
        _ => a4 + (4 * row) + row,
    };

    // Nothing is done for pixels that the tile does not have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read<TBeside>(bool has, byte* a, int column, int width, ref TVector x)
        where TBeside : unmanaged, ITileCount
    {
        if (!has)
        {
            return;
        }

        if (typeof(TBeside) == typeof(TileNone))
        {
            x = TSimd.Load((T*)a);
            return;
        }

        // Zero first, so that no branch is taken for what lies within the image.
        x = default;
        if ((uint)column < (uint)width)
        {
            x = TSimd.Load((T*)a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd<TRows>(int row, TVector x, TVector k, ref TVector sum)
        where TRows : unmanaged, ITileCount
    {
        if (sizeof(TRows) > row)
        {
            sum = TSimd.FusedMultiplyAdd(x, k, sum);
        }
    }

    /// <summary>The next pixel of the tile, or what is the first past it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAddNext<TRows>(int row, TVector next, TVector past, TVector k, ref TVector sum)
        where TRows : unmanaged, ITileCount
    {
        if (sizeof(TRows) > row + 1)
        {
            sum = TSimd.FusedMultiplyAdd(next, k, sum);
        }
        else if (sizeof(TRows) > row)
        {
            sum = TSimd.FusedMultiplyAdd(past, k, sum);
        }
    }

    /// <summary>The pixel after the next, or what is the first or the second past the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAddSecondNext<TRows>(int row, TVector second, TVector past, TVector pastNext, TVector k, ref TVector sum)
        where TRows : unmanaged, ITileCount
    {
        if (sizeof(TRows) > row + 2)
        {
            sum = TSimd.FusedMultiplyAdd(second, k, sum);
        }
        else if (sizeof(TRows) > row + 1)
        {
            sum = TSimd.FusedMultiplyAdd(past, k, sum);
        }
        else if (sizeof(TRows) > row)
        {
            sum = TSimd.FusedMultiplyAdd(pastNext, k, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(bool has, byte* c, TVector sum)
    {
        if (has)
        {
            TSimd.Store(sum, (T*)c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFirst(bool has, byte* c, int lanes, TVector sum)
    {
        if (has)
        {
            TSimd.StoreFirst(sum, (T*)c, lanes);
        }
    }
}
