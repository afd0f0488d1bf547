using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>The innermost part of a convolution: a small tile of C, held in registers while a sum in several pieces runs.</summary>
/// <remarks>
/// C[i, j] = start + Σₛ Σₖ A[s, i, k]·B[s, k, j] + bias[j] for up to twelve rows and two vectors of columns, where the start is zero or what C held.
/// Each segment s of the sum begins at its own place in A and B; so the windows of an image are multiplied where they stand in it, row by row of the
/// window, and are never copied together. Every element is one chain of fused multiply-adds in the order of the terms, whichever tile and lane it is in.
/// Twelve rows by two vectors fill the 32 registers of AVX-512, six by two the 16 of AVX2.
/// A store of 512 bits takes two cycles, and a burst of more than about twelve is not hidden behind the multiply-adds around it; so the first six rows of a high tile
/// make their last terms and are stored before the others make theirs.
/// Either the sums start with what C held (TAdds = 1), or they may get a bias and a rectifier: tiles for both would have more locals than the compiler follows.
/// After Georganas et al. (2018), Anatomy of High-Performance Deep Learning Convolutions on SIMD Architectures.
/// </remarks>
internal abstract unsafe class ConvolutionTile<TVector, TSimd, T, TRows, TVectors, TAdds> : TileRows<TVector, TSimd, T, TRows, TVectors>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TRows : unmanaged, ITileCount
    where TVectors : unmanaged, ITileCount
    where TAdds : unmanaged, ITileCount
{
    /// <summary>Terms that pass between the stores of the first six rows and those of the others.</summary>
    private const int LastTerms = 8;

    /// <summary>Computes one tile.</summary>
    /// <param name="a">What the segments' places in A are counted from.</param>
    /// <param name="b">What the segments' places in B are counted from; the columns of a term are adjacent.</param>
    /// <param name="c">First element of the tile.</param>
    /// <param name="columns">Columns to store; the last vector may be incomplete, the others are not.</param>
    /// <param name="bias">Bias of the first column, or null.</param>
    /// <param name="context">The segments of the sum, distances and the way to finish.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(byte* a, byte* b, byte* c, int columns, byte* bias, in ConvolutionTileContext context)
    {
        nint row = context.RowStepC;
        nint row3 = 3 * row;
        byte* c4 = c + (4 * row), c8 = c4 + (4 * row);
        TVector b0 = default, b1 = default;
        TVector c0x0 = default, c0x1 = default;
        TVector c1x0 = default, c1x1 = default;
        TVector c2x0 = default, c2x1 = default;
        TVector c3x0 = default, c3x1 = default;
        TVector c4x0 = default, c4x1 = default;
        TVector c5x0 = default, c5x1 = default;
        TVector c6x0 = default, c6x1 = default;
        TVector c7x0 = default, c7x1 = default;
        TVector c8x0 = default, c8x1 = default;
        TVector c9x0 = default, c9x1 = default;
        TVector c10x0 = default, c10x1 = default;
        TVector c11x0 = default, c11x1 = default;
        if (typeof(TAdds) != typeof(TileNone))
        {
            Read(0, c, ref c0x0, ref c0x1);
            Read(1, c + row, ref c1x0, ref c1x1);
            Read(2, c + (2 * row), ref c2x0, ref c2x1);
            Read(3, c + row3, ref c3x0, ref c3x1);
            Read(4, c4, ref c4x0, ref c4x1);
            Read(5, c4 + row, ref c5x0, ref c5x1);
            Read(6, c4 + (2 * row), ref c6x0, ref c6x1);
            Read(7, c4 + row3, ref c7x0, ref c7x1);
            Read(8, c8, ref c8x0, ref c8x1);
            Read(9, c8 + row, ref c9x0, ref c9x1);
            Read(10, c8 + (2 * row), ref c10x0, ref c10x1);
            Read(11, c8 + row3, ref c11x0, ref c11x1);
        }

        row = context.RowStepA;
        row3 = 3 * row;
        nint depthStepA = context.DepthStepA, depthStepB = context.DepthStepB, lastTerms = 0;
        byte* a0 = a, a4 = a, a8 = a, columnsB = b;
        ConvolutionSegment* segment = context.Segments;
        for (int segments = context.SegmentCount; segments > 0; segments--, segment++)
        {
            a0 = a + segment->A;
            a4 = a0 + (4 * row);
            a8 = a4 + (4 * row);
            columnsB = b + segment->B;
            nint depth = segment->Depth;
            if (sizeof(TRows) > 7 && sizeof(TVectors) > 1 && segments == 1)
            {
                lastTerms = Math.Min(depth, LastTerms);
                depth -= lastTerms;
            }

            for (; depth > 0; depth--)
            {
                b0 = TSimd.Load((T*)columnsB);
                b1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)columnsB + TSimd.Count) : default;
                columnsB += depthStepB;

                MultiplyAdd(0, a0, b0, b1, ref c0x0, ref c0x1);
                MultiplyAdd(1, a0 + row, b0, b1, ref c1x0, ref c1x1);
                MultiplyAdd(2, a0 + (2 * row), b0, b1, ref c2x0, ref c2x1);
                MultiplyAdd(3, a0 + row3, b0, b1, ref c3x0, ref c3x1);
                MultiplyAdd(4, a4, b0, b1, ref c4x0, ref c4x1);
                MultiplyAdd(5, a4 + row, b0, b1, ref c5x0, ref c5x1);
                MultiplyAdd(6, a4 + (2 * row), b0, b1, ref c6x0, ref c6x1);
                MultiplyAdd(7, a4 + row3, b0, b1, ref c7x0, ref c7x1);
                MultiplyAdd(8, a8, b0, b1, ref c8x0, ref c8x1);
                MultiplyAdd(9, a8 + row, b0, b1, ref c9x0, ref c9x1);
                MultiplyAdd(10, a8 + (2 * row), b0, b1, ref c10x0, ref c10x1);
                MultiplyAdd(11, a8 + row3, b0, b1, ref c11x0, ref c11x1);

                a0 += depthStepA;
                a4 += depthStepA;
                a8 += depthStepA;
            }
        }

        // Of the last vector only so many lanes are stored: what stands beside C is not ours to write.
        nint rowC = context.RowStepC, rowC3 = 3 * rowC;
        int last = columns - ((sizeof(TVectors) - 1) * TSimd.Count);
        byte* lastB = columnsB, upper = a4;
        for (nint depth = lastTerms; depth > 0; depth--)
        {
            b0 = TSimd.Load((T*)lastB);
            b1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)lastB + TSimd.Count) : default;
            lastB += depthStepB;

            MultiplyAdd(0, a0, b0, b1, ref c0x0, ref c0x1);
            MultiplyAdd(1, a0 + row, b0, b1, ref c1x0, ref c1x1);
            MultiplyAdd(2, a0 + (2 * row), b0, b1, ref c2x0, ref c2x1);
            MultiplyAdd(3, a0 + row3, b0, b1, ref c3x0, ref c3x1);
            MultiplyAdd(4, upper, b0, b1, ref c4x0, ref c4x1);
            MultiplyAdd(5, upper + row, b0, b1, ref c5x0, ref c5x1);

            a0 += depthStepA;
            upper += depthStepA;
        }

        if (typeof(TAdds) == typeof(TileNone) && bias != null)
        {
            b0 = TSimd.Load((T*)bias);
            b1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)bias + TSimd.Count) : default;
            Add(0, b0, b1, ref c0x0, ref c0x1);
            Add(1, b0, b1, ref c1x0, ref c1x1);
            Add(2, b0, b1, ref c2x0, ref c2x1);
            Add(3, b0, b1, ref c3x0, ref c3x1);
            Add(4, b0, b1, ref c4x0, ref c4x1);
            Add(5, b0, b1, ref c5x0, ref c5x1);
        }

        if (typeof(TAdds) == typeof(TileNone) && context.Rectifies)
        {
            Rectify(0, ref c0x0, ref c0x1);
            Rectify(1, ref c1x0, ref c1x1);
            Rectify(2, ref c2x0, ref c2x1);
            Rectify(3, ref c3x0, ref c3x1);
            Rectify(4, ref c4x0, ref c4x1);
            Rectify(5, ref c5x0, ref c5x1);
        }

        if (last == TSimd.Count)
        {
            Store(0, c, TSimd.Count, c0x0, c0x1);
            Store(1, c + rowC, TSimd.Count, c1x0, c1x1);
            Store(2, c + (2 * rowC), TSimd.Count, c2x0, c2x1);
            Store(3, c + rowC3, TSimd.Count, c3x0, c3x1);
            Store(4, c4, TSimd.Count, c4x0, c4x1);
            Store(5, c4 + rowC, TSimd.Count, c5x0, c5x1);
        }
        else
        {
            Store(0, c, last, c0x0, c0x1);
            Store(1, c + rowC, last, c1x0, c1x1);
            Store(2, c + (2 * rowC), last, c2x0, c2x1);
            Store(3, c + rowC3, last, c3x0, c3x1);
            Store(4, c4, last, c4x0, c4x1);
            Store(5, c4 + rowC, last, c5x0, c5x1);
        }

        for (nint depth = lastTerms; depth > 0; depth--)
        {
            b0 = TSimd.Load((T*)columnsB);
            b1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)columnsB + TSimd.Count) : default;
            columnsB += depthStepB;

            MultiplyAdd(6, a4 + (2 * row), b0, b1, ref c6x0, ref c6x1);
            MultiplyAdd(7, a4 + row3, b0, b1, ref c7x0, ref c7x1);
            MultiplyAdd(8, a8, b0, b1, ref c8x0, ref c8x1);
            MultiplyAdd(9, a8 + row, b0, b1, ref c9x0, ref c9x1);
            MultiplyAdd(10, a8 + (2 * row), b0, b1, ref c10x0, ref c10x1);
            MultiplyAdd(11, a8 + row3, b0, b1, ref c11x0, ref c11x1);

            a4 += depthStepA;
            a8 += depthStepA;
        }

        if (sizeof(TRows) <= 6)
        {
            return;
        }

        if (typeof(TAdds) == typeof(TileNone) && bias != null)
        {
            b0 = TSimd.Load((T*)bias);
            b1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)bias + TSimd.Count) : default;
            Add(6, b0, b1, ref c6x0, ref c6x1);
            Add(7, b0, b1, ref c7x0, ref c7x1);
            Add(8, b0, b1, ref c8x0, ref c8x1);
            Add(9, b0, b1, ref c9x0, ref c9x1);
            Add(10, b0, b1, ref c10x0, ref c10x1);
            Add(11, b0, b1, ref c11x0, ref c11x1);
        }

        if (typeof(TAdds) == typeof(TileNone) && context.Rectifies)
        {
            Rectify(6, ref c6x0, ref c6x1);
            Rectify(7, ref c7x0, ref c7x1);
            Rectify(8, ref c8x0, ref c8x1);
            Rectify(9, ref c9x0, ref c9x1);
            Rectify(10, ref c10x0, ref c10x1);
            Rectify(11, ref c11x0, ref c11x1);
        }

        if (last == TSimd.Count)
        {
            Store(6, c4 + (2 * rowC), TSimd.Count, c6x0, c6x1);
            Store(7, c4 + rowC3, TSimd.Count, c7x0, c7x1);
            Store(8, c8, TSimd.Count, c8x0, c8x1);
            Store(9, c8 + rowC, TSimd.Count, c9x0, c9x1);
            Store(10, c8 + (2 * rowC), TSimd.Count, c10x0, c10x1);
            Store(11, c8 + rowC3, TSimd.Count, c11x0, c11x1);
        }
        else
        {
            Store(6, c4 + (2 * rowC), last, c6x0, c6x1);
            Store(7, c4 + rowC3, last, c7x0, c7x1);
            Store(8, c8, last, c8x0, c8x1);
            Store(9, c8 + rowC, last, c9x0, c9x1);
            Store(10, c8 + (2 * rowC), last, c10x0, c10x1);
            Store(11, c8 + rowC3, last, c11x0, c11x1);
        }
    }

    // Like the rows' other methods, these do nothing for rows that the tile does not have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read(int row, byte* c, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.Load((T*)c);
            sum1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)c + TSimd.Count) : sum1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(int row, TVector b0, TVector b1, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.Add(sum0, b0);
            sum1 = sizeof(TVectors) > 1 ? TSimd.Add(sum1, b1) : sum1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rectify(int row, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.Rectify(sum0);
            sum1 = sizeof(TVectors) > 1 ? TSimd.Rectify(sum1) : sum1;
        }
    }
}
