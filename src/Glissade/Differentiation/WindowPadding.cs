namespace Glissade.Differentiation;

/// <summary>How far sliding windows of a convolution or of pooling may reach beyond the ends of the spatial axes.</summary>
/// <remarks>Immutable.</remarks>
public sealed class WindowPadding
{
    private readonly (int Before, int After)[]? _explicit;

    private WindowPadding((int Before, int After)[]? numbers) => _explicit = numbers;

    /// <summary>Not at all: windows lie within the axis.</summary>
    public static WindowPadding Valid { get; } = new([(0, 0)]);

    /// <summary>
    /// As far as needed for ⌈length/stride⌉ windows, which with a stride of 1 keeps the length. The number of padded elements is halved between both ends;
    /// if it is odd, the end after the axis has one more. An axis without elements has no windows.
    /// </summary>
    public static WindowPadding Same { get; } = new(null);

    /// <summary>The same number of elements before and after every axis.</summary>
    /// <param name="elements">Zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static WindowPadding Of(int elements) => Of((elements, elements));

    /// <summary>A number of elements before and after each spatial axis.</summary>
    /// <param name="axes">For every spatial axis, height first, or once for all; each number zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static WindowPadding Of(params ReadOnlySpan<(int Before, int After)> axes)
    {
        foreach ((int before, int after) in axes)
        {
            if (before < 0 || after < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(axes), (before, after), $"Padding must be 0 or more elements on both sides, not {before} and {after}.");
            }
        }

        return new WindowPadding(axes.ToArray());
    }

    /// <summary>How many axes it is given for; null if for any number.</summary>
    internal int? Axes => _explicit is null or { Length: 1 } ? null : _explicit.Length;

    /// <summary>Whether it depends on the length of the axis.</summary>
    internal bool IsSame => _explicit is null;

    /// <summary>Elements of padding of one axis.</summary>
    /// <param name="axis">Which spatial axis.</param>
    /// <param name="length">Its length.</param>
    /// <param name="span">How far a window reaches.</param>
    /// <param name="stride">From one window to the next.</param>
    internal (int Before, int After) For(int axis, int length, int span, int stride)
    {
        if (_explicit is not null)
        {
            return _explicit[_explicit.Length == 1 ? 0 : axis];
        }

        if (length == 0)
        {
            return (0, 0);
        }

        long windows = ((long)length + stride - 1) / stride;
        int total = (int)Math.Max(0, ((windows - 1) * stride) + span - length);
        return (total / 2, total - (total / 2));
    }
}
