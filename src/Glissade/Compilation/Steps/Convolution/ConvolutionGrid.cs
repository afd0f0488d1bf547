using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>One element of a kernel along one axis, as the pixels of a grid see it.</summary>
/// <param name="Offset">The pixel of the source that it meets for the first pixel of the grid; it may lie outside.</param>
/// <param name="Index">Its index in the kernel.</param>
internal readonly record struct ConvolutionTap(int Offset, int Index);

/// <summary>Along one axis, pixels of a result that meet the same elements of the kernel.</summary>
/// <param name="Count">How many pixels.</param>
/// <param name="First">The first of them in the result.</param>
/// <param name="Step">From one to the next in the result.</param>
/// <param name="SourceStep">From what one meets in the source to what the next does.</param>
/// <param name="Taps">The elements of the kernel, in the order of the source.</param>
internal sealed record ConvolutionAxis(int Count, int First, int Step, int SourceStep, ConvolutionTap[] Taps)
{
    /// <summary>How many pixels of the source that stand beside each other some pixels of the result meet.</summary>
    public int SourceLength(int count) => Taps.Length == 0 || count == 0 ? 0 : ((count - 1) * SourceStep) + Taps[^1].Offset - Taps[0].Offset + 1;

    /// <summary>The axis of the windows: every window meets all elements.</summary>
    public static ConvolutionAxis OfWindows(int windows, int kernel, int stride, int dilation, int before) =>
        new(windows, 0, 1, stride, [.. Enumerable.Range(0, kernel).Select(k => new ConvolutionTap((k * dilation) - before, k))]);

    /// <summary>The axis that the windows lie over: as many kinds of pixels as the stride is long, each of which meets its own elements.</summary>
    public static ConvolutionAxis[] OfPixels(int length, int kernel, int stride, int dilation, int before) =>
        [.. Enumerable.Range(0, Math.Min(length, stride)).Select(first => new ConvolutionAxis(new Chunks(length - first, stride).Count, first, stride, 1, TapsOf(first, kernel, stride, dilation, before)))];

    private static ConvolutionTap[] TapsOf(int first, int kernel, int stride, int dilation, int before) =>
    [
        .. Enumerable.Range(0, kernel)
            .Where(k => (first + before - ((long)k * dilation)) % stride == 0)
            .Select(k => new ConvolutionTap((first + before - (k * dilation)) / stride, k))
            .OrderBy(t => t.Offset),
    ];
}

/// <summary>Pixels of a result that meet the same elements of the kernel.</summary>
internal sealed record ConvolutionGrid(ConvolutionAxis Rows, ConvolutionAxis Columns)
{
    public int Taps => Rows.Taps.Length * Columns.Taps.Length;

    /// <summary>The windows of a convolution, or all kinds of pixels of a transposed one.</summary>
    public static ConvolutionGrid[] Of(WindowNumbers w, bool transposed)
    {
        if (!transposed)
        {
            return
            [
                new(ConvolutionAxis.OfWindows(w.Rows, w.KernelRows, w.RowStride, w.RowDilation, w.Top),
                    ConvolutionAxis.OfWindows(w.Columns, w.KernelColumns, w.ColumnStride, w.ColumnDilation, w.Left)),
            ];
        }

        ConvolutionAxis[] rows = ConvolutionAxis.OfPixels(w.Height, w.KernelRows, w.RowStride, w.RowDilation, w.Top);
        ConvolutionAxis[] columns = ConvolutionAxis.OfPixels(w.Width, w.KernelColumns, w.ColumnStride, w.ColumnDilation, w.Left);
        return [.. rows.SelectMany(r => columns.Select(c => new ConvolutionGrid(r, c)))];
    }
}
