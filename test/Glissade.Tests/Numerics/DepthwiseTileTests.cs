using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Compilation.Steps;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>Tiles of convolutions of each channel by itself against the chains of fused multiply-adds written out, for both widths of vector and both element types.</summary>
public sealed unsafe class DepthwiseTileTests
{
    private const int Height = 4, Slack = 16;

    /// <summary>Every number of pixels of a tile, whole vectors of channels and rests, windows within the image, beside it at either end and at both, steps.</summary>
    public static TheoryData<int, int, int, int, int, int> Cases() => new()
    {
        // width, channels, kernel columns, stride, dilation, padding before and after
        { 1, 16, 3, 1, 1, 1 }, { 2, 5, 3, 1, 1, 1 }, { 3, 33, 3, 1, 1, 1 }, { 4, 16, 3, 1, 1, 1 }, { 5, 8, 3, 1, 1, 1 }, { 6, 1, 3, 1, 1, 1 },
        { 7, 32, 3, 1, 1, 1 }, { 8, 17, 3, 1, 1, 1 }, { 14, 64, 3, 1, 1, 1 }, { 29, 24, 3, 1, 1, 1 }, { 12, 16, 3, 1, 1, 0 }, { 9, 20, 3, 1, 1, 4 },
        { 11, 16, 1, 1, 1, 0 }, { 11, 16, 2, 1, 1, 1 }, { 11, 19, 4, 1, 1, 2 }, { 17, 16, 5, 1, 1, 2 }, { 3, 4, 7, 1, 1, 3 }, { 20, 7, 7, 1, 1, 6 },
        { 19, 16, 3, 2, 1, 1 }, { 19, 16, 3, 2, 2, 2 }, { 23, 5, 3, 1, 3, 3 }, { 23, 18, 5, 3, 3, 4 }, { 16, 16, 1, 3, 1, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void PixelsAreTheExactChains(int width, int channels, int kernel, int stride, int dilation, int padding)
    {
        foreach (int kernelRows in new[] { 0, 1, 2, 3, 4 })
        {
            foreach ((bool bias, bool rectifies) in new[] { (false, false), (true, false), (false, true), (true, true) })
            {
                var windows = new Row(width, channels, kernel, stride, dilation, padding, kernelRows);
                CheckPixels<float, Vector256<float>, Simd256<float>>(windows, bias, rectifies);
                CheckPixels<float, Vector128<float>, Simd128<float>>(windows, bias, rectifies);
                CheckPixels<float, Vector512<float>, Simd512<float>>(windows, bias, rectifies);
                CheckPixels<double, Vector256<double>, Simd256<double>>(windows, bias, rectifies);
                CheckPixels<double, Vector128<double>, Simd128<double>>(windows, bias, rectifies);
                CheckPixels<double, Vector512<double>, Simd512<double>>(windows, bias, rectifies);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SumsOverPixelsAreTheExactChains(int width, int channels, int kernel, int stride, int dilation, int padding)
    {
        foreach (int kernelRows in new[] { 0, 1, 2, 3, 4 })
        {
            var windows = new Row(width, channels, kernel, stride, dilation, padding, kernelRows);
            CheckSums<float, Vector256<float>, Simd256<float>>(windows);
            CheckSums<float, Vector128<float>, Simd128<float>>(windows);
            CheckSums<float, Vector512<float>, Simd512<float>>(windows);
            CheckSums<double, Vector256<double>, Simd256<double>>(windows);
            CheckSums<double, Vector128<double>, Simd128<double>>(windows);
            CheckSums<double, Vector512<double>, Simd512<double>>(windows);
        }
    }

    private static void CheckPixels<T, TVector, TSimd>(Row row, bool hasBias, bool rectifies)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TSimd : ISimd<TVector, T>
    {
        var random = new Random(5);
        T[] x = Numbers<T>(Height * row.Width * row.Channels, random), k = Numbers<T>(row.KernelRows * row.Kernel * row.Channels, random), bias = Numbers<T>(row.Channels, random);
        T[] expected = new T[(row.Pixels * row.Channels) + Slack], actual = new T[expected.Length];
        Array.Fill(expected, T.CreateChecked(-7));
        Array.Fill(actual, T.CreateChecked(-7));
        for (int i = 0; i < row.Pixels; i++)
        {
            for (int j = 0; j < row.Channels; j++)
            {
                T sum = T.Zero;
                for (int r = 0; r < row.KernelRows; r++)
                {
                    for (int s = 0; s < row.Kernel; s++)
                    {
                        sum = T.FusedMultiplyAdd(row.Meets(x, r, i, s, j), k[(((r * row.Kernel) + s) * row.Channels) + j], sum);
                    }
                }

                sum = hasBias ? sum + bias[j] : sum;
                expected[(i * row.Channels) + j] = rectifies && sum <= T.Zero ? T.Zero : sum;
            }
        }

        DepthwiseSegment[] segments = row.Segments(sizeof(T), rowsOfRuns: false);
        fixed (T* a = x, b = k, c = actual, d = bias)
        {
            fixed (DepthwiseSegment* segment = segments)
            {
                DepthwiseContext context = row.Context(segment, sizeof(T)) with { Rectifies = rectifies };
                DepthwiseTile<TVector, TSimd, T>.Multiply(row.Pixels, (byte*)a, (byte*)b, (byte*)c, hasBias ? d : null, in context);
            }
        }

        Assert.Equal(expected, actual);
    }

    private static void CheckSums<T, TVector, TSimd>(Row row)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TSimd : ISimd<TVector, T>
    {
        var random = new Random(6);
        T[] x = Numbers<T>(Height * row.Width * row.Channels, random), y = Numbers<T>(row.Pixels * row.Channels, random);
        T[] actual = Numbers<T>(row.KernelRows * row.Kernel * row.Channels, random), expected = [.. actual];
        for (int r = 0; r < row.KernelRows; r++)
        {
            for (int s = 0; s < row.Kernel; s++)
            {
                for (int j = 0; j < row.Channels; j++)
                {
                    T sum = T.Zero;
                    for (int i = 0; i < row.Pixels; i++)
                    {
                        sum = T.FusedMultiplyAdd(row.Meets(x, r, i, s, j), y[(i * row.Channels) + j], sum);
                    }

                    expected[(((r * row.Kernel) + s) * row.Channels) + j] += sum;
                }
            }
        }

        DepthwiseSegment[] segments = row.Segments(sizeof(T), rowsOfRuns: true);
        fixed (T* a = x, b = y, c = actual)
        {
            fixed (DepthwiseSegment* segment = segments)
            {
                DepthwiseContext context = row.Context(segment, sizeof(T));
                DepthwiseSums<TVector, TSimd, T>.AddProducts(row.Pixels, (byte*)a, (byte*)b, (byte*)c, in context);
            }
        }

        Assert.Equal(expected, actual);
    }

    /// <summary>Random numbers, with room for a vector past their end.</summary>
    private static T[] Numbers<T>(int count, Random random)
        where T : unmanaged, IFloatingPointIeee754<T> => [.. Enumerable.Range(0, count + Slack).Select(_ => T.CreateChecked(random.NextDouble() - 0.5))];

    /// <summary>A row of windows, whose kernel meets the first rows of an image.</summary>
    private sealed record Row(int Width, int Channels, int Kernel, int Stride, int Dilation, int Padding, int KernelRows)
    {
        private readonly ConvolutionAxis _axis =
            ConvolutionAxis.OfWindows(((Width + (2 * Padding) - ((Kernel - 1) * Dilation) - 1) / Stride) + 1, Kernel, Stride, Dilation, Padding);

        public int Pixels => _axis.Count;

        /// <summary>What a pixel meets by an element of the kernel.</summary>
        public T Meets<T>(T[] x, int kernelRow, int pixel, int element, int channel)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int column = (pixel * Stride) + (element * Dilation) - Padding;
            return column < 0 || column >= Width ? T.Zero : x[(((kernelRow * Width) + column) * Channels) + channel];
        }

        /// <summary>The rows of the kernel one after another, or for each run of a row's elements all rows.</summary>
        public DepthwiseSegment[] Segments(int bytes, bool rowsOfRuns)
        {
            nint pixel = Channels * bytes;
            DepthwiseRun[] runs = DepthwiseRun.Of(_axis);
            (int Row, DepthwiseRun Run)[] pairs = rowsOfRuns
                ? [.. runs.SelectMany(run => Enumerable.Range(0, KernelRows).Select(row => (row, run)))]
                : [.. Enumerable.Range(0, KernelRows).SelectMany(row => runs.Select(run => (row, run)))];
            return
            [
                .. pairs.Select(p => new DepthwiseSegment
                {
                    A = ((p.Row * Width) + p.Run.Offset) * pixel,
                    B = ((p.Row * Kernel) + p.Run.Index) * pixel,
                    TapStepB = p.Run.IndexStep * pixel,
                    Column = p.Run.Offset,
                    Taps = p.Run.Taps,
                }),
            ];
        }

        public DepthwiseContext Context(DepthwiseSegment* segments, int bytes)
        {
            DepthwiseContext context = DepthwiseRun.Context(_axis, 0, Width, Channels, bytes);
            context.Segments = segments;
            context.SegmentCount = KernelRows * DepthwiseRun.Of(_axis).Length;
            return context;
        }
    }
}
