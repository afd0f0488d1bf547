using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A convolution or a transposed one of each channel by itself.</summary>
internal sealed unsafe class DepthwiseStep<T> : ConvolutionGridStep<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public DepthwiseStep(Tensor node, bool transposed, WindowGeometry geometry, int groups, bool bias, bool rectify, Func<Tensor, Place<T>> placeOf)
        : base(node, transposed, geometry, groups, bias, rectify, placeOf)
    {
    }

    protected override void PackKernel()
    {
        // Each element of the kernel has its numbers for all channels side by side already.
    }

    protected override void Compute(int grid, int image, int row, int endRow, int column, int endColumn, in ConvolutionBand<T> band, ConvolutionSegment* segments)
    {
        ConvolutionAxis down = Grids[grid].Rows, across = Grids[grid].Columns;
        int channels = Result.Channels;
        var context = new ConvolutionTileContext
        {
            RowStepA = (nint)across.SourceStep * channels * sizeof(T),
            RowStepC = (nint)across.Step * channels * sizeof(T),
            Rectifies = Rectifies,
        };
        for (int y = row; y < endRow; y++)
        {
            int count = 0;
            foreach (ConvolutionTap tap in down.Taps)
            {
                int sourceRow = (y * down.SourceStep) + tap.Offset;
                if ((uint)sourceRow < (uint)Source.Height)
                {
                    foreach (ConvolutionTap beside in across.Taps)
                    {
                        segments[count++] = new ConvolutionSegment
                        {
                            A = band.Offset(sourceRow, (column * across.SourceStep) + beside.Offset) * sizeof(T),
                            B = (((nint)tap.Index * KernelColumns) + beside.Index) * channels * sizeof(T),
                        };
                    }
                }
            }

            byte* a = (byte*)band.Start, b = (byte*)Kernel.Pointer, c = (byte*)Result.Pixel(image, down.First + (y * down.Step), across.First + (column * across.Step));
            T* bias = HasBias ? Bias.Pointer : null;
            if (Vector512.IsHardwareAccelerated)
            {
                DepthwiseTile<Vector512<T>, Simd512<T>, T>.Multiply(endColumn - column, channels, segments, count, a, b, c, bias, in context);
            }
            else
            {
                DepthwiseTile<Vector256<T>, Simd256<T>, T>.Multiply(endColumn - column, channels, segments, count, a, b, c, bias, in context);
            }
        }
    }
}
