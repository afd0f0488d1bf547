using System.Numerics;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Rows of windows over images.</summary>
/// <param name="w">Where the windows lie.</param>
/// <param name="image">The images.</param>
/// <param name="second">A second tensor like the images, or null.</param>
/// <param name="windows">The number of each window.</param>
/// <param name="adds">Whether an adjoint adds to what is there.</param>
/// <param name="joins">Whether windows a pixel apart may be taken for one with the channels of all: not by an adjoint, which would mix up their order.</param>
internal sealed unsafe class PoolingRows<T>(WindowNumbers w, Place<T> image, Place<T>? second, Place<T> windows, bool adds, bool joins)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Windows from the first to before the second have all their columns within the image.</summary>
    private readonly (int Begin, int End) _whole = Whole(w);

    /// <summary>Where the windows lie.</summary>
    public WindowNumbers Numbers => w;

    /// <summary>Goes over one row of windows.</summary>
    /// <param name="index">Which image.</param>
    /// <param name="row">Which row of its windows.</param>
    /// <param name="firstPixels">The first row of pixels that an adjoint may add to.</param>
    /// <param name="endPixels">The one after the last.</param>
    public void Run<TKernel>(int index, int row, int firstPixels, int endPixels)
        where TKernel : struct, IPoolingKernel
    {
        int top = (row * w.RowStride) - w.Top;
        (int begin, int end) = WindowNumbers.Inside(top, w.RowDilation, w.KernelRows, w.Height);
        (int first, int last) = WindowNumbers.Inside(top - firstPixels, w.RowDilation, w.KernelRows, endPixels - firstPixels);
        nint start = (((nint)index * w.Height) + top + ((nint)begin * w.RowDilation)) * w.Width * w.Channels;
        var run = new PoolingRow<T>
        {
            Rows = end - begin,
            RowStep = (nint)w.RowDilation * w.Width * w.Channels,
            ColumnStep = (nint)w.ColumnDilation * w.Channels,
            WindowStep = (nint)w.ColumnStride * w.Channels,
            FirstRow = first - begin,
            EndRow = last - begin,
            Adds = adds,
        };
        T* result = windows.Pointer + ((((nint)index * w.Rows) + row) * w.Columns * w.Channels);
        for (int column = 0, count; column < w.Columns; column += count)
        {
            int left = (column * w.ColumnStride) - w.Left;
            (int firstColumn, int endColumn) = WindowNumbers.Inside(left, w.ColumnDilation, w.KernelColumns, w.Width);
            nint offset = start + ((left + ((nint)firstColumn * w.ColumnDilation)) * w.Channels);
            run.Columns = endColumn - firstColumn;
            count = column == _whole.Begin && column < _whole.End ? _whole.End - column : 1;
            (run.Windows, run.Channels) = joins && w.ColumnStride == 1 ? (1, count * w.Channels) : (count, w.Channels);
            run.Image = image.Pointer + offset;
            run.Second = second is { } other ? other.Pointer + offset : null;
            run.Window = result + ((nint)column * w.Channels);
            run.Run<TKernel>();
        }
    }

    private static (int Begin, int End) Whole(WindowNumbers w)
    {
        long reach = (w.KernelColumns - 1L) * w.ColumnDilation;
        (int begin, int end) = WindowNumbers.Inside(-w.Left, w.ColumnStride, w.Columns, (int)Math.Max(0, w.Width - reach));
        return (begin, end);
    }
}
