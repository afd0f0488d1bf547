using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A convolution or a transposed one, cut into blocks of pixels of the result, which threads share.</summary>
/// <remarks>
/// A transposed one is, for each kind of pixels of the result, a convolution with the elements of the kernel that such pixels meet, in reverse.
/// For each block the part of the source that it meets is read where it stands, or copied if some of it lies beside the image and the tiles do not know.
/// </remarks>
internal abstract unsafe class ConvolutionGridStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Multiply-adds of a block at least.</summary>
    private const long BlockWork = 1 << 21;

    /// <summary>Columns above which a row is cut, and a multiple of the pixels of every tile.</summary>
    private const int MostColumns = 384;

    private readonly GridBlocks[] _blocks;
    private readonly int _segmentLength, _chunks, _images;
    private readonly string _text;
    private readonly bool _copiesEdges;
    private int _bandLength, _moreLength;
    private Workspaces<T> _workspaces = new();

    protected ConvolutionGridStep(Tensor node, bool transposed, WindowGeometry geometry, int groups, bool bias, bool rectify, Func<Tensor, Place<T>> placeOf, bool copiesEdges = true)
    {
        Shape x = transposed ? node.Shape : node.Inputs[0].Shape, kernel = node.Inputs[1].Shape;
        var w = new WindowNumbers(geometry, x);
        var windows = (Height: w.Rows, Width: w.Columns, Channels: kernel[-1]);
        var pixels = (w.Height, w.Width, w.Channels);
        (int height, int width, int channels) = transposed ? windows : pixels;
        Source = new ConvolutionImages<T>(placeOf(node.Inputs[0]), height, width, channels);
        (height, width, channels) = transposed ? pixels : windows;
        Result = new ConvolutionImages<T>(placeOf(node), height, width, channels);
        (Kernel, KernelShape, Groups, Transposed) = (placeOf(node.Inputs[1]), kernel, groups, transposed);
        (HasBias, Bias, Rectifies) = (bias, bias ? placeOf(node.Inputs[2]) : default, rectify);
        _copiesEdges = copiesEdges;
        (InnerChannels, OuterChannels) = (Source.Channels / groups, Result.Channels / groups);
        KernelColumns = w.KernelColumns;
        Grids = ConvolutionGrid.Of(w, transposed);
        _images = node.Shape.Count == 0 ? 0 : w.Images;
        _text = $"{node.Operation.Name} {node.Inputs[0].Shape}, {kernel} → {node.Shape}";
        _segmentLength = checked((int)((((long)Grids.Select(g => g.Taps).DefaultIfEmpty(0).Max() * sizeof(ConvolutionSegment)) + FlatVector<T>.Alignment - 1) / FlatVector<T>.Alignment * FlatVector<T>.Alignment / sizeof(T)));
        _blocks = [.. Grids.Select(g => new GridBlocks(g, _images, (long)InnerChannels * Result.Channels * g.Taps))];
        for (int grid = 0; grid < Grids.Length; grid++)
        {
            _chunks = checked(_chunks + _blocks[grid].Count);
            (int rows, int columns) = BlockSource(grid);
            int granule = FlatVector<T>.Alignment / sizeof(T);
            int length = copiesEdges ? ConvolutionBand<T>.WorkspaceLength(rows, columns, Source.Channels) : 0;
            _bandLength = Math.Max(_bandLength, checked((length + granule - 1) / granule * granule));
        }

        Flops = (2.0 * w.Images * w.Rows * w.Columns * kernel.Count) + ((double)node.Shape.Count * ((bias ? 1 : 0) + (rectify ? 1 : 0)));
        Share(_workspaces);
    }

    /// <summary>A multiplication and an addition for each term, those with padding included; a bias and a rectifier count as one each.</summary>
    public sealed override double Flops { get; }

    protected ConvolutionImages<T> Source { get; }

    protected ConvolutionImages<T> Result { get; }

    protected Place<T> Kernel { get; }

    protected Shape KernelShape { get; }

    protected int KernelColumns { get; }

    protected int Groups { get; }

    protected bool Transposed { get; }

    protected bool HasBias { get; }

    protected Place<T> Bias { get; }

    protected bool Rectifies { get; }

    /// <summary>Channels of a group in the source and in the result.</summary>
    protected int InnerChannels { get; }

    protected int OuterChannels { get; }

    protected ConvolutionGrid[] Grids { get; }

    /// <summary>Columns of the blocks of a grid, and of the last ones of each row.</summary>
    protected (int Columns, int Last) BlockColumns(int grid) =>
        (_blocks[grid].Columns, Grids[grid].Columns.Count - ((_blocks[grid].ColumnBlocks - 1) * _blocks[grid].Columns));

    /// <summary>Rows and columns of the source that a block of a grid meets at most.</summary>
    protected (int Rows, int Columns) BlockSource(int grid) =>
        (Grids[grid].Rows.SourceLength(_blocks[grid].Rows), Grids[grid].Columns.SourceLength(_blocks[grid].Columns));

    /// <summary>The rows within the image that some rows of a grid meet.</summary>
    protected (int First, int Count) SourceRows(int grid, int row, int endRow)
    {
        ConvolutionAxis down = Grids[grid].Rows;
        int first = down.Taps.Length == 0 ? 0 : (row * down.SourceStep) + down.Taps[0].Offset, end = Math.Min(Source.Height, first + down.SourceLength(endRow - row));
        first = Math.Max(0, first);
        return (first, Math.Max(0, end - first));
    }

    /// <summary>Asks for scratch beyond what the blocks need.</summary>
    protected void ReserveMore(int length)
    {
        _moreLength = length;
        Share(_workspaces);
    }

    /// <summary>The scratch asked for, of the worker to which the segments belong.</summary>
    protected T* More(ConvolutionSegment* segments) => (T*)segments + _segmentLength + _bandLength;

    public sealed override void Share(Workspaces<T> workspaces)
    {
        workspaces.Reserve(checked(_segmentLength + _bandLength + _moreLength), Math.Max(1, _chunks));
        _workspaces = workspaces;
    }

    public sealed override void Run()
    {
        if (_chunks > 0)
        {
            PackKernel();
            ComputePool.Run(this, _chunks);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        int grid = 0;
        for (; chunk >= _blocks[grid].Count; grid++)
        {
            chunk -= _blocks[grid].Count;
        }

        T* workspace = _workspaces[worker];
        GridBlocks blocks = _blocks[grid];
        (int images, int inImage) = Math.DivRem(chunk, blocks.RowBlocks * blocks.ColumnBlocks);
        (int rows, int columns) = Math.DivRem(inImage, blocks.ColumnBlocks);
        ConvolutionAxis down = Grids[grid].Rows, across = Grids[grid].Columns;
        (int row, int endRow) = new Chunks(down.Count, blocks.Rows)[rows];
        (int column, int endColumn) = new Chunks(across.Count, blocks.Columns)[columns];
        (int firstImage, int endImage) = new Chunks(_images, blocks.Images)[images];
        bool hasTaps = Grids[grid].Taps > 0;
        for (int image = firstImage; image < endImage; image++)
        {
            int top = hasTaps ? (row * down.SourceStep) + down.Taps[0].Offset : 0, left = hasTaps ? (column * across.SourceStep) + across.Taps[0].Offset : 0;
            ConvolutionBand<T> band = !_copiesEdges
                ? ConvolutionBand<T>.Whole(Source, image)
                : ConvolutionBand<T>.Of(
                    Source, image, top, top + down.SourceLength(endRow - row), left, left + across.SourceLength(endColumn - column), workspace + _segmentLength);
            Compute(grid, image, row, endRow, column, endColumn, in band, (ConvolutionSegment*)workspace);
        }
    }

    public override string ToString() => _text;

    /// <summary>Arranges the kernel for the blocks; called once in every run.</summary>
    protected abstract void PackKernel();

    /// <summary>Computes a block of pixels.</summary>
    /// <param name="grid">Which grid the pixels belong to.</param>
    /// <param name="image">Which image.</param>
    /// <param name="row">The first row of the grid.</param>
    /// <param name="endRow">The row after the last.</param>
    /// <param name="column">The first column of the grid.</param>
    /// <param name="endColumn">The column after the last.</param>
    /// <param name="band">What they meet of the source.</param>
    /// <param name="segments">Scratch for as many segments as the grid has elements of the kernel.</param>
    protected abstract void Compute(int grid, int image, int row, int endRow, int column, int endColumn, in ConvolutionBand<T> band, ConvolutionSegment* segments);

    /// <summary>How the pixels of a grid are cut into blocks: images, or rows of one, or parts of rows; by size alone.</summary>
    private readonly struct GridBlocks
    {
        public readonly int Images = 1, Rows, Columns, RowBlocks, ColumnBlocks, Count;

        public GridBlocks(ConvolutionGrid grid, int images, long workPerPixel)
        {
            workPerPixel = Math.Max(workPerPixel, 64);
            (int rows, int columns) = (Math.Max(1, grid.Rows.Count), Math.Max(1, grid.Columns.Count));
            Columns = Math.Min(columns, MostColumns);
            ColumnBlocks = new Chunks(columns, Columns).Count;
            int most = (int)Math.Clamp(BlockWork / (workPerPixel * Columns), 1, rows);
            RowBlocks = new Chunks(rows, most).Count;
            Rows = new Chunks(rows, RowBlocks).Count;
            RowBlocks = new Chunks(rows, Rows).Count;
            if (RowBlocks * ColumnBlocks == 1)
            {
                Images = (int)Math.Clamp(BlockWork / (workPerPixel * rows * columns), 1, Math.Max(1, images));
            }

            Count = grid.Rows.Count * grid.Columns.Count == 0 ? 0 : checked(new Chunks(images, Images).Count * RowBlocks * ColumnBlocks);
        }
    }
}
