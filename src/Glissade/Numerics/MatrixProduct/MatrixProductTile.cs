using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Glissade.Numerics;

/// <summary>The innermost part of a matrix product: a small tile of C, held in registers while the sum over k runs.</summary>
/// <remarks>
/// C[i, j] = Σₖ A[i, k]·B[k, j] for up to twelve rows and two vectors of columns.
/// Every element is one chain of fused multiply-adds in the order of k from zero, so it has the same bits in whichever tile and lane it is computed.
/// A tile of r rows and v vectors makes r·v multiply-adds from r + v loads; twelve rows by two vectors fill the 32 registers of AVX-512,
/// six by two the 16 of AVX2. Rows are reached from three base pointers, so that few address registers are needed.
/// Units that load, shuffle and store are idle most of that time. So a tile can pack meanwhile: what it reads of op(B) for the tiles below it (TPacks = 1),
/// or sixteen columns of the next panel of op(B), which is stored transposed (TPacks = 2; float and 512 bits alone, a multiple of four terms, one tile a call).
/// Goto and van de Geijn (2008), Anatomy of High-Performance Matrix Multiplication, section 6.
/// </remarks>
internal abstract unsafe class MatrixProductTile<TVector, TSimd, T, TRows, TVectors, TPacks> : TileRows<TVector, TSimd, T, TRows, TVectors>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TRows : ITileCount
    where TVectors : ITileCount
    where TPacks : ITileCount
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
        byte* packed = TPacks.Value > 0 ? context.Packed : null, source = TPacks.Value == 2 ? context.Source : null;
        do
        {
            nint row = context.RowStepA, row3 = 3 * row;
            byte* b = panelB, a4 = a + (4 * row), a8 = a4 + (4 * row);
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

            nint depthStepA = context.DepthStepA, depthStepB = context.DepthStepB;
            for (nint depth = context.Depth; depth != 0; depth--)
            {
                TVector b0 = TSimd.Load((T*)b);
                TVector b1 = TVectors.Value > 1 ? TSimd.Load((T*)b + TSimd.Count) : default;
                if (TPacks.Value == 1)
                {
                    Fetch(b + (RowsAhead * depthStepB));
                    FetchFar(b + (2 * TSimd.Count * sizeof(T)));
                    TSimd.Store(b0, (T*)packed);
                    if (TVectors.Value > 1)
                    {
                        TSimd.Store(b1, (T*)packed + TSimd.Count);
                    }

                    packed += 2 * TSimd.Count * sizeof(T);
                }

                if (TPacks.Value == 2)
                {
                    // Four columns of op(B) and four k each time; then the next four columns, or after sixteen the next k.
                    MatrixProductPacking<T>.TransposeFour((float*)source, context.SourceStep, (float*)packed, 2 * TSimd.Count);
                    source += 4 * context.SourceStep;
                    packed += 16;
                    if ((depth & 3) == 1)
                    {
                        source += 16 - (16 * context.SourceStep);
                        packed += (8 * TSimd.Count * sizeof(T)) - 64;
                    }
                }

                b += depthStepB;

                MultiplyAdd(0, a, b0, b1, ref c0x0, ref c0x1);
                MultiplyAdd(1, a + row, b0, b1, ref c1x0, ref c1x1);
                MultiplyAdd(2, a + (2 * row), b0, b1, ref c2x0, ref c2x1);
                MultiplyAdd(3, a + row3, b0, b1, ref c3x0, ref c3x1);
                MultiplyAdd(4, a4, b0, b1, ref c4x0, ref c4x1);
                MultiplyAdd(5, a4 + row, b0, b1, ref c5x0, ref c5x1);
                MultiplyAdd(6, a4 + (2 * row), b0, b1, ref c6x0, ref c6x1);
                MultiplyAdd(7, a4 + row3, b0, b1, ref c7x0, ref c7x1);
                MultiplyAdd(8, a8, b0, b1, ref c8x0, ref c8x1);
                MultiplyAdd(9, a8 + row, b0, b1, ref c9x0, ref c9x1);
                MultiplyAdd(10, a8 + (2 * row), b0, b1, ref c10x0, ref c10x1);
                MultiplyAdd(11, a8 + row3, b0, b1, ref c11x0, ref c11x1);

                a += depthStepA;
                a4 += depthStepA;
                a8 += depthStepA;
            }

            row = context.RowStepC;
            row3 = 3 * row;
            byte* c4 = c + (4 * row), c8 = c4 + (4 * row);
            if (context.AddsToC)
            {
                AddFrom(0, c, ref c0x0, ref c0x1);
                AddFrom(1, c + row, ref c1x0, ref c1x1);
                AddFrom(2, c + (2 * row), ref c2x0, ref c2x1);
                AddFrom(3, c + row3, ref c3x0, ref c3x1);
                AddFrom(4, c4, ref c4x0, ref c4x1);
                AddFrom(5, c4 + row, ref c5x0, ref c5x1);
                AddFrom(6, c4 + (2 * row), ref c6x0, ref c6x1);
                AddFrom(7, c4 + row3, ref c7x0, ref c7x1);
                AddFrom(8, c8, ref c8x0, ref c8x1);
                AddFrom(9, c8 + row, ref c9x0, ref c9x1);
                AddFrom(10, c8 + (2 * row), ref c10x0, ref c10x1);
                AddFrom(11, c8 + row3, ref c11x0, ref c11x1);
            }

            if (perColumn != null && !context.IsMasked && !context.IsSquared)
            {
                TVector b0 = TSimd.Load((T*)perColumn);
                TVector b1 = TVectors.Value > 1 ? TSimd.Load((T*)perColumn + TSimd.Count) : default;
                perColumn += TVectors.Value * TSimd.Count * sizeof(T);
                Add(0, b0, b1, ref c0x0, ref c0x1);
                Add(1, b0, b1, ref c1x0, ref c1x1);
                Add(2, b0, b1, ref c2x0, ref c2x1);
                Add(3, b0, b1, ref c3x0, ref c3x1);
                Add(4, b0, b1, ref c4x0, ref c4x1);
                Add(5, b0, b1, ref c5x0, ref c5x1);
                Add(6, b0, b1, ref c6x0, ref c6x1);
                Add(7, b0, b1, ref c7x0, ref c7x1);
                Add(8, b0, b1, ref c8x0, ref c8x1);
                Add(9, b0, b1, ref c9x0, ref c9x1);
                Add(10, b0, b1, ref c10x0, ref c10x1);
                Add(11, b0, b1, ref c11x0, ref c11x1);
            }

            if (context.Rectifies)
            {
                Rectify(0, ref c0x0, ref c0x1);
                Rectify(1, ref c1x0, ref c1x1);
                Rectify(2, ref c2x0, ref c2x1);
                Rectify(3, ref c3x0, ref c3x1);
                Rectify(4, ref c4x0, ref c4x1);
                Rectify(5, ref c5x0, ref c5x1);
                Rectify(6, ref c6x0, ref c6x1);
                Rectify(7, ref c7x0, ref c7x1);
                Rectify(8, ref c8x0, ref c8x1);
                Rectify(9, ref c9x0, ref c9x1);
                Rectify(10, ref c10x0, ref c10x1);
                Rectify(11, ref c11x0, ref c11x1);
            }

            // Of the last vector only so many lanes are stored: what stands beside C is not ours to write.
            int last = Math.Min(columns - ((TVectors.Value - 1) * TSimd.Count), TSimd.Count);
            if (context.IsMasked)
            {
                nint mask = context.MaskFromC;
                TVector s0 = perColumn == null ? default : TSimd.Load((T*)perColumn);
                TVector s1 = perColumn == null || TVectors.Value == 1 ? default : TSimd.Load((T*)perColumn + TSimd.Count);
                Mask(0, mask, c, ref c0x0, ref c0x1, ref s0, ref s1);
                Mask(1, mask, c + row, ref c1x0, ref c1x1, ref s0, ref s1);
                Mask(2, mask, c + (2 * row), ref c2x0, ref c2x1, ref s0, ref s1);
                Mask(3, mask, c + row3, ref c3x0, ref c3x1, ref s0, ref s1);
                Mask(4, mask, c4, ref c4x0, ref c4x1, ref s0, ref s1);
                Mask(5, mask, c4 + row, ref c5x0, ref c5x1, ref s0, ref s1);
                Mask(6, mask, c4 + (2 * row), ref c6x0, ref c6x1, ref s0, ref s1);
                Mask(7, mask, c4 + row3, ref c7x0, ref c7x1, ref s0, ref s1);
                Mask(8, mask, c8, ref c8x0, ref c8x1, ref s0, ref s1);
                Mask(9, mask, c8 + row, ref c9x0, ref c9x1, ref s0, ref s1);
                Mask(10, mask, c8 + (2 * row), ref c10x0, ref c10x1, ref s0, ref s1);
                Mask(11, mask, c8 + row3, ref c11x0, ref c11x1, ref s0, ref s1);

                if (perColumn != null)
                {
                    Store(0, perColumn, last, s0, s1);
                    perColumn += TVectors.Value * TSimd.Count * sizeof(T);
                }
            }

            if (context.IsSquared)
            {
                TVector s0 = TSimd.Load((T*)perColumn);
                TVector s1 = TVectors.Value == 1 ? default : TSimd.Load((T*)perColumn + TSimd.Count);
                Square(0, ref c0x0, ref c0x1, ref s0, ref s1);
                Square(1, ref c1x0, ref c1x1, ref s0, ref s1);
                Square(2, ref c2x0, ref c2x1, ref s0, ref s1);
                Square(3, ref c3x0, ref c3x1, ref s0, ref s1);
                Square(4, ref c4x0, ref c4x1, ref s0, ref s1);
                Square(5, ref c5x0, ref c5x1, ref s0, ref s1);
                Square(6, ref c6x0, ref c6x1, ref s0, ref s1);
                Square(7, ref c7x0, ref c7x1, ref s0, ref s1);
                Square(8, ref c8x0, ref c8x1, ref s0, ref s1);
                Square(9, ref c9x0, ref c9x1, ref s0, ref s1);
                Square(10, ref c10x0, ref c10x1, ref s0, ref s1);
                Square(11, ref c11x0, ref c11x1, ref s0, ref s1);

                Store(0, perColumn, last, s0, s1);
                perColumn += TVectors.Value * TSimd.Count * sizeof(T);
            }

            Store(0, c, last, c0x0, c0x1);
            Store(1, c + row, last, c1x0, c1x1);
            Store(2, c + (2 * row), last, c2x0, c2x1);
            Store(3, c + row3, last, c3x0, c3x1);
            Store(4, c4, last, c4x0, c4x1);
            Store(5, c4 + row, last, c5x0, c5x1);
            Store(6, c4 + (2 * row), last, c6x0, c6x1);
            Store(7, c4 + row3, last, c7x0, c7x1);
            Store(8, c8, last, c8x0, c8x1);
            Store(9, c8 + row, last, c9x0, c9x1);
            Store(10, c8 + (2 * row), last, c10x0, c10x1);
            Store(11, c8 + row3, last, c11x0, c11x1);

            // Not kept but computed: what is kept over the tile goes to the stack, where its load would wait behind the stores.
            a -= context.Depth * context.DepthStepA;
            panelB += context.PanelStepB;
            c += TVectors.Value * TSimd.Count * sizeof(T);
            columns -= TVectors.Value * TSimd.Count;
        }
        while (columns > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchTile(byte* c, nint rowStep)
    {
        for (int row = 0; row < TRows.Value; row++)
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
            if (TVectors.Value > 1)
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

    // Like the rows' other methods, these do nothing for rows that the tile does not have, and without conditional expressions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFrom(int row, byte* c, ref TVector sum0, ref TVector sum1)
    {
        if (TRows.Value > row)
        {
            sum0 = TSimd.Add(TSimd.Load((T*)c), sum0);
            if (TVectors.Value > 1)
            {
                sum1 = TSimd.Add(TSimd.Load((T*)c + TSimd.Count), sum1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(int row, TVector x0, TVector x1, ref TVector sum0, ref TVector sum1)
    {
        if (TRows.Value > row)
        {
            sum0 = TSimd.Add(x0, sum0);
            if (TVectors.Value > 1)
            {
                sum1 = TSimd.Add(x1, sum1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mask(int row, nint mask, byte* c, ref TVector x0, ref TVector x1, ref TVector sum0, ref TVector sum1)
    {
        if (TRows.Value <= row)
        {
            return;
        }

        x0 = TSimd.Select(TSimd.GreaterThan(TSimd.Load((T*)(c + mask)), default), x0, default);
        sum0 = TSimd.Add(sum0, x0);
        if (TVectors.Value > 1)
        {
            x1 = TSimd.Select(TSimd.GreaterThan(TSimd.Load((T*)(c + mask) + TSimd.Count), default), x1, default);
            sum1 = TSimd.Add(sum1, x1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(int row, ref TVector x0, ref TVector x1, ref TVector sum0, ref TVector sum1)
    {
        if (TRows.Value > row)
        {
            sum0 = TSimd.FusedMultiplyAdd(x0, x0, sum0);
            if (TVectors.Value > 1)
            {
                sum1 = TSimd.FusedMultiplyAdd(x1, x1, sum1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rectify(int row, ref TVector sum0, ref TVector sum1)
    {
        if (TRows.Value > row)
        {
            sum0 = TSimd.Rectify(sum0);
            if (TVectors.Value > 1)
            {
                sum1 = TSimd.Rectify(sum1);
            }
        }
    }
}
