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

    /// <summary>Σ of the squares of <paramref name="count"/> elements, in the order of <see cref="Sum"/>; each square is rounded only with its sum.</summary>
    public static T SumOfSquares(T* x, int count)
    {
        int width = Vector256<T>.Count;
        Vector256<T> a = Vector256<T>.Zero, b = a, c = a, d = a;
        int i = 0;
        for (; i <= count - SumStride; i += SumStride)
        {
            a = AddSquare(x + i, a);
            b = AddSquare(x + i + width, b);
            c = AddSquare(x + i + (2 * width), c);
            d = AddSquare(x + i + (3 * width), d);
        }

        for (; i <= count - width; i += width)
        {
            a = AddSquare(x + i, a);
        }

        T sum = SumOfLanes((a + b) + (c + d));
        for (; i < count; i++)
        {
            sum = T.FusedMultiplyAdd(x[i], x[i], sum);
        }

        return sum;
    }

    private static T FinishSum(Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d, T* x, int count)
    {
        int width = Vector256<T>.Count;
        int i = count / SumStride * SumStride;
        for (; i <= count - width; i += width)
        {
            a += Vector256.Load(x + i);
        }

        T sum = SumOfLanes((a + b) + (c + d));
        for (; i < count; i++)
        {
            sum += x[i];
        }

        return sum;
    }

    private static T SumOfLanes(Vector256<T> x)
    {
        // Written out, so that no lane goes through memory.
        Vector128<T> lower = x.GetLower(), upper = x.GetUpper();
        T sum = T.Zero + lower.GetElement(0) + lower.GetElement(1);
        if (sizeof(T) == sizeof(float))
        {
            sum = sum + lower.GetElement(2) + lower.GetElement(3);
        }

        sum = sum + upper.GetElement(0) + upper.GetElement(1);
        return sizeof(T) == sizeof(float) ? sum + upper.GetElement(2) + upper.GetElement(3) : sum;
    }

    private static Vector256<T> AddSquare(T* x, Vector256<T> sum)
    {
        Vector256<T> value = Vector256.Load(x);
        return typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(value.AsSingle(), value.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(value.AsDouble(), value.AsDouble(), sum.AsDouble()).As<double, T>();
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
