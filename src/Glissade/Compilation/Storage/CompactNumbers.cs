using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Compilation.Storage;

/// <summary>Floats that are numbers of a format of 16 bits, written in 16 bits and read back: exact both ways.</summary>
internal static unsafe class CompactNumbers
{
    private const int Lanes = 8;

    /// <summary>2¹¹²: what the exponents of half and float are apart.</summary>
    private static readonly float HalfScale = MathF.ScaleB(1, 112);

    /// <summary>Reads numbers of 16 bits.</summary>
    public static void Expand(ushort* source, float* destination, int count, StorageFormat format)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Expand(Vector128.Load(source + i), format).Store(destination + i);
        }

        if (i < count)
        {
            ushort* last = stackalloc ushort[Lanes];
            float* expanded = stackalloc float[Lanes];
            new ReadOnlySpan<ushort>(source + i, count - i).CopyTo(new Span<ushort>(last, Lanes));
            Expand(Vector128.Load(last), format).Store(expanded);
            new ReadOnlySpan<float>(expanded, count - i).CopyTo(new Span<float>(destination + i, count - i));
        }
    }

    /// <summary>Writes floats that are numbers of the format in 16 bits.</summary>
    public static void Compress(float* source, ushort* destination, int count, StorageFormat format)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Compress(Vector256.Load(source + i), format).Store(destination + i);
        }

        if (i < count)
        {
            float* last = stackalloc float[Lanes];
            ushort* compressed = stackalloc ushort[Lanes];
            new ReadOnlySpan<float>(source + i, count - i).CopyTo(new Span<float>(last, Lanes));
            Compress(Vector256.Load(last), format).Store(compressed);
            new ReadOnlySpan<ushort>(compressed, count - i).CopyTo(new Span<ushort>(destination + i, count - i));
        }
    }

    /// <summary>Rounds floats to numbers of the format.</summary>
    public static void Round(float* source, float* destination, int count, StorageFormat format)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Round(Vector256.Load(source + i), format).Store(destination + i);
        }

        if (i < count)
        {
            float* last = stackalloc float[Lanes];
            new ReadOnlySpan<float>(source + i, count - i).CopyTo(new Span<float>(last, Lanes));
            Round(Vector256.Load(last), format).Store(last);
            new ReadOnlySpan<float>(last, count - i).CopyTo(new Span<float>(destination + i, count - i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Round(Vector256<float> x, StorageFormat format) => format == StorageFormat.BFloat16
        ? Differentiation.Operations.RoundToBFloat16.Operator.Invoke<Vector256<float>, float, Simd256<float>>(x)
        : Differentiation.Operations.RoundToHalf.Operator.Invoke<Vector256<float>, float, Simd256<float>>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Expand(Vector128<ushort> stored, StorageFormat format)
    {
        Vector256<uint> bits = Vector256.WidenLower(stored.ToVector256Unsafe());
        if (format == StorageFormat.BFloat16)
        {
            return (bits << 16).AsSingle();
        }

        // Fraction and exponent at their places in a float, then the exponent's own zero; ±∞ and NaN have an exponent of all ones in both.
        Vector256<uint> sign = (bits & Vector256.Create(0x8000u)) << 16, rest = (bits & Vector256.Create(0x7fffu)) << 13;
        Vector256<uint> finite = (rest.AsSingle() * HalfScale).AsUInt32();
        Vector256<uint> isSpecial = Vector256.GreaterThanOrEqual(rest, Vector256.Create(0x0f800000u));
        return (sign | Vector256.ConditionalSelect(isSpecial, rest | Vector256.Create(0x7f800000u), finite)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Compress(Vector256<float> x, StorageFormat format)
    {
        Vector256<uint> bits = x.AsUInt32(), compact;
        if (format == StorageFormat.BFloat16)
        {
            compact = bits >> 16;
        }
        else
        {
            Vector256<uint> magnitude = bits & Vector256.Create(0x7fffffffu);
            Vector256<uint> finite = (magnitude.AsSingle() / HalfScale).AsUInt32() >> 13;
            Vector256<uint> special = ((magnitude & Vector256.Create(0x7fffffu)) >> 13) | Vector256.Create(0x7c00u);
            Vector256<uint> isSpecial = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7f800000u));
            compact = ((bits >> 16) & Vector256.Create(0x8000u)) | Vector256.ConditionalSelect(isSpecial, special, finite);
        }

        return Vector128.Narrow(compact.GetLower(), compact.GetUpper());
    }
}
