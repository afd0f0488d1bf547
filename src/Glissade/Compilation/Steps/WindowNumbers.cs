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
