using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Glissade.Numerics;

/// <summary>Copies strips of a matrix into panels, where the tile kernel reads them one element after another.</summary>
/// <remarks>
/// A panel holds, for each k in turn, <c>width</c> adjacent elements: rows of op(A) or columns of op(B).
/// A narrower strip leaves the rest of each row of its panel undefined; nothing that depends on it is stored.
/// Goto and van de Geijn (2008), Anatomy of High-Performance Matrix Multiplication, section 4.2.
/// </remarks>
internal static unsafe class MatrixProductPacking<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Packs a strip whose elements of one k are adjacent. May write up to one vector past the panel, which must be scratch.</summary>
    /// <param name="source">First element.</param>
    /// <param name="stride">Elements from one k to the next.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="count">Elements of each k.</param>
    /// <param name="width">Elements from one k to the next in the panel, at least <paramref name="count"/>.</param>
    /// <param name="panel">Where to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackAdjacent<TVector, TSimd>(T* source, nint stride, int depth, int count, int width, T* panel)
        where TVector : struct
        where TSimd : ISimd<TVector, T>
    {
        for (; depth > 0; depth--)
        {
            int i = 0;
            do
            {
                TSimd.Store(TSimd.Load(source + i), panel + i);
                i += TSimd.Count;
            }
            while (i < count);

            source += stride;
            panel += width;
        }
    }

    /// <summary>Packs a strip whose elements along k are adjacent: a transposition.</summary>
    /// <param name="source">First element.</param>
    /// <param name="stride">Elements from one row or column of the strip to the next.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="count">Rows or columns in the strip.</param>
    /// <param name="width">Elements from one k to the next in the panel, at least <paramref name="count"/>.</param>
    /// <param name="panel">Where to.</param>
    public static void PackTransposed(T* source, nint stride, int depth, int count, int width, T* panel)
    {
        int done = 0;
        if (Avx.IsSupported)
        {
            int wide = Vector256<T>.Count;
            for (; done + wide <= count; done += wide)
            {
                if (typeof(T) == typeof(float))
                {
                    TransposeEight((float*)(source + (done * stride)), stride, depth, width, (float*)(panel + done));
                }
                else
                {
                    TransposeFour((double*)(source + (done * stride)), stride, depth, width, (double*)(panel + done));
                }
            }

            if (typeof(T) == typeof(float) && done + 4 <= count)
            {
                TransposeFour((float*)(source + (done * stride)), stride, depth, width, (float*)(panel + done));
                done += 4;
            }

            if (typeof(T) == typeof(float) && done + 2 <= count)
            {
                TransposeTwo((float*)(source + (done * stride)), stride, depth, width, (float*)(panel + done));
                done += 2;
            }
        }

        for (; done < count; done++)
        {
            T* from = source + (done * stride), to = panel + done;
            for (int k = 0; k < depth; k++)
            {
                *to = from[k];
                to += width;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeEight(float* source, nint stride, int depth, nint width, float* panel)
    {
        for (; depth >= 4; depth -= 4)
        {
            TransposeEight(source, stride, panel, width);
            source += 4;
            panel += 4 * width;
        }

        if (depth > 0)
        {
            TransposeEight(source, stride, out Vector256<float> y0, out Vector256<float> y1, out Vector256<float> y2, out _);
            y0.Store(panel);
            if (depth > 1)
            {
                y1.Store(panel + width);
            }

            if (depth > 2)
            {
                y2.Store(panel + (2 * width));
            }
        }
    }

    /// <summary>Eight rows, four k: each register holds a row in its lower half and the fourth row after it in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeEight(float* source, nint stride, out Vector256<float> y0, out Vector256<float> y1, out Vector256<float> y2, out Vector256<float> y3)
    {
        nint stride3 = 3 * stride;
        float* upper = source + (4 * stride);
        Vector256<float> x0 = Vector256.Create(Vector128.Load(source), Vector128.Load(upper));
        Vector256<float> x1 = Vector256.Create(Vector128.Load(source + stride), Vector128.Load(upper + stride));
        Vector256<float> x2 = Vector256.Create(Vector128.Load(source + (2 * stride)), Vector128.Load(upper + (2 * stride)));
        Vector256<float> x3 = Vector256.Create(Vector128.Load(source + stride3), Vector128.Load(upper + stride3));
        Vector256<float> low01 = Avx.UnpackLow(x0, x1), low23 = Avx.UnpackLow(x2, x3);
        Vector256<float> high01 = Avx.UnpackHigh(x0, x1), high23 = Avx.UnpackHigh(x2, x3);
        y0 = Avx.Shuffle(low01, low23, 0b01_00_01_00);
        y1 = Avx.Shuffle(low01, low23, 0b11_10_11_10);
        y2 = Avx.Shuffle(high01, high23, 0b01_00_01_00);
        y3 = Avx.Shuffle(high01, high23, 0b11_10_11_10);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFour(float* source, nint stride, int depth, nint width, float* panel)
    {
        for (; depth >= 4; depth -= 4)
        {
            TransposeFour(source, stride * sizeof(float), out Vector128<float> y0, out Vector128<float> y1, out Vector128<float> y2, out Vector128<float> y3);
            y0.Store(panel);
            y1.Store(panel + width);
            y2.Store(panel + (2 * width));
            y3.Store(panel + (3 * width));
            source += 4;
            panel += 4 * width;
        }

        if (depth > 0)
        {
            TransposeFour(source, stride * sizeof(float), out Vector128<float> y0, out Vector128<float> y1, out Vector128<float> y2, out _);
            y0.Store(panel);
            if (depth > 1)
            {
                y1.Store(panel + width);
            }

            if (depth > 2)
            {
                y2.Store(panel + (2 * width));
            }
        }
    }

    /// <summary>Eight rows, four k.</summary>
    /// <param name="source">First element.</param>
    /// <param name="stride">Elements from a row to the next.</param>
    /// <param name="panel">Where to.</param>
    /// <param name="width">Elements from one k to the next there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeEight(float* source, nint stride, float* panel, nint width)
    {
        TransposeEight(source, stride, out Vector256<float> y0, out Vector256<float> y1, out Vector256<float> y2, out Vector256<float> y3);
        y0.Store(panel);
        y1.Store(panel + width);
        y2.Store(panel + (2 * width));
        y3.Store(panel + (3 * width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFour(float* source, nint step, out Vector128<float> y0, out Vector128<float> y1, out Vector128<float> y2, out Vector128<float> y3)
    {
        byte* row = (byte*)source;
        Vector128<float> x0 = Vector128.Load(source), x1 = Vector128.Load((float*)(row + step));
        Vector128<float> x2 = Vector128.Load((float*)(row + (2 * step))), x3 = Vector128.Load((float*)(row + (3 * step)));
        Vector128<float> low01 = Sse.UnpackLow(x0, x1), low23 = Sse.UnpackLow(x2, x3);
        Vector128<float> high01 = Sse.UnpackHigh(x0, x1), high23 = Sse.UnpackHigh(x2, x3);
        y0 = Sse.MoveLowToHigh(low01, low23);
        y1 = Sse.MoveHighToLow(low23, low01);
        y2 = Sse.MoveLowToHigh(high01, high23);
        y3 = Sse.MoveHighToLow(high23, high01);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeTwo(float* source, nint stride, int depth, nint width, float* panel)
    {
        for (; depth >= 4; depth -= 4)
        {
            Vector128<float> x0 = Vector128.Load(source), x1 = Vector128.Load(source + stride);
            Vector128<double> low = Sse.UnpackLow(x0, x1).AsDouble(), high = Sse.UnpackHigh(x0, x1).AsDouble();
            Sse2.StoreLow((double*)panel, low);
            Sse2.StoreHigh((double*)(panel + width), low);
            Sse2.StoreLow((double*)(panel + (2 * width)), high);
            Sse2.StoreHigh((double*)(panel + (3 * width)), high);
            source += 4;
            panel += 4 * width;
        }

        for (; depth > 0; depth--)
        {
            panel[0] = source[0];
            panel[1] = source[stride];
            source++;
            panel += width;
        }
    }

    /// <summary>Four rows, two k at a time: each register holds a row in its lower half and the second row after it in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFour(double* source, nint stride, int depth, nint width, double* panel)
    {
        double* upper = source + (2 * stride);
        for (; depth > 0; depth -= 2)
        {
            Vector256<double> x0 = Vector256.Create(Vector128.Load(source), Vector128.Load(upper));
            Vector256<double> x1 = Vector256.Create(Vector128.Load(source + stride), Vector128.Load(upper + stride));
            Avx.UnpackLow(x0, x1).Store(panel);
            if (depth > 1)
            {
                Avx.UnpackHigh(x0, x1).Store(panel + width);
            }

            source += 2;
            upper += 2;
            panel += 2 * width;
        }
    }
}
