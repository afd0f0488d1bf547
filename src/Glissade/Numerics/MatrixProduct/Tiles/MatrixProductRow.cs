using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>The kernel for one row of C: many vectors of columns at once, because one chain of additions alone would wait for itself.</summary>
/// <remarks>Each element is the same chain of fused multiply-adds as in <see cref="MatrixProductTile{TVector, TSimd, T, TRows, TVectors, TPacks, TEnd}"/>.</remarks>
internal static unsafe class MatrixProductRow<TVector, TSimd, T, TVectors>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVectors : unmanaged, ITileCount
{
    /// <summary>Computes a piece of a row: up to eight vectors, of which the last may be incomplete.</summary>
    /// <param name="a">First element of the row of op(A).</param>
    /// <param name="b">First element of the columns of op(B); the elements of a row are adjacent.</param>
    /// <param name="c">First element of the piece.</param>
    /// <param name="columns">Columns to store.</param>
    /// <param name="perColumn">Bias of the first column, or what its square is added to; null for none.</param>
    /// <param name="context">Terms of the sum, distances and the way to finish.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(byte* a, byte* b, byte* c, int columns, byte* perColumn, in MatrixProductTileContext context)
    {
        nint depthStepA = context.DepthStepA, depthStepB = context.DepthStepB;
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (nint depth = context.Depth; depth > 0; depth--)
        {
            TVector x = TSimd.Create(*(T*)a);
            s0 = MultiplyAdd(x, b, 0, s0);
            if (sizeof(TVectors) > 1)
            {
                s1 = MultiplyAdd(x, b, 1, s1);
            }

            if (sizeof(TVectors) > 2)
            {
                s2 = MultiplyAdd(x, b, 2, s2);
                s3 = MultiplyAdd(x, b, 3, s3);
            }

            if (sizeof(TVectors) > 4)
            {
                s4 = MultiplyAdd(x, b, 4, s4);
                s5 = MultiplyAdd(x, b, 5, s5);
                s6 = MultiplyAdd(x, b, 6, s6);
                s7 = MultiplyAdd(x, b, 7, s7);
            }

            a += depthStepA;
            b += depthStepB;
        }

        Finish(s0, 0, c, columns, perColumn, in context);
        if (sizeof(TVectors) > 1)
        {
            Finish(s1, 1, c, columns, perColumn, in context);
        }

        if (sizeof(TVectors) > 2)
        {
            Finish(s2, 2, c, columns, perColumn, in context);
            Finish(s3, 3, c, columns, perColumn, in context);
        }

        if (sizeof(TVectors) > 4)
        {
            Finish(s4, 4, c, columns, perColumn, in context);
            Finish(s5, 5, c, columns, perColumn, in context);
            Finish(s6, 6, c, columns, perColumn, in context);
            Finish(s7, 7, c, columns, perColumn, in context);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector MultiplyAdd(TVector x, byte* b, int index, TVector sum) =>
        TSimd.FusedMultiplyAdd(x, TSimd.Load((T*)b + (index * TSimd.Count)), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector sum, int index, byte* c, int columns, byte* perColumn, in MatrixProductTileContext context)
    {
        T* place = (T*)c + (index * TSimd.Count), placePerColumn = (T*)perColumn + (index * TSimd.Count);
        if (context.AddsToC)
        {
            sum = TSimd.Add(TSimd.Load(place), sum);
        }

        if (perColumn != null && !context.IsSquared)
        {
            sum = TSimd.Add(TSimd.Load(placePerColumn), sum);
        }

        if (context.Rectifies)
        {
            sum = TSimd.Rectify(sum);
        }

        int rest = columns - (index * TSimd.Count);
        bool isWhole = index < sizeof(TVectors) - 1 || rest >= TSimd.Count;
        if (context.IsSquared)
        {
            Store(TSimd.FusedMultiplyAdd(sum, sum, TSimd.Load(placePerColumn)), placePerColumn, isWhole, rest);
        }

        Store(sum, place, isWhole, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector value, T* place, bool isWhole, int rest)
    {
        if (isWhole)
        {
            TSimd.Store(value, place);
        }
        else
        {
            TSimd.StoreFirst(value, place, rest);
        }
    }
}
