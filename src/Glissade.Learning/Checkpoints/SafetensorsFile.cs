using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Checkpoints;

/// <summary>A safetensors file: named tensors and a map of strings, in a format that many tools read.</summary>
/// <remarks>
/// Eight bytes with the length of the header, little-endian; the header, a JSON object of <c>dtype</c>, <c>shape</c> and <c>data_offsets</c> by name
/// with <c>__metadata__</c> for the strings, filled with blanks to a multiple of 8; then the data without gaps.
/// The format: Hugging Face (2022), Safetensors. Immutable; free to share between threads.
/// </remarks>
public sealed class SafetensorsFile
{
    private const string ExpectedFile = "a safetensors file";
    private const int LengthBytes = 8;

    private readonly FrozenDictionary<string, NamedTensor> _byName;

    private SafetensorsFile(string path, ImmutableArray<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        Tensors = tensors;
        Metadata = metadata;
        _byName = tensors.ToFrozenDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order of their data.</summary>
    public ImmutableArray<NamedTensor> Tensors { get; }

    /// <summary>The strings; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of that name.</summary>
    /// <param name="name">Its name; case counts.</param>
    /// <exception cref="InputException">There is none; the message names the nearest one.</exception>
    public NamedTensor this[string name] => _byName.TryGetValue(name, out NamedTensor? tensor)
        ? tensor
        : throw new InputException(new InputProblem(
            Path, $"no tensor {Quotation.Of(name)}",
            $"one of the {Tensors.Length} tensors of the file", NearestName.Find(name, Tensors.Select(other => other.Name))));

    /// <summary>Whether there is a tensor of that name.</summary>
    /// <param name="name">Its name; case counts.</param>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Writes a file whole or not at all. The same input gives the same bytes, in whatever order it comes.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensors">The tensors; in the file, those of larger elements come first and then names decide, so that every tensor is aligned.</param>
    /// <param name="metadata">Strings to keep with them; null for none.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or the metadata is too long.</exception>
    /// <exception cref="IOException">The file system refused; nothing is left behind and an older file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written.</exception>
    public static void Write(string path, IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        NamedTensor[] ordered =
            [.. tensors.OrderByDescending(tensor => tensor.Type.Size()).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        RequireDifferentNames(ordered);
        byte[] header = SafetensorsHeader.Encode(ordered, metadata ?? FrozenDictionary<string, string>.Empty);
        AtomicFile.Write(path, stream => WriteTo(stream, header, ordered));
    }

    /// <summary>Reads a file and checks all of it. Never allocates more than about the size of the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">
    /// The file is missing, unreadable, truncated or too long; the header is too long, is not JSON, or contradicts itself: a type that is unknown,
    /// a name that comes twice, offsets that overlap or leave gaps, a shape that does not fit them.
    /// </exception>
    public static SafetensorsFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return stream.CanSeek ? Read(path, stream) : throw new InputException(new InputProblem(path, "a pipe or device", $"{ExpectedFile} on a disk"));
        }
        catch (EndOfStreamException fault)
        {
            throw new InputException(new InputProblem(path, "a file that became shorter while it was read", ExpectedFile), fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw SourceFile.Unreadable(path, ExpectedFile, fault);
        }
    }

    /// <summary>Writes the bytes of a file.</summary>
    internal static void WriteTo(Stream stream, byte[] header, IEnumerable<NamedTensor> tensors)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (NamedTensor tensor in tensors)
        {
            stream.Write(tensor.Bytes);
        }
    }

    private static SafetensorsFile Read(string path, FileStream stream)
    {
        long fileLength = stream.Length;
        if (fileLength < LengthBytes)
        {
            throw new InputException(new InputProblem(path, $"{fileLength} bytes", $"{ExpectedFile}, which has at least {LengthBytes} for the length of its header"));
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        ulong most = (ulong)Math.Min(SafetensorsHeader.MostBytes, fileLength - LengthBytes);
        if (headerLength > most)
        {
            throw new InputException(new InputProblem(path, $"a header length of {headerLength}", $"at most {most} in {ExpectedFile} of {fileLength} bytes"));
        }

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        (List<SafetensorsEntry> entries, Dictionary<string, string> metadata) =
            SafetensorsHeader.Decode(path, header, fileLength - LengthBytes - header.Length);
        var tensors = ImmutableArray.CreateBuilder<NamedTensor>(entries.Count);
        foreach (SafetensorsEntry entry in entries)
        {
            var bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            tensors.Add(NamedTensor.Owning(entry.Name, entry.Type, entry.Shape, bytes));
        }

        return new SafetensorsFile(path, tensors.MoveToImmutable(), metadata);
    }

    private static void RequireDifferentNames(NamedTensor[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NamedTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"Two tensors are called '{tensor.Name}'; names must be different.", nameof(tensors));
            }
        }
    }
}
