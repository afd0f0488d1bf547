using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Glissade.Numerics;

/// <summary>The innermost part of a matrix product: a small tile of C, held in registers while the sum over k runs.</summary>
/// <remarks>
/// C[i, j] = Σₖ A[i, k]·B[k, j] for up to twelve rows and two vectors of columns.
/// Every element is one chain of fused multiply-adds in the order of k from zero, so it has the same bits in whichever tile and lane it is computed.
/// A tile of r rows and v vectors makes r·v multiply-adds from r + v loads; twelve rows by two vectors fill the 32 registers of AVX-512,
/// six by two the 16 of AVX2. Four rows at a time share a base pointer, so that few address registers are needed.
/// Units that load, shuffle and store are idle most of that time. So a tile can pack meanwhile: what it reads of op(B) for the tiles below it (TPacks = 1),
/// or sixteen columns of the next panel of op(B), which is stored transposed (TPacks = 2; float and 512 bits alone, a multiple of four terms, one tile a call).
/// Goto and van de Geijn (2008), Anatomy of High-Performance Matrix Multiplication, section 6.
/// </remarks>
internal abstract unsafe class MatrixProductTile<TVector, TSimd, T, TRows, TVectors, TPacks, TEnd> : MatrixProductTileEnd<TVector, TSimd, T, TRows, TVectors, TEnd>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TRows : unmanaged, ITileCount
    where TVectors : unmanaged, ITileCount
    where TPacks : unmanaged, ITileCount
    where TEnd : unmanaged, ITileEnd
{
    /// <summary>Terms of the sum from which on C is asked for before it: it may be in a far cache then, and the stores after the sum would wait for it.</summary>
    private const int LeastDepthToFetch = 192;

    /// <summary>How far ahead of its use a row of B is asked for where it is packed: it comes from a far cache, and nothing else fetches lines so far apart.</summary>
    private const int RowsAhead = 16;

    /// <summary>Computes the tiles of a strip of rows, one after another: a call for each would cost a dozen stores, which wait behind those of the last tile.</summary>
    /// <param name="a">First element of the rows of op(A).</param>
    /// <param name="panelB">First element of the first columns of op(B); the elements of a row are adjacent.</param>
    /// <param name="c">First element of the strip.</param>
    /// <param name="columns">Columns to store, at least one; the last vector of the last tile may be incomplete, the others are not.</param>
    /// <param name="perColumn">Bias of the first column, or what its sum or that of its squares is added to; null for none.</param>
    /// <param name="context">Terms of the sum, distances and the way to finish.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(byte* a, byte* panelB, byte* c, int columns, byte* perColumn, in MatrixProductTileContext context)
    {
        byte* packed = typeof(TPacks) != typeof(TileNone) ? context.Packed : null, source = typeof(TPacks) == typeof(TileTwo) ? context.Source : null;
        do
        {
            byte* b = panelB;
            nint row = context.RowStepA;
            byte* a4 = a + (4 * row), a8 = a4 + (4 * row);
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

            if (context.Depth >= LeastDepthToFetch)
            {
                FetchTile(c, context.RowStepC);
            }

            nint depthStepA = context.DepthStepA, depthStepB = context.DepthStepB, depth = context.Depth;
            nint apart = EndsApart ? Math.Min(depth, TermsApart) : 0;
            TVector b0, b1;
            for (; depth > apart; depth--)
            {
                b0 = TSimd.Load((T*)b);
                b1 = sizeof(TVectors) > 1 ? TSimd.Load((T*)b + TSimd.Count) : default;
                PackMeanwhile(b, b0, b1, depth, in context, ref packed, ref source);
                MultiplyFour(0, a, row, b0, b1, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
                if (sizeof(TRows) > 4)
                {
                    MultiplyFour(4, a4, row, b0, b1, ref c4x0, ref c4x1, ref c5x0, ref c5x1, ref c6x0, ref c6x1, ref c7x0, ref c7x1);
                }

                if (sizeof(TRows) > 8)
                {
                    MultiplyFour(8, a8, row, b0, b1, ref c8x0, ref c8x1, ref c9x0, ref c9x1, ref c10x0, ref c10x1, ref c11x0, ref c11x1);
                }

                a += depthStepA;
                a4 += depthStepA;
                a8 += depthStepA;
                b += depthStepB;
            }

            if (EndsApart)
            {
                for (; depth != 0; depth--)
                {
                    b0 = TSimd.Load((T*)b);
                    b1 = TSimd.Load((T*)b + TSimd.Count);
                    PackMeanwhile(b, b0, b1, depth, in context, ref packed, ref source);
                    MultiplyFour(0, a, row, b0, b1, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
                    a += depthStepA;
                    b += depthStepB;
                }
            }

            // Of the last vector only so many lanes are stored: what stands beside C is not ours to write.
            int last = Math.Min(columns - ((sizeof(TVectors) - 1) * TSimd.Count), TSimd.Count);
            TVector p0 = perColumn == null ? default : TSimd.Load((T*)perColumn);
            TVector p1 = perColumn == null || sizeof(TVectors) == 1 ? default : TSimd.Load((T*)perColumn + TSimd.Count);
            bool hasBias = perColumn != null && typeof(TEnd) == typeof(BiasedEnd);
            FinishFour(0, c, last, hasBias, in context, ref p0, ref p1, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
            if (EndsApart)
            {
                // Computed anew from what the tile needs anyhow: kept over the stores it would go to the stack.
                row = context.RowStepA;
                depthStepA = context.DepthStepA;
                depthStepB = context.DepthStepB;
                b -= apart * depthStepB;
                a4 = a - (apart * depthStepA) + (4 * row);
                for (depth = apart; depth != 0; depth--)
                {
                    b0 = TSimd.Load((T*)b);
                    b1 = TSimd.Load((T*)b + TSimd.Count);
                    MultiplyFour(4, a4, row, b0, b1, ref c4x0, ref c4x1, ref c5x0, ref c5x1, ref c6x0, ref c6x1, ref c7x0, ref c7x1);
                    a4 += depthStepA;
                    b += depthStepB;
                }
            }

            if (sizeof(TRows) > 4)
            {
                FinishFour(4, c + (4 * context.RowStepC), last, hasBias, in context, ref p0, ref p1, ref c4x0, ref c4x1, ref c5x0, ref c5x1, ref c6x0, ref c6x1, ref c7x0, ref c7x1);
            }

            if (EndsApart && sizeof(TRows) > 8)
            {
                row = context.RowStepA;
                depthStepA = context.DepthStepA;
                depthStepB = context.DepthStepB;
                b -= apart * depthStepB;
                a8 = a - (apart * depthStepA) + (8 * row);
                for (depth = apart; depth != 0; depth--)
                {
                    b0 = TSimd.Load((T*)b);
                    b1 = TSimd.Load((T*)b + TSimd.Count);
                    MultiplyFour(8, a8, row, b0, b1, ref c8x0, ref c8x1, ref c9x0, ref c9x1, ref c10x0, ref c10x1, ref c11x0, ref c11x1);
                    a8 += depthStepA;
                    b += depthStepB;
                }
            }

            if (sizeof(TRows) > 8)
            {
                FinishFour(8, c + (8 * context.RowStepC), last, hasBias, in context, ref p0, ref p1, ref c8x0, ref c8x1, ref c9x0, ref c9x1, ref c10x0, ref c10x1, ref c11x0, ref c11x1);
            }

            if (perColumn != null)
            {
                if (typeof(TEnd) != typeof(BiasedEnd))
                {
                    Store(0, perColumn, last, p0, p1);
                }

                perColumn += sizeof(TVectors) * TSimd.Count * sizeof(T);
            }

            // Not kept but computed: what is kept over the tile goes to the stack, where its load would wait behind the stores.
            a -= context.Depth * context.DepthStepA;
            panelB += context.PanelStepB;
            c += sizeof(TVectors) * TSimd.Count * sizeof(T);
            columns -= sizeof(TVectors) * TSimd.Count;
        }
        while (columns > 0);
    }

    /// <summary>What a tile that packs does for a term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackMeanwhile(byte* b, TVector b0, TVector b1, nint depth, in MatrixProductTileContext context, ref byte* packed, ref byte* source)
    {
        if (typeof(TPacks) == typeof(TileOne))
        {
            Fetch(b + (RowsAhead * context.DepthStepB));
            FetchFar(b + (2 * TSimd.Count * sizeof(T)));
            TSimd.Store(b0, (T*)packed);
            if (sizeof(TVectors) > 1)
            {
                TSimd.Store(b1, (T*)packed + TSimd.Count);
            }

            packed += 2 * TSimd.Count * sizeof(T);
        }

        if (typeof(TPacks) == typeof(TileTwo) && (depth & 1) == 0)
        {
            // Four k of eight columns of op(B) each other time, for half of the terms; then of the next eight. Sixteen columns a power of two apart would not stay in the first cache.
            MatrixProductPacking<T>.TransposeEight((float*)source, context.SourceStep / sizeof(T), (float*)packed, sizeof(TVectors) * TSimd.Count);
            source += 16;
            packed += 4 * sizeof(TVectors) * TSimd.Count * sizeof(T);
            if (2 * (depth - 2) == context.Depth)
            {
                source += (8 * context.SourceStep) - (4 * context.Depth);
                packed += 32 - (sizeof(TVectors) * TSimd.Count * sizeof(T) * context.Depth);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchTile(byte* c, nint rowStep)
    {
        for (int row = 0; row < sizeof(TRows); row++)
        {
            Fetch(c);
            c += rowStep;
        }
    }

    /// <summary>Asks for a row of the tile's columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* row)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(row);
            if (sizeof(TVectors) > 1)
            {
                Sse.Prefetch0(row + (TSimd.Count * sizeof(T)));
            }
        }
    }

    /// <summary>Asks for a row of the next tile's columns, for the second cache: the memory sends longer runs of a line so than if only one tile's columns were asked for at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchFar(byte* row)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(row);
            Sse.Prefetch1(row + (TSimd.Count * sizeof(T)));
        }
    }
}
