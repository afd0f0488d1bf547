using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Elements of a row of the kernel, of which each meets what the pixel before meets by the next one; so tiles read it once.</summary>
/// <param name="Offset">The column of the source that the first meets for the first pixel of the grid.</param>
/// <param name="Index">Its index in the kernel.</param>
/// <param name="IndexStep">From an index to the next.</param>
/// <param name="Taps">How many elements.</param>
internal readonly record struct DepthwiseRun(int Offset, int Index, int IndexStep, int Taps)
{
    /// <summary>The elements of an axis in their order.</summary>
    public static DepthwiseRun[] Of(ConvolutionAxis axis)
    {
        var runs = new List<DepthwiseRun>();
        foreach (ConvolutionTap tap in axis.Taps)
        {
            if (runs.Count > 0 && runs[^1].IsFollowedBy(tap, axis.SourceStep))
            {
                DepthwiseRun run = runs[^1];
                runs[^1] = run with { IndexStep = run.Taps == 1 ? tap.Index - run.Index : run.IndexStep, Taps = run.Taps + 1 };
            }
            else
            {
                runs.Add(new DepthwiseRun(tap.Offset, tap.Index, 0, 1));
            }
        }

        return [.. runs];
    }

    /// <summary>What tiles see of a row of pixels, except for the terms.</summary>
    /// <param name="axis">The pixels.</param>
    /// <param name="column">The first of them.</param>
    /// <param name="width">Columns of the source.</param>
    /// <param name="channels">How many.</param>
    /// <param name="elementBytes">Bytes of a number.</param>
    public static DepthwiseContext Context(ConvolutionAxis axis, int column, int width, int channels, int elementBytes)
    {
        int first = column * axis.SourceStep;
        nint pixelBytes = (nint)channels * elementBytes;
        return new DepthwiseContext
        {
            FirstColumn = first + (axis.Taps.Length == 0 ? 0 : axis.Taps[0].Offset),
            LastColumn = first + (axis.Taps.Length == 0 ? 0 : axis.Taps[^1].Offset),
            Width = width,
            Channels = channels,
            ColumnStep = axis.SourceStep,
            RowStepA = axis.SourceStep * pixelBytes,
            RowStepC = axis.Step * pixelBytes,
        };
    }

    /// <summary>The terms of these elements in a row of the kernel.</summary>
    /// <param name="a">Where the first element's source stands, in bytes.</param>
    /// <param name="column">Its column in the source.</param>
    /// <param name="kernelStart">Index of the row's first element among all of the kernel.</param>
    /// <param name="pixelBytes">Bytes of all channels' numbers.</param>
    public DepthwiseSegment Terms(nint a, int column, nint kernelStart, nint pixelBytes) => new()
    {
        A = a,
        B = (kernelStart + Index) * pixelBytes,
        TapStepB = IndexStep * pixelBytes,
        Column = column,
        Taps = Taps,
    };

    private bool IsFollowedBy(ConvolutionTap tap, int step) =>
        Taps < DepthwiseContext.MostTaps && tap.Offset - (long)Offset == (long)Taps * step && (Taps == 1 || tap.Index - Index == Taps * IndexStep);
}
