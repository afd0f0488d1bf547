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
        T sum = T.Zero;
        for (int lane = 0; lane < Vector256<T>.Count; lane++)
        {
            sum += x.GetElement(lane);
        }

        return sum;
    }

    private static Vector256<T> AddSquare(T* x, Vector256<T> sum)
    {
        Vector256<T> value = Vector256.Load(x);
        return typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(value.AsSingle(), value.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(value.AsDouble(), value.AsDouble(), sum.AsDouble()).As<double, T>();
    }

    /// <summary>Whether so few elements are summed that it comes to adding one after another.</summary>
    public static bool IsSummedInOrder(int count) => count < 2 * Vector256<T>.Count;

    /// <summary>Σ of each of several rows, as <see cref="Sum"/> of each: four rows at a time, for one alone waits for every addition.</summary>
    /// <param name="x">The rows, one after another.</param>
    /// <param name="rows">How many.</param>
    /// <param name="count">Elements of each, so few that they are summed in order.</param>
    /// <param name="sums">Where the sums go.</param>
    public static void SumShortRows(T* x, int rows, int count, T* sums)
    {
        int row = 0;
        for (; row <= rows - 4; row += 4, x += 4 * count)
        {
            T sum0 = T.Zero, sum1 = T.Zero, sum2 = T.Zero, sum3 = T.Zero;
            for (int i = 0; i < count; i++)
            {
                sum0 += x[i];
                sum1 += x[i + count];
                sum2 += x[i + (2 * count)];
                sum3 += x[i + (3 * count)];
            }

            (sums[row], sums[row + 1], sums[row + 2], sums[row + 3]) = (sum0, sum1, sum2, sum3);
        }

        for (; row < rows; row++, x += count)
        {
            sums[row] = Sum(x, count);
        }
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
