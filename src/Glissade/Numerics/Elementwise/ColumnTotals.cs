using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics.Elementwise;

/// <summary>Sums and maxima of the columns of several rows, combined with totals that are there.</summary>
/// <remarks>
/// Long rows are combined one after another. Short ones would leave most of a vector idle: they are taken in groups of a power of two, group after group as
/// one wide row, whose halves are then combined until one row is left.
/// </remarks>
internal static unsafe class ColumnTotals<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of this length keep a kernel busy by themselves.</summary>
    public const int LeastColumnsAlone = 48;

    /// <summary>Elements of a group of rows at most.</summary>
    private const int Widest = 256;

    /// <summary>Combines each column of a block with its total.</summary>
    /// <typeparam name="TOperator">How.</typeparam>
    /// <param name="block">The rows, one after another; up to one vector beyond the last is read.</param>
    /// <param name="rows">How many.</param>
    /// <param name="columns">Elements of each.</param>
    /// <param name="totals">The totals, one for each column.</param>
    public static void Combine<TOperator>(T* block, int rows, int columns, T* totals)
        where TOperator : struct, IBinaryOperator
    {
        int group = 1;
        while (columns < LeastColumnsAlone && 2 * group <= rows && 2 * group * columns <= Widest)
        {
            group *= 2;
        }

        int row = 0;
        if (group > 1)
        {
            row = rows / group * group;
            T* half = stackalloc T[(Widest / 2) + ElementKernel<T>.SpreadLength];
            CombineGroups<TOperator>(block, rows / group, group * columns, half);
            for (group /= 2; group > 8; group /= 2)
            {
                CombineHalves<TOperator>(half, group / 2 * columns);
            }

            CombineLast<TOperator>(half, group, columns, totals);
        }

        for (; row < rows; row++)
        {
            CombineLast<TOperator>(block + ((nint)row * columns), 1, columns, totals);
        }
    }

    /// <summary>Combines groups one after another, and the halves of what they give with each other.</summary>
    private static void CombineGroups<TOperator>(T* block, int groups, int length, T* result)
        where TOperator : struct, IBinaryOperator
    {
        int half = length / 2;
        for (int i = 0; i < half; i += Vector256<T>.Count)
        {
            T* at = block + i;
            Vector256<T> first = Vector256.Load(at), second = Vector256.Load(at + half);
            for (int g = 1; g < groups; g++)
            {
                at += length;
                first = Combined<TOperator>(first, Vector256.Load(at));
                second = Combined<TOperator>(second, Vector256.Load(at + half));
            }

            // What is stored beyond the half is read by none.
            Combined<TOperator>(first, second).Store(result + i);
        }
    }

    private static void CombineHalves<TOperator>(T* rows, int half)
        where TOperator : struct, IBinaryOperator
    {
        for (int i = 0; i < half; i += Vector256<T>.Count)
        {
            Combined<TOperator>(Vector256.Load(rows + i), Vector256.Load(rows + half + i)).Store(rows + i);
        }
    }

    /// <summary>Combines the halves of up to eight rows until one is left, in registers, and that with the totals.</summary>
    private static void CombineLast<TOperator>(T* rows, int count, int columns, T* totals)
        where TOperator : struct, IBinaryOperator
    {
        for (int i = 0; i < columns; i += Vector256<T>.Count)
        {
            T* at = rows + i;
            Vector256<T> all = count switch
            {
                1 => Vector256.Load(at),
                2 => Two<TOperator>(at, columns),
                4 => Combined<TOperator>(Two<TOperator>(at, 2 * columns), Two<TOperator>(at + columns, 2 * columns)),
                _ => Combined<TOperator>(
                    Combined<TOperator>(Two<TOperator>(at, 4 * columns), Two<TOperator>(at + (2 * columns), 4 * columns)),
                    Combined<TOperator>(Two<TOperator>(at + columns, 4 * columns), Two<TOperator>(at + (3 * columns), 4 * columns))),
            };
            all = Combined<TOperator>(Vector256.Load(totals + i), all);
            if (columns - i >= Vector256<T>.Count)
            {
                all.Store(totals + i);
            }
            else
            {
                Simd256<T>.StoreFirst(all, totals + i, columns - i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Two<TOperator>(T* x, int distance)
        where TOperator : struct, IBinaryOperator => Combined<TOperator>(Vector256.Load(x), Vector256.Load(x + distance));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Combined<TOperator>(Vector256<T> x, Vector256<T> y)
        where TOperator : struct, IBinaryOperator => TOperator.Invoke<Vector256<T>, T, Simd256<T>>(x, y);
}
