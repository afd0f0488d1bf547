using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>The greatest element of each window along one axis, channel by channel; ties share the gradient equally.</summary>
    /// <remarks>Padding never is the greatest; a window of padding alone, as dilation can bring about, gives −∞.</remarks>
    /// <param name="x">[..., length, channels].</param>
    /// <param name="length">Length of a window, one or more.</param>
    /// <param name="stride">From one window to the next, one or more; null means the length of a window.</param>
    /// <param name="padding">How far windows may reach beyond the ends, at most by one element less than their reach; null means <see cref="WindowPadding.Valid"/>.</param>
    /// <param name="dilation">From one element of a window to the next, one or more.</param>
    /// <returns>[..., windows, channels].</returns>
    /// <exception cref="ArgumentException">A number is out of range, or a window is longer than the padded axis.</exception>
    public static Tensor MaxPool1D(Tensor x, int length, int? stride = null, WindowPadding? padding = null, int dilation = 1) =>
        Pool("max-pool-1d", true, x, [length], stride is { } s ? [s] : [], padding, [dilation]);

    /// <summary>The greatest element of each window along two axes, channel by channel; ties share the gradient equally.</summary>
    /// <remarks>Padding never is the greatest; a window of padding alone, as dilation can bring about, gives −∞.</remarks>
    /// <param name="x">[..., height, width, channels].</param>
    /// <param name="lengths">Height and width of a window, or one number for both, each one or more.</param>
    /// <param name="strides">From one window to the next: of height and width, or one for both; none means the lengths of a window.</param>
    /// <param name="padding">How far windows may reach beyond the ends, at most by one element less than their reach; null means <see cref="WindowPadding.Valid"/>.</param>
    /// <param name="dilations">From one element of a window to the next: of height and width, or one for both; none means 1.</param>
    /// <returns>[..., rows of windows, columns of windows, channels].</returns>
    /// <exception cref="ArgumentException">A number is out of range, or a window is longer than a padded axis.</exception>
    public static Tensor MaxPool2D(Tensor x, ReadOnlySpan<int> lengths, ReadOnlySpan<int> strides = default, WindowPadding? padding = null, ReadOnlySpan<int> dilations = default) =>
        Pool("max-pool-2d", true, x, Both(lengths), strides, padding, dilations);

    /// <summary>The mean of each window along one axis, channel by channel; padding is not counted, so that the mean of a constant is that constant at the ends, too, but for rounding.</summary>
    /// <param name="x">[..., length, channels].</param>
    /// <param name="length">Length of a window, one or more.</param>
    /// <param name="stride">From one window to the next, one or more; null means the length of a window.</param>
    /// <param name="padding">How far windows may reach beyond the ends, at most by one element less than their length; null means <see cref="WindowPadding.Valid"/>.</param>
    /// <returns>[..., windows, channels].</returns>
    /// <exception cref="ArgumentException">A number is out of range, or a window is longer than the padded axis.</exception>
    public static Tensor AveragePool1D(Tensor x, int length, int? stride = null, WindowPadding? padding = null) =>
        Pool("average-pool-1d", false, x, [length], stride is { } s ? [s] : [], padding, []);

    /// <summary>The mean of each window along two axes, channel by channel; padding is not counted, so that the mean of a constant is that constant at the ends, too, but for rounding.</summary>
    /// <param name="x">[..., height, width, channels].</param>
    /// <param name="lengths">Height and width of a window, or one number for both, each one or more.</param>
    /// <param name="strides">From one window to the next: of height and width, or one for both; none means the lengths of a window.</param>
    /// <param name="padding">How far windows may reach beyond the ends, at most by one element less than their length; null means <see cref="WindowPadding.Valid"/>.</param>
    /// <returns>[..., rows of windows, columns of windows, channels].</returns>
    /// <exception cref="ArgumentException">A number is out of range, or a window is longer than a padded axis.</exception>
    public static Tensor AveragePool2D(Tensor x, ReadOnlySpan<int> lengths, ReadOnlySpan<int> strides = default, WindowPadding? padding = null) =>
        Pool("average-pool-2d", false, x, Both(lengths), strides, padding, []);

    private static ReadOnlySpan<int> Both(ReadOnlySpan<int> lengths) => lengths.Length == 1 ? new[] { lengths[0], lengths[0] } : lengths;

    private static Tensor Pool(
        string operation, bool greatest, Tensor x, ReadOnlySpan<int> lengths, ReadOnlySpan<int> strides, WindowPadding? padding, ReadOnlySpan<int> dilations)
    {
        ArgumentNullException.ThrowIfNull(x);
        int axes = operation.EndsWith("1d", StringComparison.Ordinal) ? 1 : 2;
        if (x.Shape.Rank < axes + 1 || lengths.Length != axes || lengths.ContainsAnyInRange(int.MinValue, 0) || (long)lengths[0] * lengths[^1] > int.MaxValue)
        {
            throw new ArgumentException(
                $"The windows [{string.Join(", ", lengths.ToArray())}] do not fit '{operation}' of {x.Shape}: it must end with {axes} spatial axes and the channels, and windows have a length of 1 or more along each and less than 2³¹ elements.");
        }

        WindowGeometry geometry = Geometry(operation, x.Shape, x.Shape, new Shape(lengths), axes, strides.IsEmpty ? lengths : strides, padding ?? WindowPadding.Valid, dilations);
        for (int axis = 0; axis < axes; axis++)
        {
            if (Math.Max(geometry.Before[axis], geometry.After[axis]) >= geometry.Span(axis))
            {
                throw new ArgumentException($"The padding of '{operation}' of {x.Shape}, {geometry.Before[axis]} and {geometry.After[axis]} along spatial axis {axis}, must be less than the {geometry.Span(axis)} elements over which a window reaches.");
            }
        }

        return IsView(geometry) ? x : Node(greatest ? new MaximumPooling(geometry) : new AveragePooling(geometry), x);
    }
}
