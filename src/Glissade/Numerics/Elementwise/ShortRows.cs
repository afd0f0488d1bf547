using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Glissade.Differentiation.Operations;

namespace Glissade.Numerics.Elementwise;

/// <summary>Sums and maxima of short rows, a number for each: with a row in every lane, for within a row most lanes would be idle and every addition waits for the one before.</summary>
/// <remarks>Each row is combined from its first element to its last, with or without hardware vectors, so the bits are those of <see cref="ReductionKernels{T}"/>.</remarks>
internal static unsafe class ShortRows<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of a row from which on vectors within the row find its greatest faster.</summary>
    private const int LongestMax = 32;

    /// <summary>Rows that are taken together.</summary>
    private static int Together => Vector256<T>.Count;

    /// <summary>Whether rows of this length are reduced here; sums only where <see cref="ReductionKernels{T}.Sum"/> adds one element after another too.</summary>
    public static bool Fits(ReductionKind kind, int count) => kind == ReductionKind.Sum ? count < 2 * Vector256<T>.Count : count <= LongestMax;

    /// <summary>The sum or the greatest of each row.</summary>
    /// <param name="kind">Which of them.</param>
    /// <param name="x">The rows, one after another; up to three elements beyond the last are read.</param>
    /// <param name="rows">How many.</param>
    /// <param name="count">Elements of each.</param>
    /// <param name="results">Where the results go.</param>
    public static void Reduce(ReductionKind kind, T* x, int rows, int count, T* results)
    {
        if (Avx.IsSupported && rows >= Together)
        {
            if (kind == ReductionKind.Sum)
            {
                Combine<Add.Operator>(T.Zero, x, rows, count, results);
            }
            else
            {
                Combine<Maximum.Operator>(T.NegativeInfinity, x, rows, count, results);
            }

            return;
        }

        for (int row = 0; row < rows; row++, x += count)
        {
            results[row] = kind == ReductionKind.Sum ? ReductionKernels<T>.Sum(x, count) : ReductionKernels<T>.Max(x, count);
        }
    }

    private static void Combine<TOperator>(T neutral, T* x, int rows, int count, T* results)
        where TOperator : struct, IBinaryOperator
    {
        int panel = 32 / (2 * sizeof(T)), last = rows - Together;
        for (int row = 0; row < rows; row += Together)
        {
            // The last rows may be taken twice.
            row = Math.Min(row, last);
            T* at = x + ((nint)row * count);
            Vector256<T> all = Vector256.Create(neutral);
            int left = count;
            for (; left >= panel; left -= panel, at += panel)
            {
                all = CombinePanel<TOperator>(all, at, count, panel);
            }

            if (left > 0)
            {
                all = CombinePanel<TOperator>(all, at, count, left);
            }

            all.Store(results + row);
        }
    }

    /// <summary>Combines half a vector's length of columns, or fewer, with what is there, the first column first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> CombinePanel<TOperator>(Vector256<T> all, T* x, int count, int columns)
        where TOperator : struct, IBinaryOperator
    {
        if (typeof(T) == typeof(float))
        {
            // Four rows by four columns are turned within each half of the vectors: the other half has the four rows after.
            Vector256<float> ab = Beside(x, 0, 4, count).AsSingle(), cd = Beside(x, 1, 5, count).AsSingle(), ef = Beside(x, 2, 6, count).AsSingle(), gh = Beside(x, 3, 7, count).AsSingle();
            Vector256<double> low = Avx.UnpackLow(ab, cd).AsDouble(), high = Avx.UnpackLow(ef, gh).AsDouble();
            all = Combined<TOperator>(all, Avx.UnpackLow(low, high).As<double, T>());
            if (columns > 1)
            {
                all = Combined<TOperator>(all, Avx.UnpackHigh(low, high).As<double, T>());
            }

            if (columns > 2)
            {
                (low, high) = (Avx.UnpackHigh(ab, cd).AsDouble(), Avx.UnpackHigh(ef, gh).AsDouble());
                all = Combined<TOperator>(all, Avx.UnpackLow(low, high).As<double, T>());
            }

            if (columns > 3)
            {
                all = Combined<TOperator>(all, Avx.UnpackHigh(low, high).As<double, T>());
            }

            return all;
        }

        Vector256<double> even = Beside(x, 0, 2, count).AsDouble(), odd = Beside(x, 1, 3, count).AsDouble();
        all = Combined<TOperator>(all, Avx.UnpackLow(even, odd).As<double, T>());
        return columns > 1 ? Combined<TOperator>(all, Avx.UnpackHigh(even, odd).As<double, T>()) : all;
    }

    /// <summary>The beginnings of two rows, each half a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Beside(T* x, int lower, int upper, int count) =>
        Vector256.Create(Vector128.Load(x + ((nint)lower * count)), Vector128.Load(x + ((nint)upper * count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Combined<TOperator>(Vector256<T> x, Vector256<T> y)
        where TOperator : struct, IBinaryOperator => TOperator.Invoke<Vector256<T>, T, Simd256<T>>(x, y);
}
