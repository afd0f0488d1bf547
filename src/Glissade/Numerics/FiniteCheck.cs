using System.Numerics;

namespace Glissade.Numerics;

/// <summary>Looking for numbers that are infinite or not a number.</summary>
public static class FiniteCheck
{
    /// <summary>Index of the first element that is infinite or NaN; −1 if all are finite.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="values">The elements.</param>
    public static int IndexOfAnyExceptFinite<T>(this ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
