using System.Text.Json;
using Glissade.Input;
using Glissade.Learning.Files;
using Glissade.Numerics;

namespace Glissade.Learning.Checkpoints;

/// <summary>Reads what a header says of one tensor and checks that it agrees with itself.</summary>
internal readonly struct SafetensorsEntryReader(string path, string name)
{
    public SafetensorsEntry Read(JsonElement element)
    {
        if (name.Length == 0)
        {
            throw new InputException(new InputProblem(path, "a tensor without a name", "a name for every tensor"));
        }

        Require(element, JsonValueKind.Object, "a description");
        JsonElement? dtype = null, shape = null, offsets = null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "dtype" when dtype is null:
                    dtype = property.Value;
                    break;
                case "shape" when shape is null:
                    shape = property.Value;
                    break;
                case "data_offsets" when offsets is null:
                    offsets = property.Value;
                    break;
                default:
                    throw Fault($"a field {Quotation.Of(property.Name)} that is unknown or there twice", "dtype, shape and data_offsets");
            }
        }

        StoredType type = ReadType(dtype ?? throw Fault("no dtype", "dtype, shape and data_offsets"));
        Shape lengths = ReadShape(shape ?? throw Fault("no shape", "dtype, shape and data_offsets"));
        (long begin, long end) = ReadOffsets(offsets ?? throw Fault("no data_offsets", "dtype, shape and data_offsets"));
        long needed = (long)lengths.Count * type.Size();
        if (end - begin != needed)
        {
            throw Fault($"{end - begin} bytes between its data_offsets", $"{needed}, which {type} {lengths} needs");
        }

        return needed <= Array.MaxLength
            ? new SafetensorsEntry(name, type, lengths, begin, end)
            : throw Fault($"{needed} bytes", $"at most {Array.MaxLength} bytes a tensor");
    }

    private StoredType ReadType(JsonElement element)
    {
        Require(element, JsonValueKind.String, "a dtype");
        string text = element.GetString()!;
        return StoredTypes.Of(text) ?? throw Fault($"dtype {Quotation.Of(text)}", $"one of {StoredTypes.Names}");
    }

    private Shape ReadShape(JsonElement element)
    {
        Require(element, JsonValueKind.Array, "a shape");
        if (element.GetArrayLength() > Shape.MostAxes)
        {
            throw Fault($"a shape of {element.GetArrayLength()} axes", $"at most {Shape.MostAxes}");
        }

        var lengths = new int[element.GetArrayLength()];
        long count = 1;
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            if (element[axis].ValueKind != JsonValueKind.Number || !element[axis].TryGetInt32(out lengths[axis]) || lengths[axis] < 0)
            {
                throw Fault($"an axis of length {Quotation.Of(element[axis].GetRawText())}", $"a whole number from 0 to {int.MaxValue}");
            }

            // An axis of length 0 does not excuse a product of the others that is beyond counting.
            count *= Math.Max(1, lengths[axis]);
            if (count > int.MaxValue)
            {
                throw Fault($"the shape {Quotation.Of(element.GetRawText())}", $"a shape of at most {int.MaxValue} elements");
            }
        }

        return new Shape(lengths);
    }

    private (long Begin, long End) ReadOffsets(JsonElement element)
    {
        Require(element, JsonValueKind.Array, "data_offsets");
        if (element.GetArrayLength() == 2
            && element[0].ValueKind == JsonValueKind.Number && element[0].TryGetInt64(out long begin)
            && element[1].ValueKind == JsonValueKind.Number && element[1].TryGetInt64(out long end)
            && begin >= 0 && end >= begin)
        {
            return (begin, end);
        }

        throw Fault($"data_offsets {Quotation.Of(element.GetRawText())}", "two whole numbers, begin and end, the end not before the begin");
    }

    private void Require(JsonElement element, JsonValueKind kind, string what)
    {
        if (element.ValueKind != kind)
        {
            throw Fault($"{what} of kind {element.ValueKind}", $"one of kind {kind}");
        }
    }

    private InputException Fault(string found, string expected) =>
        new(new InputProblem(path, $"tensor {Quotation.Of(name)} with {found}", expected));
}
