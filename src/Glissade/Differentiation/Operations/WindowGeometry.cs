using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>Where sliding windows lie along the spatial axes, which are those before the last axis, the channels; a number for each of them.</summary>
/// <param name="Kernel">Length of a window, in elements.</param>
/// <param name="Strides">From one window to the next.</param>
/// <param name="Dilations">From one element of a window to the next.</param>
/// <param name="Before">Elements of padding before the axis.</param>
/// <param name="After">Elements of padding after it.</param>
internal sealed record WindowGeometry(IntegerSequence Kernel, IntegerSequence Strides, IntegerSequence Dilations, IntegerSequence Before, IntegerSequence After)
{
    public int Axes => Kernel.Length;

    /// <summary>How many elements a window reaches over.</summary>
    public int Span(int axis) => checked(((Kernel[axis] - 1) * Dilations[axis]) + 1);

    /// <summary>How many windows an axis has; none where a window is longer than the padded axis.</summary>
    public int Count(int axis, int length)
    {
        long room = (long)length + Before[axis] + After[axis] - Span(axis);
        return room < 0 ? 0 : checked((int)(room / Strides[axis]) + 1);
    }

    /// <summary>Lengths of the spatial axes of a tensor [..., spatial..., channels].</summary>
    public IntegerSequence LengthsOf(Shape shape) => new(shape.Lengths[^(Axes + 1)..^1]);

    /// <summary>The axes of a tensor [..., spatial..., channels] without the last, with the numbers of windows for the spatial ones.</summary>
    public int[] CountsOf(Shape shape)
    {
        int[] lengths = shape.Lengths[..^1].ToArray();
        for (int axis = 0; axis < Axes; axis++)
        {
            lengths[^(Axes - axis)] = Count(axis, lengths[^(Axes - axis)]);
        }

        return lengths;
    }

    /// <summary>A number for each window and channel of a tensor [..., spatial..., channels].</summary>
    public Shape ResultOf(Shape shape) => new([.. CountsOf(shape), shape[-1]]);
}
