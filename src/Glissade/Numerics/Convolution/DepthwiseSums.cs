using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>The gradient of a convolution of each channel by itself by its kernel: vectors run along the channels, sums along a row of pixels.</summary>
/// <remarks>
/// Up to three rows and three columns of the kernel have their sums in registers at once. What a pixel meets of the source moves from one element of the kernel to
/// the next, so each pixel reads one column of the source. Every sum is one chain of fused multiply-adds along the row, added to what C holds at its end.
/// </remarks>
internal static unsafe class DepthwiseSums<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Adds to sums over pixels: C[s, k, j] += Σᵢ A[s, i + k, j]·B[i, j].</summary>
    /// <param name="pixels">How many.</param>
    /// <param name="a">What places in A are counted from. Up to a vector past the last channel is read, here as in B and C.</param>
    /// <param name="b">The first pixel of B; the context has the distance to the next as that of C.</param>
    /// <param name="c">What the places of the sums are counted from, which the segments have as those of B.</param>
    /// <param name="context">The sums, those of the same columns of the kernel after each other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts(int pixels, byte* a, byte* b, byte* c, in DepthwiseContext context)
    {
        // Nine sums, what they meet and a pixel of B fill 19 of 32 registers, six 13 of 16.
        int most = TSimd.Count * sizeof(T) == 64 ? 3 : 2;
        DepthwiseSegment* segment = context.Segments;
        for (int left = context.SegmentCount; left > 0;)
        {
            int rows = 1;
            while (rows < Math.Min(most, left) && segment[rows].Column == segment->Column)
            {
                rows++;
            }

            switch (rows)
            {
                case 1:
                    Sums<TileOne>(segment, pixels, a, b, c, in context);
                    break;
                case 2:
                    Sums<TileTwo>(segment, pixels, a, b, c, in context);
                    break;
                default:
                    Sums<TileThree>(segment, pixels, a, b, c, in context);
                    break;
            }

            segment += rows;
            left -= rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums<TRows>(DepthwiseSegment* segment, int pixels, byte* a, byte* b, byte* c, in DepthwiseContext context)
        where TRows : unmanaged, ITileCount
    {
        switch (segment->Taps)
        {
            case 1:
                Sums<TRows, TileOne>(segment, pixels, a, b, c, in context);
                break;
            case 2:
                Sums<TRows, TileTwo>(segment, pixels, a, b, c, in context);
                break;
            default:
                Sums<TRows, TileThree>(segment, pixels, a, b, c, in context);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<TRows, TTaps>(DepthwiseSegment* segment, int pixels, byte* a, byte* b, byte* c, in DepthwiseContext context)
        where TRows : unmanaged, ITileCount
        where TTaps : unmanaged, ITileCount
    {
        nint rowA = context.RowStepA, rowB = context.RowStepC;
        int step = context.ColumnStep, width = context.Width;
        a += segment->A;
        nint second = sizeof(TRows) > 1 ? segment[1].A - segment->A : 0, third = sizeof(TRows) > 2 ? segment[2].A - segment->A : 0;
        for (int channels = context.Channels; channels > 0; channels -= TSimd.Count)
        {
            TVector c00 = default, c01 = default, c02 = default, c10 = default, c11 = default, c12 = default, c20 = default, c21 = default, c22 = default;
            TVector x00 = default, x01 = default, x02 = default, x10 = default, x11 = default, x12 = default, x20 = default, x21 = default, x22 = default;
            byte* read = a, y = b;
            int column = segment->Column;

            // The first pixel's columns but the last; then each pixel brings its last one.
            if (sizeof(TTaps) > 2)
            {
                Read<TRows>(read, second, third, column, width, ref x01, ref x11, ref x21);
                read += rowA;
                column += step;
            }

            if (sizeof(TTaps) > 1)
            {
                Read<TRows>(read, second, third, column, width, ref x02, ref x12, ref x22);
                read += rowA;
                column += step;
            }

            for (int left = pixels; left > 0; left--)
            {
                (x00, x10, x20) = (x01, x11, x21);
                (x01, x11, x21) = (x02, x12, x22);
                Read<TRows>(read, second, third, column, width, ref x02, ref x12, ref x22);
                TVector factor = TSimd.Load((T*)y);
                MultiplyAdd<TRows, TTaps>(0, factor, x00, x01, x02, ref c00, ref c01, ref c02);
                MultiplyAdd<TRows, TTaps>(1, factor, x10, x11, x12, ref c10, ref c11, ref c12);
                MultiplyAdd<TRows, TTaps>(2, factor, x20, x21, x22, ref c20, ref c21, ref c22);
                read += rowA;
                y += rowB;
                column += step;
            }

            Add<TRows, TTaps>(0, segment, c, channels, c00, c01, c02);
            Add<TRows, TTaps>(1, segment, c, channels, c10, c11, c12);
            Add<TRows, TTaps>(2, segment, c, channels, c20, c21, c22);
            a += TSimd.Count * sizeof(T);
            b += TSimd.Count * sizeof(T);
            c += TSimd.Count * sizeof(T);
        }
    }

    // Nothing is done for rows and columns of the kernel that are not there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read<TRows>(byte* a, nint second, nint third, int column, int width, ref TVector x0, ref TVector x1, ref TVector x2)
        where TRows : unmanaged, ITileCount
    {
        // Zero first, so that no branch is taken for what lies within the image.
        x0 = default;
        x1 = default;
        x2 = default;
        if ((uint)column < (uint)width)
        {
            x0 = TSimd.Load((T*)a);
            if (sizeof(TRows) > 1)
            {
                x1 = TSimd.Load((T*)(a + second));
            }

            if (sizeof(TRows) > 2)
            {
                x2 = TSimd.Load((T*)(a + third));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd<TRows, TTaps>(int row, TVector y, TVector x0, TVector x1, TVector x2, ref TVector sum0, ref TVector sum1, ref TVector sum2)
        where TRows : unmanaged, ITileCount
        where TTaps : unmanaged, ITileCount
    {
        if (sizeof(TRows) > row)
        {
            // The last elements of the kernel meet what was read last.
            if (sizeof(TTaps) > 2)
            {
                sum0 = TSimd.FusedMultiplyAdd(x0, y, sum0);
            }

            if (sizeof(TTaps) > 1)
            {
                sum1 = TSimd.FusedMultiplyAdd(x1, y, sum1);
            }

            sum2 = TSimd.FusedMultiplyAdd(x2, y, sum2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TRows, TTaps>(int row, DepthwiseSegment* segment, byte* c, int channels, TVector sum0, TVector sum1, TVector sum2)
        where TRows : unmanaged, ITileCount
        where TTaps : unmanaged, ITileCount
    {
        if (sizeof(TRows) > row)
        {
            c += segment[row].B;
            nint tap = segment[row].TapStepB;
            if (sizeof(TTaps) > 2)
            {
                Add(c, channels, sum0);
                c += tap;
            }

            if (sizeof(TTaps) > 1)
            {
                Add(c, channels, sum1);
                c += tap;
            }

            Add(c, channels, sum2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* c, int channels, TVector sum)
    {
        sum = TSimd.Add(TSimd.Load((T*)c), sum);
        if (channels >= TSimd.Count)
        {
            TSimd.Store(sum, (T*)c);
        }
        else
        {
            TSimd.StoreFirst(sum, (T*)c, channels);
        }
    }
}
