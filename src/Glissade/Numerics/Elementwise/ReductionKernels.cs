using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics.Elementwise;

/// <summary>Sums and maxima of runs of elements, in an order that depends only on their number.</summary>
internal static unsafe class ReductionKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements that the running sums take at a time.</summary>
    public static int SumStride => 4 * Vector256<T>.Count;

    /// <summary>Σ of <paramref name="count"/> elements: four running vectors, then their lanes, then the rest one by one.</summary>
    public static T Sum(T* x, int count)
    {
        int width = Vector256<T>.Count;
        Vector256<T> a = Vector256<T>.Zero, b = a, c = a, d = a;
        for (int i = 0; i <= count - SumStride; i += SumStride)
        {
            a += Vector256.Load(x + i);
            b += Vector256.Load(x + i + width);
            c += Vector256.Load(x + i + (2 * width));
            d += Vector256.Load(x + i + (3 * width));
        }

        return FinishSum(a, b, c, d, x, count);
    }

    /// <summary>Σ of <paramref name="count"/> elements whose running vectors were made where the elements were: only the rest, which fills no <see cref="SumStride"/>, is read.</summary>
    public static T FinishSum(T* accumulators, T* x, int count)
    {
        int width = Vector256<T>.Count;
        return FinishSum(
            Vector256.Load(accumulators), Vector256.Load(accumulators + width), Vector256.Load(accumulators + (2 * width)), Vector256.Load(accumulators + (3 * width)), x, count);
    }

    private static T FinishSum(Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, T* x, int count)
    {
        int width = Vector256<T>.Count;
        int i = count / SumStride * SumStride;
        for (; i <= count - width; i += width)
        {
            a += Vector256.Load(x + i);
        }

        Vector256<T> all = (a + b) + (c + d);
        T sum = T.Zero;
        for (int lane = 0; lane < width; lane++)
        {
            sum += all.GetElement(lane);
        }

        for (; i < count; i++)
        {
            sum += x[i];
        }

        return sum;
    }

    /// <summary>The greatest of the elements, NaN if any is; −∞ of none.</summary>
    public static T Max(T* x, int count)
    {
        int width = Vector256<T>.Count;
        T max = T.NegativeInfinity;
        if (count >= width)
        {
            // The last vector may overlap the one before it.
            Vector256<T> all = Vector256.Load(x + count - width);
            for (int i = 0; i < count - width; i += width)
            {
                all = Vector256.Max(all, Vector256.Load(x + i));
            }

            Vector128<T> half = Vector128.Max(all.GetLower(), all.GetUpper());
            half = Vector128.Max(half, Exchanged(half, 8));
            return (sizeof(T) == 4 ? Vector128.Max(half, Exchanged(half, 4)) : half).ToScalar();
        }

        for (int i = 0; i < count; i++)
        {
            max = T.Max(max, x[i]);
        }

        return max;
    }

    /// <summary>The vector with neighbouring runs of so many bytes exchanged.</summary>
    private static Vector128<T> Exchanged(Vector128<T> x, int bytes) =>
        (bytes == 8 ? Vector128.Shuffle(x.AsUInt64(), Vector128.Create(1ul, 0ul)).AsByte() : Vector128.Shuffle(x.AsUInt32(), Vector128.Create(1u, 0u, 3u, 2u)).AsByte()).As<byte, T>();
}
