using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A convolution or a transposed one as products of tiles: windows are read where they stand in the image, and never copied together.</summary>
internal sealed unsafe class ConvolutionStep<T> : ConvolutionGridStep<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Bytes of the packed kernel that meet all pixels of a block before others do: they are to stay in the second cache.</summary>
    private const int PanelBytes = 1 << 18;

    private readonly int _panelWidth, _panels;
    private readonly FlatVector<T> _packed;
    private readonly GridTiles[] _tiles;

    public ConvolutionStep(Tensor node, bool transposed, WindowGeometry geometry, int groups, bool bias, bool rectify, Func<Tensor, Place<T>> placeOf)
        : base(node, transposed, geometry, groups, bias, rectify, placeOf)
    {
        _panelWidth = ConvolutionTiles<T>.PanelWidth(OuterChannels);
        _panels = (OuterChannels + _panelWidth - 1) / _panelWidth;
        _tiles = new GridTiles[Grids.Length];
        int length = 0;
        for (int grid = 0; grid < Grids.Length; grid++)
        {
            int depth = Grids[grid].Taps * InnerChannels;
            (int columns, int last) = BlockColumns(grid);
            _tiles[grid] = new GridTiles(length, depth, ConvolutionTiles<T>.Heights(columns), ConvolutionTiles<T>.Heights(last), columns);
            length = checked(length + (Groups * _panels * depth * _panelWidth));
        }

        _packed = new FlatVector<T>(length);
    }

    /// <summary>The packed kernel.</summary>
    public override long WorkspaceBytes => (long)_packed.Length * sizeof(T);

    protected override void PackKernel()
    {
        int outer = KernelShape[-1], inner = KernelShape[-2];
        for (int grid = 0; grid < Grids.Length; grid++)
        {
            T* panels = _packed.Pointer + _tiles[grid].Kernel;
            nint panelStep = (nint)_tiles[grid].Depth * _panelWidth;
            for (int group = 0; group < Groups; group++, panels += _panels * panelStep)
            {
                T* place = panels;
                foreach (ConvolutionTap row in Grids[grid].Rows.Taps)
                {
                    foreach (ConvolutionTap column in Grids[grid].Columns.Taps)
                    {
                        T* element = Kernel.Pointer + ((((nint)row.Index * KernelColumns) + column.Index) * inner * outer) + ((nint)group * (outer / Groups));
                        if (Transposed)
                        {
                            PackTransposed(element, outer, place, panelStep);
                        }
                        else
                        {
                            ConvolutionTiles<T>.Pack(element, outer, InnerChannels, OuterChannels, place, _panelWidth, panelStep);
                        }

                        place += (nint)InnerChannels * _panelWidth;
                    }
                }
            }
        }
    }

    protected override void Compute(int grid, int image, int row, int endRow, int column, int endColumn, in ConvolutionBand<T> band, ConvolutionSegment* segments)
    {
        ConvolutionAxis down = Grids[grid].Rows, across = Grids[grid].Columns;
        GridTiles tiles = _tiles[grid];
        ReadOnlySpan<byte> heights = endColumn - column == tiles.Columns ? tiles.Heights : tiles.LastHeights;
        nint panelStep = (nint)tiles.Depth * _panelWidth;
        var context = new ConvolutionTileContext
        {
            RowStepA = (nint)across.SourceStep * Source.Channels * sizeof(T),
            DepthStepA = sizeof(T),
            DepthStepB = (nint)_panelWidth * sizeof(T),
            PanelStepB = panelStep * sizeof(T),
            RowStepC = (nint)across.Step * Result.Channels * sizeof(T),
            Rectifies = Rectifies,
        };
        int panelsAtOnce = (int)Math.Clamp(PanelBytes / Math.Max(1, context.PanelStepB), 1, _panels);
        for (int group = 0; group < Groups; group++)
        {
            for (int panel = 0; panel < _panels; panel += panelsAtOnce)
            {
                int first = panel * _panelWidth, channel = (group * OuterChannels) + first;
                T* kernel = _packed.Pointer + tiles.Kernel + (((group * _panels) + panel) * panelStep);
                for (int y = row; y < endRow; y++)
                {
                    int count = Segments(grid, y, column, group, in band, segments);
                    ConvolutionTiles<T>.Multiply(
                        heights,
                        Math.Min(OuterChannels - first, panelsAtOnce * _panelWidth),
                        segments,
                        count,
                        band.Start,
                        kernel,
                        Result.Pixel(image, down.First + (y * down.Step), across.First + (column * across.Step)) + channel,
                        HasBias ? Bias.Pointer + channel : null,
                        in context);
                }
            }
        }
    }

    /// <summary>The terms of the sums of one row of pixels: rows of the windows that lie within the image, as far as they are contiguous there.</summary>
    private int Segments(int grid, int y, int column, int group, in ConvolutionBand<T> band, ConvolutionSegment* segments)
    {
        ConvolutionAxis down = Grids[grid].Rows, across = Grids[grid].Columns;
        nint depthB = (nint)_panelWidth * sizeof(T), b = 0;
        int count = 0;
        foreach (ConvolutionTap tap in down.Taps)
        {
            int sourceRow = (y * down.SourceStep) + tap.Offset;
            if ((uint)sourceRow >= (uint)Source.Height)
            {
                b += across.Taps.Length * InnerChannels * depthB;
                continue;
            }

            for (int i = 0; i < across.Taps.Length; i++, b += InnerChannels * depthB)
            {
                if (i > 0 && Groups == 1 && across.Taps[i].Offset == across.Taps[i - 1].Offset + 1)
                {
                    segments[count - 1].Depth += InnerChannels;
                    continue;
                }

                nint a = band.Offset(sourceRow, (column * across.SourceStep) + across.Taps[i].Offset) + ((nint)group * InnerChannels);
                segments[count++] = new ConvolutionSegment { A = a * sizeof(T), B = b, Depth = InnerChannels };
            }
        }

        return count;
    }

    private void PackTransposed(T* element, int outer, T* panels, nint panelStep)
    {
        for (int j = 0; j < OuterChannels; j += _panelWidth, panels += panelStep)
        {
            int count = Math.Min(_panelWidth, OuterChannels - j);
            MatrixProductPacking<T>.PackTransposed(element + ((nint)j * outer), outer, InnerChannels, count, _panelWidth, panels);
        }
    }

    /// <summary>What the products of one grid need.</summary>
    /// <param name="Kernel">Where its packed kernel begins.</param>
    /// <param name="Depth">Terms of each sum.</param>
    /// <param name="Heights">The tiles of a block's row.</param>
    /// <param name="LastHeights">Those of the last block's.</param>
    /// <param name="Columns">Columns of a block.</param>
    private sealed record GridTiles(int Kernel, int Depth, byte[] Heights, byte[] LastHeights, int Columns);
}
