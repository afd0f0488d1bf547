using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>The innermost part of a convolution: a small tile of C, held in registers while a sum in several pieces runs.</summary>
/// <remarks>
/// C[i, j] = start + Σₛ Σₖ A[s, i, k]·B[s, k, j] + bias[j] for up to twelve rows and two vectors of columns, where the start is zero or what C held.
/// Each segment s of the sum begins at its own place in A and B; so the windows of an image are multiplied where they stand in it, row by row of the
/// window, and are never copied together. Every element is one chain of fused multiply-adds in the order of the terms, whichever tile and lane it is in.
/// Twelve rows by two vectors fill the 32 registers of AVX-512, six by two the 16 of AVX2.
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
        TVector b0, b1;
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
            ReadFour(0, c, context.RowStepC, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
            ReadFour(4, c + (4 * context.RowStepC), context.RowStepC, ref c4x0, ref c4x1, ref c5x0, ref c5x1, ref c6x0, ref c6x1, ref c7x0, ref c7x1);
            ReadFour(8, c + (8 * context.RowStepC), context.RowStepC, ref c8x0, ref c8x1, ref c9x0, ref c9x1, ref c10x0, ref c10x1, ref c11x0, ref c11x1);
        }

        nint row = context.RowStepA, depthStepA = context.DepthStepA, depthStepB = context.DepthStepB, lastTerms = 0;
        byte* a0 = a, a4 = a, a8 = a, columnsB = b;
        ConvolutionSegment* segment = context.Segments;
        for (int segments = context.SegmentCount; segments > 0; segments--, segment++)
        {
            a0 = a + segment->A;
            a4 = a0 + (4 * row);
            a8 = a4 + (4 * row);
            columnsB = b + segment->B;
            nint depth = segment->Depth;
            if (EndsApart && segments == 1)
            {
                lastTerms = Math.Min(depth, TermsApart);
                depth -= lastTerms;
            }

            for (; depth > 0; depth--)
            {
                b0 = TSimd.Load((T*)columnsB);
                b1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)columnsB + TSimd.Count) : default;
                MultiplyFour(0, a0, row, b0, b1, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
                if (sizeof(TRows) > 4)
                {
                    MultiplyFour(4, a4, row, b0, b1, ref c4x0, ref c4x1, ref c5x0, ref c5x1, ref c6x0, ref c6x1, ref c7x0, ref c7x1);
                }

                if (sizeof(TRows) > 8)
                {
                    MultiplyFour(8, a8, row, b0, b1, ref c8x0, ref c8x1, ref c9x0, ref c9x1, ref c10x0, ref c10x1, ref c11x0, ref c11x1);
                }

                a0 += depthStepA;
                a4 += depthStepA;
                a8 += depthStepA;
                columnsB += depthStepB;
            }
        }

        // Of the last vector only so many lanes are stored: what stands beside C is not ours to write.
        int last = columns - ((sizeof(TVectors) - 1) * TSimd.Count);
        if (EndsApart)
        {
            byte* lastB = columnsB;
            for (nint depth = lastTerms; depth > 0; depth--)
            {
                b0 = TSimd.Load((T*)lastB);
                b1 = TSimd.Load((T*)lastB + TSimd.Count);
                MultiplyFour(0, a0, row, b0, b1, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
                a0 += depthStepA;
                lastB += depthStepB;
            }
        }

        FinishFour(0, c, last, bias, in context, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
        if (EndsApart)
        {
            byte* lastB = columnsB;
            for (nint depth = lastTerms; depth > 0; depth--)
            {
                b0 = TSimd.Load((T*)lastB);
                b1 = TSimd.Load((T*)lastB + TSimd.Count);
                MultiplyFour(4, a4, row, b0, b1, ref c4x0, ref c4x1, ref c5x0, ref c5x1, ref c6x0, ref c6x1, ref c7x0, ref c7x1);
                a4 += depthStepA;
                lastB += depthStepB;
            }
        }

        if (sizeof(TRows) > 4)
        {
            FinishFour(4, c + (4 * context.RowStepC), last, bias, in context, ref c4x0, ref c4x1, ref c5x0, ref c5x1, ref c6x0, ref c6x1, ref c7x0, ref c7x1);
        }

        if (EndsApart && sizeof(TRows) > 8)
        {
            byte* lastB = columnsB;
            for (nint depth = lastTerms; depth > 0; depth--)
            {
                b0 = TSimd.Load((T*)lastB);
                b1 = TSimd.Load((T*)lastB + TSimd.Count);
                MultiplyFour(8, a8, row, b0, b1, ref c8x0, ref c8x1, ref c9x0, ref c9x1, ref c10x0, ref c10x1, ref c11x0, ref c11x1);
                a8 += depthStepA;
                lastB += depthStepB;
            }
        }

        if (sizeof(TRows) > 8)
        {
            FinishFour(8, c + (8 * context.RowStepC), last, bias, in context, ref c8x0, ref c8x1, ref c9x0, ref c9x1, ref c10x0, ref c10x1, ref c11x0, ref c11x1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishFour(
        int first, byte* c, int last, byte* bias, in ConvolutionTileContext context,
        ref TVector c0x0, ref TVector c0x1, ref TVector c1x0, ref TVector c1x1, ref TVector c2x0, ref TVector c2x1, ref TVector c3x0, ref TVector c3x1)
    {
        if (typeof(TAdds) == typeof(TileNone) && bias != null)
        {
            TVector x0 = TSimd.Load((T*)bias);
            TVector x1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)bias + TSimd.Count) : default;
            AddFour(first, x0, x1, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
        }

        if (typeof(TAdds) == typeof(TileNone) && context.Rectifies)
        {
            RectifyFour(first, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
        }

        StoreFour(first, c, context.RowStepC, last, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadFour(
        int first, byte* c, nint row,
        ref TVector c0x0, ref TVector c0x1, ref TVector c1x0, ref TVector c1x1, ref TVector c2x0, ref TVector c2x1, ref TVector c3x0, ref TVector c3x1)
    {
        Read(first, c, ref c0x0, ref c0x1);
        Read(first + 1, c + row, ref c1x0, ref c1x1);
        Read(first + 2, c + (2 * row), ref c2x0, ref c2x1);
        Read(first + 3, c + (3 * row), ref c3x0, ref c3x1);
    }

    // Like the rows' other methods, it does nothing for rows that the tile does not have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read(int row, byte* c, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.Load((T*)c);
            sum1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)c + TSimd.Count) : sum1;
        }
    }
}
