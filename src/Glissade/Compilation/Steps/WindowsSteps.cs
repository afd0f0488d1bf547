using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>The numbers of <see cref="WindowGeometry"/> over rows and columns of pixels; one spatial axis is a single row.</summary>
internal readonly struct WindowNumbers
{
    public readonly int Images, Height, Width, Channels, Rows, Columns, KernelRows, KernelColumns;
    public readonly int RowStride, ColumnStride, RowDilation, ColumnDilation, Top, Left;

    public WindowNumbers(WindowGeometry geometry, Shape shape)
    {
        int axes = geometry.Axes, last = axes - 1;
        if (axes is < 1 or > 2)
        {
            throw new NotSupportedException($"Windows have one or two spatial axes, not {axes}.");
        }

        Images = new Shape(shape.Lengths[..^(axes + 1)]).Count;
        (Width, Channels) = (shape[-2], shape[-1]);
        (Columns, KernelColumns, ColumnStride, ColumnDilation, Left) = (geometry.Count(last, Width), geometry.Kernel[last], geometry.Strides[last], geometry.Dilations[last], geometry.Before[last]);
        (Height, Rows, KernelRows, RowStride, RowDilation, Top) = axes == 1
            ? (1, 1, 1, 1, 1, 0)
            : (shape[-3], geometry.Count(0, shape[-3]), geometry.Kernel[0], geometry.Strides[0], geometry.Dilations[0], geometry.Before[0]);
    }

    /// <summary>The part of a run of elements, <paramref name="count"/> of them <paramref name="step"/> apart from a first one on, that lies from 0 to a length less one.</summary>
    public static (int Begin, int End) Inside(int first, int step, int count, int length)
    {
        int begin = first >= 0 ? 0 : Math.Min(count, (int)(((long)step - 1 - first) / step));
        int end = first >= length ? begin : (int)Math.Min(count, ((long)length - 1 - first) / step + 1);
        return (begin, Math.Max(begin, end));
    }
}

/// <summary>Copies every window: for each of its elements the image as that element sees it, row by row, which threads share.</summary>
internal sealed unsafe class WindowsStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ChunkElements = 1 << 15;

    private readonly WindowNumbers _w;
    private readonly Place<T> _source, _destination;
    private readonly T _padding;
    private readonly int _lineLength;
    private readonly Chunks _lines;
    private readonly Shape _shape;

    public WindowsStep(Tensor node, Windows operation, Func<Tensor, Place<T>> placeOf)
    {
        _w = new WindowNumbers(operation.Geometry, node.Inputs[0].Shape);
        (_source, _destination, _shape) = (placeOf(node.Inputs[0]), placeOf(node), node.Shape);
        _padding = T.CreateTruncating(operation.Padding);
        int lines = _w.Images * _w.Rows * _w.KernelRows * _w.KernelColumns;
        _lineLength = _shape.Count / Math.Max(1, lines);
        _lines = new Chunks(lines, Math.Max(1, ChunkElements / Math.Max(1, _lineLength)));
    }

    public override void Run()
    {
        if (_shape.Count > 0)
        {
            ComputePool.Run(this, _lines.Count);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        (int first, int end) = _lines[chunk];
        for (int line = first; line < end; line++)
        {
            T* result = _destination.Pointer + ((nint)line * _lineLength);
            (int offset, int row) = Math.DivRem(line, _w.Images * _w.Rows);
            Shifted(row, offset / _w.KernelColumns, offset % _w.KernelColumns, result);
        }
    }

    public override string ToString() => $"windows {_shape}";

    /// <summary>The image as one element of the windows sees it, one row of windows.</summary>
    private void Shifted(int line, int kernelRow, int kernelColumn, T* result)
    {
        (int image, int row) = Math.DivRem(line, _w.Rows);
        int y = (row * _w.RowStride) - _w.Top + (kernelRow * _w.RowDilation), x = (kernelColumn * _w.ColumnDilation) - _w.Left;
        if ((uint)y >= (uint)_w.Height)
        {
            Fill(result, _lineLength);
            return;
        }

        (int begin, int end) = WindowNumbers.Inside(x, _w.ColumnStride, _w.Columns, _w.Width);
        Copy(_source.Pointer + (((((nint)image * _w.Height) + y) * _w.Width) + x) * _w.Channels, _w.ColumnStride, begin, end, _w.Columns, result);
    }

    /// <summary>Copies the pixels from begin to end of a run of so many that are some steps apart, and pads the others.</summary>
    private void Copy(T* first, int step, int begin, int end, int count, T* result)
    {
        int channels = _w.Channels;
        Fill(result, begin * channels);
        if (step == 1)
        {
            Runs.Copy(first + ((nint)begin * channels), result + ((nint)begin * channels), (end - begin) * channels);
        }
        else
        {
            for (int i = begin; i < end; i++)
            {
                Runs.Copy(first + ((nint)i * step * channels), result + ((nint)i * channels), channels);
            }
        }

        Fill(result + ((nint)end * channels), (count - end) * channels);
    }

    private void Fill(T* result, int length)
    {
        if (length > 0)
        {
            new Span<T>(result, length).Fill(_padding);
        }
    }
}

