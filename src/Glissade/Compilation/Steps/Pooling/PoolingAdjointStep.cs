using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Gives the number of each window back to the images' elements; rows of pixels, which threads share.</summary>
/// <remarks>A row of windows that lies over rows of two chunks is gone over in both, so every pixel gets what is added to it in the order of the windows.</remarks>
internal sealed unsafe class PoolingAdjointStep<T, TKernel> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
    where TKernel : struct, IPoolingKernel
{
    private const int ChunkElements = 1 << 15;

    private readonly PoolingRows<T> _rows;
    private readonly Place<T> _result;
    private readonly Chunks _chunks;
    private readonly int _rowSpan, _rowLength;
    private readonly bool _clears;
    private readonly string _text;

    public PoolingAdjointStep(Tensor node, WindowGeometry geometry, Func<Tensor, Place<T>> placeOf)
    {
        var w = new WindowNumbers(geometry, node.Shape);
        int last = geometry.Axes - 1;
        _rowSpan = last == 0 ? 1 : geometry.Span(0);
        bool overlap = geometry.Span(last) > w.ColumnStride || _rowSpan > w.RowStride;
        _clears = overlap
            || !Covers(w.KernelColumns, w.ColumnStride, w.ColumnDilation, w.Left, w.Columns, w.Width)
            || !Covers(w.KernelRows, w.RowStride, w.RowDilation, w.Top, w.Rows, w.Height);
        Tensor adjoint = node.Inputs[^1];
        _result = placeOf(node);
        _rows = new PoolingRows<T>(w, placeOf(node.Inputs[0]), _result, placeOf(adjoint), overlap, joins: false);
        _rowLength = w.Width * w.Channels;
        _text = $"{node.Operation.Name} {adjoint.Shape} → {node.Shape}";
        Flops = (double)adjoint.Shape.Count * w.KernelRows * w.KernelColumns;
        int lines = node.Shape.Count == 0 ? 0 : w.Images * w.Height;
        _chunks = new Chunks(lines, (int)Math.Clamp(ChunkElements / Math.Max(1.0, Math.Max(_rowLength, Flops / Math.Max(1, lines))), 1, Math.Max(1, lines)));
    }

    /// <summary>Each element of a window as one, those with padding included.</summary>
    public override double Flops { get; }

    public override void Run() => ComputePool.Run(this, _chunks.Count);

    public void RunChunk(int chunk, int worker)
    {
        (int first, int end) = _chunks[chunk];
        int height = _rows.Numbers.Height;
        for (int line = first; line < end;)
        {
            (int image, int row) = Math.DivRem(line, height);
            int endRow = Math.Min(height, row + (end - line));
            GiveTo(image, row, endRow);
            line += endRow - row;
        }
    }

    public override string ToString() => _text;

    /// <summary>Whether every element of an axis lies in a window, if windows do not overlap.</summary>
    private static bool Covers(int kernel, int stride, int dilation, int before, int windows, int length) =>
        kernel == stride && dilation == 1 && ((long)windows * stride) - before >= length;

    /// <summary>Some rows of an image.</summary>
    private void GiveTo(int image, int firstRow, int endRow)
    {
        WindowNumbers w = _rows.Numbers;
        long below = (long)firstRow + w.Top - _rowSpan + 1;
        int window = (int)Math.Max(0, (below + w.RowStride - 1) / w.RowStride), endWindow = (int)Math.Min(w.Rows, (((long)endRow - 1 + w.Top) / w.RowStride) + 1);
        int cleared = firstRow;
        for (; window < endWindow; window++)
        {
            // Rows are cleared just before they are added to, while the first cache has room for them.
            long reach = ((long)window * w.RowStride) - w.Top + _rowSpan;
            Clear(image, ref cleared, (int)Math.Min(endRow, reach));
            _rows.Run<TKernel>(image, window, firstRow, endRow);
        }

        Clear(image, ref cleared, endRow);
    }

    private void Clear(int image, ref int row, int endRow)
    {
        if (_clears && row < endRow)
        {
            new Span<T>(_result.Pointer + ((((nint)image * _rows.Numbers.Height) + row) * _rowLength), (endRow - row) * _rowLength).Clear();
            row = endRow;
        }
    }
}
