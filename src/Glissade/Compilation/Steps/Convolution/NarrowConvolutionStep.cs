using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A convolution or a transposed one to few channels: vectors run along the pixels of a row, since channels would leave most of their lanes idle.</summary>
/// <remarks>The part of the source that a block meets is first transposed into planes, one for each channel.</remarks>
internal sealed unsafe class NarrowConvolutionStep<T> : ConvolutionGridStep<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly FlatVector<T> _packed;
    private readonly int[] _kernels;
    private readonly byte[] _heights;

    public NarrowConvolutionStep(Tensor node, bool transposed, WindowGeometry geometry, int groups, bool bias, bool rectify, Func<Tensor, Place<T>> placeOf)
        : base(node, transposed, geometry, groups, bias, rectify, placeOf)
    {
        _heights = ConvolutionTiles<T>.Heights(OuterChannels);
        _kernels = new int[Grids.Length];
        int length = 0, most = 0;
        for (int grid = 0; grid < Grids.Length; grid++)
        {
            _kernels[grid] = length;
            length = checked(length + (Grids[grid].Taps * InnerChannels * Result.Channels));
            (int rows, int columns) = BlockSource(grid);
            most = Math.Max(most, checked((RoundUp(rows * columns) * Source.Channels) + (OuterChannels * Stride(BlockColumns(grid).Columns))));
        }

        _packed = new FlatVector<T>(length);
        ReserveMore(most);
    }

    /// <summary>The packed kernel.</summary>
    public override long WorkspaceBytes => (long)_packed.Length * sizeof(T);

    /// <summary>Whether this way is likely faster: fewer lanes would be idle, even where a tile has few rows and waits for its own sums.</summary>
    public static bool Pays(Tensor node, bool transposed, WindowGeometry geometry, int groups)
    {
        int lanes = ConvolutionTiles<T>.VectorLength;
        Shape x = transposed ? node.Shape : node.Inputs[0].Shape;
        int columns = transposed ? x[-2] / geometry.Strides[geometry.Axes - 1] : node.Shape[-2], channels = node.Shape[-1] / groups;
        double usual = channels / (double)lanes, narrow = Math.Min(0.8, channels * 0.45) * columns / Math.Max(1, (columns + lanes - 1) / lanes * lanes);
        return channels < lanes && (transposed || geometry.Strides[geometry.Axes - 1] == 1) && narrow > 1.25 * usual;
    }

    protected override void PackKernel()
    {
        // For each grid and group: for each element, for each channel of the source, the numbers of all channels of the result.
        int outer = KernelShape[-1], inner = KernelShape[-2];
        T* place = _packed.Pointer;
        foreach (ConvolutionGrid grid in Grids)
        {
            for (int group = 0; group < Groups; group++)
            {
                foreach (ConvolutionTap row in grid.Rows.Taps)
                {
                    foreach (ConvolutionTap column in grid.Columns.Taps)
                    {
                        T* element = Kernel.Pointer + ((((nint)row.Index * KernelColumns) + column.Index) * inner * outer) + ((nint)group * (outer / Groups));
                        for (int i = 0; i < InnerChannels; i++)
                        {
                            for (int o = 0; o < OuterChannels; o++)
                            {
                                *place++ = Transposed ? element[((nint)o * outer) + i] : element[((nint)i * outer) + o];
                            }
                        }
                    }
                }
            }
        }
    }

    protected override void Compute(int grid, int image, int row, int endRow, int column, int endColumn, in ConvolutionBand<T> band, ConvolutionSegment* segments)
    {
        ConvolutionAxis down = Grids[grid].Rows, across = Grids[grid].Columns;
        int columns = endColumn - column, stride = Stride(columns);
        (int top, int height) = SourceRows(grid, row, endRow);
        int width = across.SourceLength(columns), left = across.Taps.Length == 0 ? 0 : column + across.Taps[0].Offset;
        nint plane = RoundUp(height * width);
        T* planes = More(segments), sums = planes + (plane * Source.Channels);
        for (int y = 0; y < height; y++)
        {
            MatrixProductPacking<T>.PackTransposed(band.Start + band.Offset(top + y, left), Source.Channels, Source.Channels, width, (int)plane, planes + ((nint)y * width));
        }

        var context = new ConvolutionTileContext
        {
            RowStepA = sizeof(T),
            DepthStepA = (nint)OuterChannels * sizeof(T),
            DepthStepB = plane * sizeof(T),
            PanelStepB = (nint)ConvolutionTiles<T>.PanelWidth(columns) * sizeof(T),
            RowStepC = (nint)stride * sizeof(T),
        };
        for (int y = row; y < endRow; y++)
        {
            int count = 0;
            nint a = 0;
            foreach (ConvolutionTap tap in down.Taps)
            {
                int sourceRow = (y * down.SourceStep) + tap.Offset - top;
                foreach (ConvolutionTap beside in across.Taps)
                {
                    if ((uint)sourceRow < (uint)height)
                    {
                        nint b = ((nint)sourceRow * width) + column + beside.Offset - left;
                        segments[count++] = new ConvolutionSegment { A = a * sizeof(T), B = b * sizeof(T), Depth = InnerChannels };
                    }

                    a += (nint)InnerChannels * OuterChannels;
                }
            }

            for (int group = 0; group < Groups; group++)
            {
                T* kernel = _packed.Pointer + _kernels[grid] + ((nint)group * Grids[grid].Taps * InnerChannels * OuterChannels);
                ConvolutionTiles<T>.Multiply(_heights, columns, segments, count, kernel, planes + (group * InnerChannels * plane), sums, null, in context);
                T* result = Result.Pixel(image, down.First + (y * down.Step), across.First + (column * across.Step)) + ((nint)group * OuterChannels);
                Write(sums, stride, columns, HasBias ? Bias.Pointer + ((nint)group * OuterChannels) : null, result, (nint)across.Step * Result.Channels);
            }
        }
    }

    private void Write(T* sums, int stride, int columns, T* bias, T* result, nint step)
    {
        for (int o = 0; o < OuterChannels; o++, sums += stride)
        {
            if (step == 1 && !Rectifies && bias == null)
            {
                Runs.Copy(sums, result, columns);
                continue;
            }

            for (int i = 0; i < columns; i++)
            {
                T value = bias == null ? sums[i] : sums[i] + bias[o];
                result[(i * step) + o] = Rectifies && value <= T.Zero ? T.Zero : value;
            }
        }
    }

    // A whole vector may be read past the end of a row of sums.
    private static int Stride(int columns) => RoundUp(columns) + ConvolutionTiles<T>.VectorLength;

    private static int RoundUp(int length) => (length + ConvolutionTiles<T>.VectorLength - 1) / ConvolutionTiles<T>.VectorLength * ConvolutionTiles<T>.VectorLength;
}
