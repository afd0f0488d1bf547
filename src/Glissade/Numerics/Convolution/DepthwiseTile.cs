using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>Convolutions of each channel by itself: vectors run along the channels.</summary>
internal static unsafe class DepthwiseTile<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A row of pixels: C[i, j] = Σₛ A[s, i, j]·B[s, j] + bias[j], by up to eight pixels at once.</summary>
    /// <param name="pixels">How many.</param>
    /// <param name="channels">How many.</param>
    /// <param name="segment">The first term of the sum: where its pixel stands for the first result, and where its numbers for each channel.</param>
    /// <param name="segments">How many.</param>
    /// <param name="a">What places in A are counted from.</param>
    /// <param name="b">What places in B are counted from.</param>
    /// <param name="c">The first result.</param>
    /// <param name="bias">One number for each channel, or null.</param>
    /// <param name="context">Distances between pixels of A and of C, and the way to finish.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(int pixels, int channels, ConvolutionSegment* segment, int segments, byte* a, byte* b, byte* c, T* bias, in ConvolutionTileContext context)
    {
        for (int j = 0; j < channels; j += TSimd.Count)
        {
            nint along = (nint)j * sizeof(T);
            byte* from = a + along, to = c + along;
            TVector x = bias == null ? default : TSimd.Load(bias + j);
            int lanes = Math.Min(TSimd.Count, channels - j);
            for (int left = pixels, tiles = (pixels + 7) / 8; tiles > 0; tiles--)
            {
                // As equal as can be: tiles of few pixels wait for their own sums.
                int height = (left + tiles - 1) / tiles;
                Pixels(height, segment, segments, from, b + along, to, lanes, bias != null, x, in context);
                from += height * context.RowStepA;
                to += height * context.RowStepC;
                left -= height;
            }
        }
    }

    /// <summary>Adds to sums over pixels: C[s, j] += Σᵢ A[s, i, j]·B[i, j], for up to nine s at once.</summary>
    /// <param name="pixels">How many.</param>
    /// <param name="channels">How many.</param>
    /// <param name="segment">The first s: where its first pixel stands, and where its sums.</param>
    /// <param name="segments">How many.</param>
    /// <param name="a">What places in A are counted from.</param>
    /// <param name="b">The first pixel of B.</param>
    /// <param name="c">What places in C are counted from.</param>
    /// <param name="context">Distances between pixels of A, and of B as those of terms.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(int pixels, int channels, ConvolutionSegment* segment, int segments, byte* a, byte* b, byte* c, in ConvolutionTileContext context)
    {
        for (int j = 0; j < channels; j += TSimd.Count)
        {
            nint along = (nint)j * sizeof(T);
            int lanes = Math.Min(TSimd.Count, channels - j), s = 0;
            for (; s + 9 <= segments; s += 9)
            {
                Sums<TileNine>(segment + s, pixels, a + along, b + along, c + along, lanes, in context);
            }

            for (; s + 6 <= segments; s += 6)
            {
                Sums<TileSix>(segment + s, pixels, a + along, b + along, c + along, lanes, in context);
            }

            for (; s + 3 <= segments; s += 3)
            {
                Sums<TileThree>(segment + s, pixels, a + along, b + along, c + along, lanes, in context);
            }

            for (; s < segments; s++)
            {
                Sums<TileOne>(segment + s, pixels, a + along, b + along, c + along, lanes, in context);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pixels(
        int height, ConvolutionSegment* segment, int segments, byte* a, byte* b, byte* c, int lanes, bool hasBias, TVector bias, in ConvolutionTileContext context)
    {
        switch (height)
        {
            case 1:
                Pixels<TileOne>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
            case 2:
                Pixels<TileTwo>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
            case 3:
                Pixels<TileThree>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
            case 4:
                Pixels<TileFour>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
            case 5:
                Pixels<TileFive>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
            case 6:
                Pixels<TileSix>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
            case 7:
                Pixels<TileSeven>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
            default:
                Pixels<TileEight>(segment, segments, a, b, c, lanes, hasBias, bias, in context);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixels<TRows>(
        ConvolutionSegment* segment, int segments, byte* a, byte* b, byte* c, int lanes, bool hasBias, TVector bias, in ConvolutionTileContext context)
        where TRows : ITileCount
    {
        nint row = context.RowStepA, row3 = 3 * row;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        for (; segments > 0; segments--, segment++)
        {
            TVector x = TSimd.Load((T*)(b + segment->B));
            byte* a0 = a + segment->A, a4 = a0 + (4 * row);
            c0 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)a0), x, c0);
            c1 = TRows.Value > 1 ? TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a0 + row)), x, c1) : c1;
            c2 = TRows.Value > 2 ? TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a0 + (2 * row))), x, c2) : c2;
            c3 = TRows.Value > 3 ? TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a0 + row3)), x, c3) : c3;
            c4 = TRows.Value > 4 ? TSimd.FusedMultiplyAdd(TSimd.Load((T*)a4), x, c4) : c4;
            c5 = TRows.Value > 5 ? TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a4 + row)), x, c5) : c5;
            c6 = TRows.Value > 6 ? TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a4 + (2 * row))), x, c6) : c6;
            c7 = TRows.Value > 7 ? TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a4 + row3)), x, c7) : c7;
        }

        row = context.RowStepC;
        row3 = 3 * row;
        byte* upper = c + (4 * row);
        bool rectifies = context.Rectifies;
        Store(c, lanes, rectifies, hasBias ? TSimd.Add(c0, bias) : c0);
        if (TRows.Value > 1)
        {
            Store(c + row, lanes, rectifies, hasBias ? TSimd.Add(c1, bias) : c1);
        }

        if (TRows.Value > 2)
        {
            Store(c + (2 * row), lanes, rectifies, hasBias ? TSimd.Add(c2, bias) : c2);
        }

        if (TRows.Value > 3)
        {
            Store(c + row3, lanes, rectifies, hasBias ? TSimd.Add(c3, bias) : c3);
        }

        if (TRows.Value > 4)
        {
            Store(upper, lanes, rectifies, hasBias ? TSimd.Add(c4, bias) : c4);
        }

        if (TRows.Value > 5)
        {
            Store(upper + row, lanes, rectifies, hasBias ? TSimd.Add(c5, bias) : c5);
        }

        if (TRows.Value > 6)
        {
            Store(upper + (2 * row), lanes, rectifies, hasBias ? TSimd.Add(c6, bias) : c6);
        }

        if (TRows.Value > 7)
        {
            Store(upper + row3, lanes, rectifies, hasBias ? TSimd.Add(c7, bias) : c7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<TRows>(ConvolutionSegment* segment, int pixels, byte* a, byte* b, byte* c, int lanes, in ConvolutionTileContext context)
        where TRows : ITileCount
    {
        nint rowA = context.RowStepA, rowB = context.DepthStepB;
        nint a0 = segment[0].A, a1 = TRows.Value > 1 ? segment[1].A : 0, a2 = TRows.Value > 2 ? segment[2].A : 0;
        nint a3 = TRows.Value > 3 ? segment[3].A : 0, a4 = TRows.Value > 4 ? segment[4].A : 0, a5 = TRows.Value > 5 ? segment[5].A : 0;
        nint a6 = TRows.Value > 6 ? segment[6].A : 0, a7 = TRows.Value > 7 ? segment[7].A : 0, a8 = TRows.Value > 8 ? segment[8].A : 0;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default;
        for (; pixels > 0; pixels--, a += rowA, b += rowB)
        {
            TVector y = TSimd.Load((T*)b);
            c0 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a0)), y, c0);
            if (TRows.Value > 2)
            {
                c1 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a1)), y, c1);
                c2 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a2)), y, c2);
            }

            if (TRows.Value > 5)
            {
                c3 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a3)), y, c3);
                c4 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a4)), y, c4);
                c5 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a5)), y, c5);
            }

            if (TRows.Value > 8)
            {
                c6 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a6)), y, c6);
                c7 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a7)), y, c7);
                c8 = TSimd.FusedMultiplyAdd(TSimd.Load((T*)(a + a8)), y, c8);
            }
        }

        Add(c + segment[0].B, lanes, c0);
        if (TRows.Value > 2)
        {
            Add(c + segment[1].B, lanes, c1);
            Add(c + segment[2].B, lanes, c2);
        }

        if (TRows.Value > 5)
        {
            Add(c + segment[3].B, lanes, c3);
            Add(c + segment[4].B, lanes, c4);
            Add(c + segment[5].B, lanes, c5);
        }

        if (TRows.Value > 8)
        {
            Add(c + segment[6].B, lanes, c6);
            Add(c + segment[7].B, lanes, c7);
            Add(c + segment[8].B, lanes, c8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* c, int lanes, TVector sum) => Store(c, lanes, false, TSimd.Add(TSimd.Load((T*)c), sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(byte* c, int lanes, bool rectifies, TVector sum)
    {
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
