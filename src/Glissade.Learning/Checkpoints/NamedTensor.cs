using System.Runtime.InteropServices;
using Glissade.Numerics;

namespace Glissade.Learning.Checkpoints;

/// <summary>A tensor as it stands in a file: name, element type, shape and raw bytes in row-major order, little-endian.</summary>
/// <remarks>Owns a copy of its bytes. Immutable; free to share between threads.</remarks>
public sealed class NamedTensor
{
    private readonly byte[] _bytes;

    /// <summary>A tensor of raw bytes.</summary>
    /// <param name="name">Its name; not empty and not <c>__metadata__</c>, which the format keeps for itself.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="bytes">Its elements in row-major order, little-endian; copied.</param>
    /// <exception cref="ArgumentException">The name is not allowed, or the bytes are not as many as type and shape need.</exception>
    public NamedTensor(string name, StoredType type, Shape shape, ReadOnlySpan<byte> bytes)
        : this(name, type, shape, bytes.ToArray())
    {
    }

    private NamedTensor(string name, StoredType type, Shape shape, byte[] bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == SafetensorsHeader.MetadataName)
        {
            throw new ArgumentException($"A tensor cannot be called '{SafetensorsHeader.MetadataName}': the format keeps that name for itself.", nameof(name));
        }

        long needed = (long)shape.Count * type.Size();
        if (bytes.Length != needed)
        {
            throw new ArgumentException($"The tensor '{name}' of {type} {shape} has {needed} bytes, but {bytes.Length} were given.", nameof(bytes));
        }

        Name = name;
        Type = type;
        Shape = shape;
        _bytes = bytes;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Type of its elements.</summary>
    public StoredType Type { get; }

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>Its elements in row-major order, little-endian.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Its elements, if they are <see cref="StoredType.F32"/>.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public ReadOnlySpan<float> Floats => Elements<float>(StoredType.F32);

    /// <summary>Its elements, if they are <see cref="StoredType.F64"/>.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public ReadOnlySpan<double> Doubles => Elements<double>(StoredType.F64);

    /// <summary>Its elements, if they are <see cref="StoredType.I64"/>.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public ReadOnlySpan<long> Longs => Elements<long>(StoredType.I64);

    /// <summary>A tensor of single precision.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="elements">Its elements in row-major order, copied.</param>
    /// <exception cref="ArgumentException">The name is not allowed, or the elements are not as many as the shape needs.</exception>
    public static NamedTensor Of(string name, Shape shape, ReadOnlySpan<float> elements) => Of(name, StoredType.F32, shape, elements);

    /// <summary>A tensor of double precision.</summary>
    /// <inheritdoc cref="Of(string, Shape, ReadOnlySpan{float})"/>
    public static NamedTensor Of(string name, Shape shape, ReadOnlySpan<double> elements) => Of(name, StoredType.F64, shape, elements);

    /// <summary>A tensor of whole numbers, such as step counts.</summary>
    /// <inheritdoc cref="Of(string, Shape, ReadOnlySpan{float})"/>
    public static NamedTensor Of(string name, Shape shape, ReadOnlySpan<long> elements) => Of(name, StoredType.I64, shape, elements);

    /// <summary>A tensor around bytes that nobody else will change.</summary>
    internal static NamedTensor Owning(string name, StoredType type, Shape shape, byte[] bytes) => new(name, type, shape, bytes);

    private static NamedTensor Of<T>(string name, StoredType type, Shape shape, ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        RequireLittleEndian();
        return new NamedTensor(name, type, shape, MemoryMarshal.AsBytes(elements));
    }

    private ReadOnlySpan<T> Elements<T>(StoredType type)
        where T : unmanaged
    {
        RequireLittleEndian();
        return Type == type
            ? MemoryMarshal.Cast<byte, T>(_bytes)
            : throw new InvalidOperationException($"The tensor '{Name}' has elements of {Type}, not {type}.");
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Tensors in files are little-endian, and this machine is not; use the raw bytes.");
        }
    }
}
