using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Small operations on contiguous elements.</summary>
internal static unsafe class Runs
{
    /// <summary>Copies elements; short runs without the cost of a call.</summary>
    public static void Copy<T>(T* source, T* destination, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int Short = 8;
        if (length > Short)
        {
            new ReadOnlySpan<T>(source, length).CopyTo(new Span<T>(destination, length));
            return;
        }

        for (int i = 0; i < length; i++)
        {
            destination[i] = source[i];
        }
    }

    /// <summary>Adds elements to others, one to one; the two may not overlap.</summary>
    public static void Add<T>(T* source, T* destination, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        if (VectorWidth.Has256)
        {
            for (; i <= length - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                Vector256.Store(Vector256.Load(destination + i) + Vector256.Load(source + i), destination + i);
            }
        }

        for (; i <= length - Vector128<T>.Count; i += Vector128<T>.Count)
        {
            Vector128.Store(Vector128.Load(destination + i) + Vector128.Load(source + i), destination + i);
        }

        for (; i < length; i++)
        {
            destination[i] += source[i];
        }
    }

    /// <summary>Adds a multiple of elements to others, one to one; the two may not overlap.</summary>
    public static void AddMultiple<T>(T factor, T* source, T* destination, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0;
        if (VectorWidth.Has256)
        {
            Vector256<T> factors = Vector256.Create(factor);
            for (; i <= length - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                Vector256.Store(Vector256.Load(destination + i) + (factors * Vector256.Load(source + i)), destination + i);
            }
        }

        Vector128<T> few = Vector128.Create(factor);
        for (; i <= length - Vector128<T>.Count; i += Vector128<T>.Count)
        {
            Vector128.Store(Vector128.Load(destination + i) + (few * Vector128.Load(source + i)), destination + i);
        }

        for (; i < length; i++)
        {
            destination[i] += factor * source[i];
        }
    }

    /// <summary>Divides elements by a number.</summary>
    public static void Divide<T>(T* elements, T divisor, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < length; i++)
        {
            elements[i] /= divisor;
        }
    }
}
