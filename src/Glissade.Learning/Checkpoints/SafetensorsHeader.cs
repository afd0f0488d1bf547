using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Glissade.Input;
using Glissade.Learning.Files;
using Glissade.Numerics;

namespace Glissade.Learning.Checkpoints;

/// <summary>One tensor of a header: what it is and which bytes of the data are its own.</summary>
internal readonly record struct SafetensorsEntry(string Name, StoredType Type, Shape Shape, long Begin, long End);

/// <summary>The JSON header of a safetensors file: written in one way only, and trusted in nothing when read.</summary>
internal static class SafetensorsHeader
{
    public const string MetadataName = "__metadata__";

    /// <summary>Alignment of the data, to which blanks after the JSON fill the header.</summary>
    public const int Alignment = 8;

    /// <summary>Longest header allowed, as by the format's reference implementation.</summary>
    public const int MostBytes = 100_000_000;

    /// <summary>The header, blanks included, of tensors whose data stands in the given order without gaps.</summary>
    public static byte[] Encode(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataName);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (NamedTensor tensor in tensors)
            {
                Write(json, tensor, offset);
                offset += tensor.Bytes.Length;
            }

            json.WriteEndObject();
        }

        int padding = (Alignment - (buffer.WrittenCount % Alignment)) % Alignment;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenCount <= MostBytes
            ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"The header would have {buffer.WrittenCount} bytes; the format allows {MostBytes}. Shorten the metadata.", nameof(metadata));
    }

    /// <summary>The tensors of a header in the order of their data, and the metadata.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="header">The header, blanks included.</param>
    /// <param name="dataLength">Number of bytes after the header.</param>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Decode(string path, ReadOnlyMemory<byte> header, long dataLength)
    {
        if (header.IsEmpty || header.Span[0] != '{')
        {
            throw new InputException(new InputProblem(path, "a header that does not begin with '{'", "a JSON object"));
        }

        if (!Utf8.IsValid(header.Span))
        {
            throw new InputException(new InputProblem(path, "a header that is not UTF-8", "a JSON object in UTF-8"));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            return Decode(path, document.RootElement, dataLength);
        }
        catch (JsonException fault)
        {
            throw new InputException(new InputProblem(path, $"a header that is not JSON ({fault.Message.TrimEnd('.')})", "a JSON object"), fault);
        }
        catch (InvalidOperationException fault)
        {
            // Text with half a surrogate pair parses but cannot be read.
            throw new InputException(new InputProblem(path, "a header with text that is not Unicode", "a JSON object of valid text"), fault);
        }
    }

    private static void Write(Utf8JsonWriter json, NamedTensor tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (int length in tensor.Shape.Lengths)
        {
            json.WriteNumberValue(length);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Decode(string path, JsonElement root, long dataLength)
    {
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw new InputException(new InputProblem(path, $"the name {Quotation.Of(property.Name)} twice", "different names"));
            }

            if (property.NameEquals(MetadataName))
            {
                ReadMetadata(path, property.Value, metadata);
            }
            else
            {
                entries.Add(new SafetensorsEntryReader(path, property.Name).Read(property.Value));
            }
        }

        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        RequireNoGaps(path, entries, dataLength);
        return (entries, metadata);
    }

    private static void ReadMetadata(string path, JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InputException(new InputProblem(path, $"{MetadataName} of kind {element.ValueKind}", "an object of strings"));
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw new InputException(new InputProblem(path, $"{MetadataName} {Quotation.Of(property.Name)} of kind {property.Value.ValueKind}", "a string"));
            }

            if (!metadata.TryAdd(property.Name, property.Value.GetString()!))
            {
                throw new InputException(new InputProblem(path, $"{MetadataName} {Quotation.Of(property.Name)} twice", "different names"));
            }
        }
    }

    private static void RequireNoGaps(string path, List<SafetensorsEntry> entries, long dataLength)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != end)
            {
                throw new InputException(new InputProblem(
                    path, $"tensor {Quotation.Of(entry.Name)} at byte {entry.Begin} of the data",
                    $"it at byte {end}, where the one before it ends ({(entry.Begin < end ? "they overlap" : "there is a gap")})"));
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw new InputException(new InputProblem(
                path, $"{dataLength} bytes of data", $"{end}, as the header says (the file is {(dataLength < end ? "truncated" : "too long")})"));
        }
    }
}
