using System.Collections.Immutable;

namespace Glissade.Learning.Checkpoints;

/// <summary>Type of the elements of a tensor in a file, by the names of the safetensors format.</summary>
public enum StoredType
{
    /// <summary>Double precision, 8 bytes: <see cref="double"/>.</summary>
    F64,

    /// <summary>Single precision, 4 bytes: <see cref="float"/>.</summary>
    F32,

    /// <summary>Half precision, 2 bytes: <see cref="Half"/>.</summary>
    F16,

    /// <summary>Brain float, 2 bytes: the upper half of a <see cref="float"/>.</summary>
    BF16,

    /// <summary>Whole number of 8 bytes: <see cref="long"/>.</summary>
    I64,

    /// <summary>Whole number of 4 bytes: <see cref="int"/>.</summary>
    I32,

    /// <summary>Whole number of 2 bytes: <see cref="short"/>.</summary>
    I16,

    /// <summary>Whole number of 1 byte: <see cref="sbyte"/>.</summary>
    I8,

    /// <summary>Whole number of 8 bytes, not negative: <see cref="ulong"/>.</summary>
    U64,

    /// <summary>Whole number of 4 bytes, not negative: <see cref="uint"/>.</summary>
    U32,

    /// <summary>Whole number of 2 bytes, not negative: <see cref="ushort"/>.</summary>
    U16,

    /// <summary>Whole number of 1 byte, not negative: <see cref="byte"/>.</summary>
    U8,

    /// <summary>Truth value of 1 byte, 0 or 1.</summary>
    BOOL,
}

/// <summary>Sizes and names of the stored types.</summary>
internal static class StoredTypes
{
    private static readonly ImmutableArray<(string Name, StoredType Type)> All =
        [.. Enum.GetValues<StoredType>().Select(type => (type.ToString(), type))];

    /// <summary>Bytes of an element.</summary>
    public static int Size(this StoredType type) => type switch
    {
        StoredType.F64 or StoredType.I64 or StoredType.U64 => 8,
        StoredType.F32 or StoredType.I32 or StoredType.U32 => 4,
        StoredType.F16 or StoredType.BF16 or StoredType.I16 or StoredType.U16 => 2,
        StoredType.I8 or StoredType.U8 or StoredType.BOOL => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"The type of elements must be one of {Names}."),
    };

    /// <summary>The names there are, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(pair => pair.Name));

    /// <summary>The type of that name in a file; names are in capitals and no other spelling counts.</summary>
    public static StoredType? Of(string name)
    {
        foreach ((string known, StoredType type) in All)
        {
            if (known == name)
            {
                return type;
            }
        }

        return null;
    }
}
