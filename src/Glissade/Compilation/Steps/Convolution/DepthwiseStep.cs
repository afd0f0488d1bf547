using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A convolution or a transposed one of each channel by itself. Images are read where they stand: tiles know the columns that lie beside them.</summary>
internal sealed unsafe class DepthwiseStep<T> : ConvolutionGridStep<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DepthwiseRun[][] _runs;

    public DepthwiseStep(Tensor node, bool transposed, WindowGeometry geometry, int groups, bool bias, bool rectify, Func<Tensor, Place<T>> placeOf)
        : base(node, transposed, geometry, groups, bias, rectify, placeOf, copiesEdges: false)
    {
        _runs = [.. Grids.Select(g => DepthwiseRun.Of(g.Columns))];
        ReserveMore(checked(_runs.Select((r, grid) => r.Length * Grids[grid].Rows.Taps.Length).DefaultIfEmpty(0).Max() * sizeof(DepthwiseSegment) / sizeof(T)));
    }

    protected override void PackKernel()
    {
        // Each element of the kernel has its numbers for all channels side by side already.
    }

    protected override void Compute(int grid, int image, int row, int endRow, int column, int endColumn, in ConvolutionBand<T> band, ConvolutionSegment* segments)
    {
        ConvolutionAxis down = Grids[grid].Rows, across = Grids[grid].Columns;
        nint pixelBytes = (nint)Result.Channels * sizeof(T);
        DepthwiseContext context = DepthwiseRun.Context(across, column, Source.Width, Source.Channels, sizeof(T));
        context.Segments = (DepthwiseSegment*)More(segments);
        context.Rectifies = Rectifies;
        byte* a = (byte*)band.Start, b = (byte*)Kernel.Pointer;
        T* bias = HasBias ? Bias.Pointer : null;
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
                    context.Segments[context.SegmentCount++] = new DepthwiseSegment
                    {
                        A = band.Offset(sourceRow, sourceColumn) * sizeof(T),
                        B = (((nint)tap.Index * KernelColumns) + run.Index) * pixelBytes,
                        TapStepB = run.IndexStep * pixelBytes,
                        Column = sourceColumn,
                        Taps = run.Taps,
                    };
                }
            }

            byte* c = (byte*)Result.Pixel(image, down.First + (y * down.Step), across.First + (column * across.Step));
            if (Vector512.IsHardwareAccelerated)
            {
                DepthwiseTile<Vector512<T>, Simd512<T>, T>.Multiply(endColumn - column, a, b, c, bias, in context);
            }
            else
            {
                DepthwiseTile<Vector256<T>, Simd256<T>, T>.Multiply(endColumn - column, a, b, c, bias, in context);
            }
        }
    }
}