/// <summary>Adds windows back to where they came from; rows of pixels, each with all that is added to it in one order, threads share.</summary>
internal sealed unsafe class SumWindowsStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ChunkElements = 1 << 15;

    private readonly WindowNumbers _w;
    private readonly Place<T> _source, _destination;
    private readonly Chunks _lines;
    private readonly Shape _shape;

    public SumWindowsStep(Tensor node, SumWindows operation, Func<Tensor, Place<T>> placeOf)
    {
        _w = new WindowNumbers(operation.Geometry, node.Shape);
        (_source, _destination, _shape) = (placeOf(node.Inputs[0]), placeOf(node), node.Shape);
        int lines = _w.Images * _w.Height;
        _lines = new Chunks(lines, Math.Max(1, ChunkElements / Math.Max(1, node.Inputs[0].Shape.Count / Math.Max(1, lines))));
    }

    public override void Run()
    {
        if (_shape.Count > 0)
        {
            ComputePool.Run(this, _lines.Count);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        (int first, int end) = _lines[chunk];
        int length = _w.Width * _w.Channels;
        for (int line = first; line < end; line++)
        {
            (int image, int y) = Math.DivRem(line, _w.Height);
            T* result = _destination.Pointer + ((nint)line * length);
            new Span<T>(result, length).Clear();
            for (int kernelRow = 0; kernelRow < _w.KernelRows; kernelRow++)
            {
                int from = y + _w.Top - (kernelRow * _w.RowDilation);
                if (from < 0 || from % _w.RowStride != 0 || from / _w.RowStride >= _w.Rows)
                {
                    continue;
                }

                AddShifted((image * _w.Rows) + (from / _w.RowStride), kernelRow, result);
            }
        }
    }

    public override string ToString() => $"sum-windows {_shape}";

    /// <summary>A row of windows, as each element in one row of the windows has it.</summary>
    private void AddShifted(int row, int kernelRow, T* result)
    {
        for (int kernelColumn = 0; kernelColumn < _w.KernelColumns; kernelColumn++)
        {
            int x = (kernelColumn * _w.ColumnDilation) - _w.Left;
            (int begin, int end) = WindowNumbers.Inside(x, _w.ColumnStride, _w.Columns, _w.Width);
            nint line = ((((nint)kernelRow * _w.KernelColumns) + kernelColumn) * _w.Images * _w.Rows) + row;
            Add(_source.Pointer + (line * _w.Columns * _w.Channels), result + ((nint)x * _w.Channels), _w.ColumnStride, begin, end);
        }
    }

    private void Add(T* source, T* first, int step, int begin, int end)
    {
        int channels = _w.Channels;
        if (step == 1)
        {
            Runs.Add(source + ((nint)begin * channels), first + ((nint)begin * channels), (end - begin) * channels);
            return;
        }

        for (int i = begin; i < end; i++)
        {
            Runs.Add(source + ((nint)i * channels), first + ((nint)i * step * channels), channels);
        }
    }
}
