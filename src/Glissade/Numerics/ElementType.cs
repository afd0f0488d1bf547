namespace Glissade.Numerics;

/// <summary>The types of numbers that programs compute in.</summary>
internal static class ElementType
{
    /// <summary>Refuses any type but <see cref="float"/> and <see cref="double"/>.</summary>
    /// <exception cref="NotSupportedException">It is another.</exception>
    public static void Check<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"Programs compute in float or double, not in {typeof(T).Name}. To keep numbers in 16 bits, round them with RoundTo and compile for float.");
        }
    }
}
