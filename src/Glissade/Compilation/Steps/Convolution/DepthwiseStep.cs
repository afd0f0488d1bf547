using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A convolution or a transposed one of each channel by itself, or of many channels to one as the sum of what each gives by itself.</summary>
/// <remarks>
/// Images are read where they stand: tiles know the columns that lie beside them. To one channel, every row of what the channels give is transposed into
/// a plane for each of them, whose sum is taken in the order of the channels.
/// </remarks>
internal sealed unsafe class DepthwiseStep<T> : ConvolutionGridStep<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Channels of the source and elements of the kernel from which on the sum pays: vectors are full, and moving what the channels give weighs little.</summary>
    private const int LeastChannels = 16, LeastElements = 4;

    private readonly DepthwiseRun[][] _runs;
    private readonly bool _sums;
    private readonly int _segmentLength;

    public DepthwiseStep(Tensor node, bool transposed, WindowGeometry geometry, int groups, bool bias, bool rectify, Func<Tensor, Place<T>> placeOf)
        : base(node, transposed, geometry, groups, bias, rectify, placeOf, copiesEdges: false)
    {
        _runs = [.. Grids.Select(g => DepthwiseRun.Of(g.Columns))];
        _segmentLength = RoundUp(checked(_runs.Select((r, grid) => r.Length * Grids[grid].Rows.Taps.Length).DefaultIfEmpty(0).Max() * sizeof(DepthwiseSegment) / sizeof(T)));
        _sums = Result.Channels < Source.Channels;
        int columns = Grids.Select((_, grid) => BlockColumns(grid).Columns).DefaultIfEmpty(0).Max();
        ReserveMore(checked(_segmentLength + (_sums ? (RoundUp(columns * Source.Channels) + (RoundUp(columns) * Source.Channels)) : 0)));
    }

    /// <summary>Whether this is the way: each channel by itself, or to one channel from enough of them.</summary>
    public static bool Takes(Tensor node, int groups)
    {
        int result = node.Shape[-1], source = node.Inputs[0].Shape[-1], elements = node.Inputs[1].Shape.Lengths[..^2].ToArray().Aggregate(1, (x, y) => x * y);
        return groups > 1 ? groups == source && groups == result : result == 1 && source >= LeastChannels && elements >= LeastElements;
    }

    protected override void PackKernel()
    {
        // Each element of the kernel has its numbers for all channels side by side already.
    }

    protected override void Compute(int grid, int image, int row, int endRow, int column, int endColumn, in ConvolutionBand<T> band, ConvolutionSegment* segments)
    {
        ConvolutionAxis down = Grids[grid].Rows, across = Grids[grid].Columns;
        nint pixelBytes = (nint)Source.Channels * sizeof(T);
        DepthwiseContext context = DepthwiseRun.Context(across, column, Source.Width, Source.Channels, sizeof(T));
        context.Segments = (DepthwiseSegment*)More(segments);
        context.Rectifies = Rectifies && !_sums;
        context.RowStepC = _sums ? pixelBytes : context.RowStepC;
        byte* a = (byte*)band.Start, b = (byte*)Kernel.Pointer;
        T* bias = HasBias && !_sums ? Bias.Pointer : null, channels = (T*)context.Segments + _segmentLength;
        for (int y = row; y < endRow; y++)
        {
            context.SegmentCount = 0;
            foreach (ConvolutionTap tap in down.Taps)
            {
                int sourceRow = (y * down.SourceStep) + tap.Offset;
                if ((uint)sourceRow >= (uint)Source.Height)
                {
                    continue;
                }

                foreach (DepthwiseRun run in _runs[grid])
                {
                    int sourceColumn = (column * across.SourceStep) + run.Offset;
                    context.Segments[context.SegmentCount++] = run.Terms(
                        band.Offset(sourceRow, sourceColumn) * sizeof(T), sourceColumn, (nint)tap.Index * KernelColumns, pixelBytes);
                }
            }

            T* result = Result.Pixel(image, down.First + (y * down.Step), across.First + (column * across.Step));
            byte* c = (byte*)(_sums ? channels : result);
            if (VectorWidth.Is512)
            {
                DepthwiseTile<Vector512<T>, Simd512<T>, T>.Multiply(endColumn - column, a, b, c, bias, in context);
            }
            else if (VectorWidth.Has256)
            {
                DepthwiseTile<Vector256<T>, Simd256<T>, T>.Multiply(endColumn - column, a, b, c, bias, in context);
            }
            else
            {
                DepthwiseTile<Vector128<T>, Simd128<T>, T>.Multiply(endColumn - column, a, b, c, bias, in context);
            }

            if (_sums)
            {
                SumChannels(channels, endColumn - column, result, across.Step);
            }
        }
    }

    private void SumChannels(T* channels, int columns, T* result, int step)
    {
        int stride = RoundUp(columns);
        T* planes = channels + RoundUp(columns * Source.Channels);
        MatrixProductPacking<T>.PackTransposed(channels, Source.Channels, Source.Channels, columns, stride, planes);
        if (VectorWidth.Is512)
        {
            PlaneSums<Vector512<T>, Simd512<T>, T>.Add(planes, Source.Channels, stride);
        }
        else if (VectorWidth.Has256)
        {
            PlaneSums<Vector256<T>, Simd256<T>, T>.Add(planes, Source.Channels, stride);
        }
        else
        {
            PlaneSums<Vector128<T>, Simd128<T>, T>.Add(planes, Source.Channels, stride);
        }

        T bias = HasBias ? *Bias.Pointer : T.Zero;
        if (step == 1 && !HasBias && !Rectifies)
        {
            Runs.Copy(planes, result, columns);
            return;
        }

        for (int i = 0; i < columns; i++)
        {
            T value = HasBias ? planes[i] + bias : planes[i];
            result[(nint)i * step] = Rectifies && value <= T.Zero ? T.Zero : value;
        }
    }

    /// <summary>A multiple of two of the widest vectors.</summary>
    private static int RoundUp(int length) => checked(length + (2 * Vector512<T>.Count) - 1) / (2 * Vector512<T>.Count) * (2 * Vector512<T>.Count);
}
