using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>The gradient of a convolution by its kernel: products of tiles summed over all windows, whose elements are read where they stand in the images.</summary>
/// <remarks>
/// Windows are taken in blocks of rows, whose part of the images and of y stays in the second cache. The blocks are cut into parts by size alone, each of which
/// has a sum of its own; threads share the parts, whose sums are added in order at the end.
/// </remarks>
internal sealed unsafe class ConvolutionKernelStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Windows and bytes of images and y in a block.</summary>
    private const int BlockWindows = 1024, BlockBytes = 1 << 19;

    /// <summary>Multiply-adds of a part at least, parts at most, and their elements together.</summary>
    private const long PartWork = 1 << 23;

    private const int MostParts = 8, PartElements = 1 << 22;

    private readonly WindowNumbers _w;
    private readonly ConvolutionAxis _down, _across;
    private readonly ConvolutionImages<T> _x, _y;
    private readonly Place<T> _result;
    private readonly int _groups, _inner, _outer, _elements, _parts, _segmentLength, _workspaceLength;
    private readonly Chunks _blocks;
    private readonly bool _joinsColumns, _isDepthwise;
    private readonly DepthwiseRun[] _runs;
    private readonly byte[] _heights;
    private readonly FlatVector<T> _partial;
    private readonly string _text;
    private Workspaces<T> _workspaces = new();

    public ConvolutionKernelStep(Tensor node, WindowGeometry geometry, int groups, Func<Tensor, Place<T>> placeOf)
    {
        (Shape x, Shape y) = (node.Inputs[0].Shape, node.Inputs[1].Shape);
        _w = new WindowNumbers(geometry, x);
        ConvolutionGrid grid = ConvolutionGrid.Of(_w, transposed: false)[0];
        (_down, _across) = (grid.Rows, grid.Columns);
        _x = new ConvolutionImages<T>(placeOf(node.Inputs[0]), _w.Height, _w.Width, _w.Channels);
        _y = new ConvolutionImages<T>(placeOf(node.Inputs[1]), _w.Rows, _w.Columns, y[-1]);
        (_result, _elements, _groups, _inner, _outer) = (placeOf(node), node.Shape.Count, groups, node.Shape[-2], y[-1] / groups);

        // The channels of elements of a window that stand beside each other in the image are rows of one product.
        _joinsColumns = groups == 1 && _w.ColumnDilation == 1;
        _isDepthwise = groups == _w.Channels && groups == y[-1];
        _runs = DepthwiseRun.Of(_across);
        _heights = ConvolutionTiles<T>.Heights(_inner * (_joinsColumns ? _w.KernelColumns : 1));
        int allRows = _w.Images * _w.Rows;
        long rowBytes = (((long)_across.SourceLength(_w.Columns) * _w.Channels * _w.RowStride) + ((long)_w.Columns * y[-1])) * sizeof(T);
        int rowsInBlock = (int)Math.Clamp(Math.Min(BlockWindows / Math.Max(1, _w.Columns), BlockBytes / Math.Max(1, rowBytes)), 1, Math.Max(1, allRows));
        _blocks = new Chunks(allRows, rowsInBlock);
        long work = (long)allRows * _w.Columns * _elements;
        _parts = (int)Math.Clamp(Math.Min(work / PartWork, PartElements / Math.Max(1, _elements)), 1, Math.Clamp(_blocks.Count, 1, MostParts));
        _partial = new FlatVector<T>(_parts > 1 ? checked(_parts * _elements) : 0);
        long segmentBytes = _isDepthwise
            ? (long)_w.KernelRows * _runs.Length * sizeof(DepthwiseSegment)
            : (long)_w.KernelRows * ((rowsInBlock * (long)sizeof(ConvolutionSegment)) + sizeof(int));
        _segmentLength = RoundUp(checked((int)((segmentBytes + sizeof(T) - 1) / sizeof(T))));
        long images = Math.Min(_w.Images, (((long)rowsInBlock + _w.Rows - 2) / Math.Max(1, _w.Rows)) + 1);
        int bandRows = (int)Math.Min(((long)rowsInBlock * _w.RowStride) + (images * _down.SourceLength(1)), images * _w.Height);
        _workspaceLength = checked(_segmentLength + (_isDepthwise ? 0 : ConvolutionBand<T>.WorkspaceLength(bandRows, _across.SourceLength(_w.Columns), _w.Channels)));
        Flops = 2.0 * work;
        _text = $"{node.Operation.Name} {x}, {y} → {node.Shape}";
        Share(_workspaces);
    }

    /// <summary>A multiplication and an addition for each term, those with padding included.</summary>
    public override double Flops { get; }

    /// <summary>The sums of the parts.</summary>
    public override long WorkspaceBytes => (long)_partial.Length * sizeof(T);

    public override void Share(Workspaces<T> workspaces)
    {
        workspaces.Reserve(_workspaceLength, _parts);
        _workspaces = workspaces;
    }

    public override void Run()
    {
        if (_elements == 0)
        {
            return;
        }

        ComputePool.Run(this, _parts);
        for (int part = 0; part < _partial.Length / _elements; part++)
        {
            T* sum = _partial.Pointer + ((nint)part * _elements);
            if (part == 0)
            {
                Runs.Copy(sum, _result.Pointer, _elements);
            }
            else
            {
                Runs.Add(sum, _result.Pointer, _elements);
            }
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        T* sum = _parts > 1 ? _partial.Pointer + ((nint)chunk * _elements) : _result.Pointer;
        new Span<T>(sum, _elements).Clear();
        T* workspace = _workspaces[worker];
        int end = (int)((chunk + 1L) * _blocks.Count / _parts);
        for (int block = (int)((long)chunk * _blocks.Count / _parts); block < end; block++)
        {
            (int row, int endRow) = _blocks[block];
            if (_isDepthwise)
            {
                AddChannels(row, endRow, sum, (DepthwiseSegment*)workspace);
            }
            else
            {
                AddBlock(row, endRow, sum, workspace);
            }
        }
    }

    public override string ToString() => _text;

    /// <summary>Adds the products of a block of rows of windows.</summary>
    private void AddBlock(int firstRow, int endRow, T* sum, T* workspace)
    {
        var segments = (ConvolutionSegment*)workspace;
        T* copies = workspace + _segmentLength;
        int* counts = (int*)(segments + ((nint)_w.KernelRows * _blocks.Length));
        new Span<int>(counts, _w.KernelRows).Clear();
        int columns = _across.SourceLength(_w.Columns), left = _across.Taps[0].Offset;
        for (int row = firstRow; row < endRow;)
        {
            (int image, int first) = Math.DivRem(row, _w.Rows);
            int end = Math.Min(_w.Rows, first + (endRow - row));
            int top = (first * _w.RowStride) + _down.Taps[0].Offset, rows = _down.SourceLength(end - first);
            var band = ConvolutionBand<T>.Of(_x, image, top, top + rows, left, left + columns, copies);

            // Windows that lie above or below the image have no rows to be copied.
            copies += band.Start == copies ? band.RowLength * Math.Max(0, Math.Min(top + rows, _w.Height) - Math.Max(top, 0)) : 0;
            for (int y = first; y < end; y++)
            {
                for (int kernelRow = 0; kernelRow < _w.KernelRows; kernelRow++)
                {
                    int sourceRow = (y * _w.RowStride) + _down.Taps[kernelRow].Offset;
                    if ((uint)sourceRow < (uint)_w.Height)
                    {
                        segments[(kernelRow * _blocks.Length) + counts[kernelRow]++] = new ConvolutionSegment
                        {
                            A = (nint)(band.Start + band.Offset(sourceRow, left)),
                            B = (nint)_y.Pixel(image, y, 0),
                            Depth = _w.Columns,
                        };
                    }
                }
            }

            row += end - first;
        }

        AddProducts(segments, counts, sum);
    }

    /// <summary>Adds the products of a block, tile by tile.</summary>
    private void AddProducts(ConvolutionSegment* segments, int* counts, T* sum)
    {
        int channels = _y.Channels;
        var context = new ConvolutionTileContext
        {
            RowStepA = sizeof(T),
            DepthStepA = (nint)_w.ColumnStride * _w.Channels * sizeof(T),
            DepthStepB = (nint)channels * sizeof(T),
            PanelStepB = (nint)ConvolutionTiles<T>.PanelWidth(_outer) * sizeof(T),
            RowStepC = (nint)channels * sizeof(T),
            AddsToC = true,
        };
        for (int kernelRow = 0; kernelRow < _w.KernelRows; kernelRow++)
        {
            for (int kernelColumn = 0; kernelColumn < (_joinsColumns ? 1 : _w.KernelColumns); kernelColumn++)
            {
                for (int group = 0; group < _groups; group++)
                {
                    // The segments say where in memory, so what is counted from begins at zero.
                    T* a = (T*)null + ((nint)kernelColumn * _w.ColumnDilation * _w.Channels) + ((nint)group * _inner), b = (T*)null + ((nint)group * _outer);
                    T* c = sum + ((((nint)kernelRow * _w.KernelColumns) + kernelColumn) * _inner * channels) + ((nint)group * _outer);
                    ConvolutionTiles<T>.Multiply(_heights, _outer, segments + (kernelRow * _blocks.Length), counts[kernelRow], a, b, c, null, in context);
                }
            }
        }
    }

    /// <summary>Adds the products of rows of windows of which each channel goes by itself, for all elements of the windows that lie within the image.</summary>
    private void AddChannels(int firstRow, int endRow, T* sum, DepthwiseSegment* segments)
    {
        nint pixelBytes = (nint)_w.Channels * sizeof(T);
        DepthwiseContext context = DepthwiseRun.Context(_across, 0, _w.Width, _w.Channels, sizeof(T));
        context.Segments = segments;
        for (int row = firstRow; row < endRow; row++)
        {
            (int image, int y) = Math.DivRem(row, _w.Rows);
            var band = ConvolutionBand<T>.Whole(_x, image);
            context.SegmentCount = 0;
            foreach (DepthwiseRun run in _runs)
            {
                foreach (ConvolutionTap tap in _down.Taps)
                {
                    int sourceRow = (y * _w.RowStride) + tap.Offset;
                    if ((uint)sourceRow < (uint)_w.Height)
                    {
                        segments[context.SegmentCount++] = run.Terms(
                            band.Offset(sourceRow, run.Offset) * sizeof(T), run.Offset, (nint)tap.Index * _w.KernelColumns, pixelBytes);
                    }
                }
            }

            byte* a = (byte*)band.Start, b = (byte*)_y.Pixel(image, y, 0);
            if (VectorWidth.Is512)
            {
                DepthwiseSums<Vector512<T>, Simd512<T>, T>.AddProducts(_w.Columns, a, b, (byte*)sum, in context);
            }
            else if (VectorWidth.Has256)
            {
                DepthwiseSums<Vector256<T>, Simd256<T>, T>.AddProducts(_w.Columns, a, b, (byte*)sum, in context);
            }
            else
            {
                DepthwiseSums<Vector128<T>, Simd128<T>, T>.AddProducts(_w.Columns, a, b, (byte*)sum, in context);
            }
        }
    }

    private static int RoundUp(int length)
    {
        int granule = FlatVector<T>.Alignment / sizeof(T);
        return (length + granule - 1) / granule * granule;
    }
}
