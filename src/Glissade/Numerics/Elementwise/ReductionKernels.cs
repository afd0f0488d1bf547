using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics.Elementwise;

/// <summary>Sums and maxima of runs of elements, in an order that depends only on their number.</summary>
internal static unsafe class ReductionKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Σ of <paramref name="count"/> elements: four running vectors, then their lanes, then the rest one by one.</summary>
    public static T Sum(T* x, int count)
    {
        int width = Vector256<T>.Count;
        int i = 0;
        T sum = T.Zero;
        if (count >= width)
        {
            Vector256<T> a = Vector256<T>.Zero, b = a, c = a, d = a;
            for (; i <= count - (4 * width); i += 4 * width)
            {
                a += Vector256.Load(x + i);
                b += Vector256.Load(x + i + width);
                c += Vector256.Load(x + i + (2 * width));
                d += Vector256.Load(x + i + (3 * width));
            }

            for (; i <= count - width; i += width)
            {
                a += Vector256.Load(x + i);
            }

            Vector256<T> all = (a + b) + (c + d);
            for (int lane = 0; lane < width; lane++)
            {
                sum += all.GetElement(lane);
            }
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
        int i = 0;
        T max = T.NegativeInfinity;
        if (count >= width)
        {
            Vector256<T> all = Vector256.Load(x);
            for (i = width; i <= count - width; i += width)
            {
                all = Vector256.Max(all, Vector256.Load(x + i));
            }

            for (int lane = 0; lane < width; lane++)
            {
                max = T.Max(max, all.GetElement(lane));
            }
        }

        for (; i < count; i++)
        {
            max = T.Max(max, x[i]);
        }

        return max;
    }
}
