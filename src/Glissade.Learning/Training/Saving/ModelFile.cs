using System.Text.Json;
using Glissade.Learning.Data;
using Glissade.Learning.Checkpoints;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>A trained network as a safetensors file: weights and states of layers under their layout names, how inputs were standardized, and what the outputs mean.</summary>
public static class ModelFile
{
    internal const string StandardizerPrefix = "standardizer/";

    /// <summary>Writes weights, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="session">The session they come from.</param>
    /// <param name="weights">A vector of the length of θ.</param>
    /// <param name="states">The states of layers that belong to them, such as running means; left out where the network's layers keep none.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TrainingSession session, ReadOnlySpan<float> weights, ReadOnlySpan<float> states = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.RequireStates(states);
        Dictionary<string, string> metadata = Metadata(session);
        metadata["format"] = "glissade-model-1";
        SafetensorsFile.Write(path, [.. Weights(session.Network.Layout, weights), .. Weights(session.Network.StateLayout, states), .. Standardizers(session.Data)], metadata);
    }

    /// <summary>Reads the weights of a file, or the states of layers in it, into one flat vector.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">Names and shapes that must be in it: <see cref="Networks.BuiltNetwork.Layout"/> or <see cref="Networks.BuiltNetwork.StateLayout"/>.</param>
    /// <exception cref="Input.InputException">The file is missing or damaged, or a tensor is missing or of another shape.</exception>
    public static FlatVector<float> ReadWeights(string path, Layout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        SafetensorsFile file = SafetensorsFile.Read(path);
        var weights = new FlatVector<float>(layout.Length);
        foreach (LayoutEntry entry in layout.Entries)
        {
            TrainingCheckpoint.Floats(file, entry.Name, entry.Shape).CopyTo(weights.Span[entry.Offset..]);
        }

        return weights;
    }

    internal static List<NamedTensor> Weights(Layout layout, ReadOnlySpan<float> weights)
    {
        var tensors = new List<NamedTensor>();
        foreach (LayoutEntry entry in layout.Entries)
        {
            tensors.Add(NamedTensor.Of(entry.Name, entry.Shape, weights.Slice(entry.Offset, entry.Length)));
        }

        return tensors;
    }

    internal static IEnumerable<NamedTensor> Standardizers(TrainingData data)
    {
        foreach ((string name, Standardizer? standardizer) in new[] { ("features", data.Features), ("target", data.Target) })
        {
            if (standardizer is not null)
            {
                yield return NamedTensor.Of($"{StandardizerPrefix}{name}.mean", new Shape(standardizer.Width), standardizer.Means.AsSpan());
                yield return NamedTensor.Of($"{StandardizerPrefix}{name}.scale", new Shape(standardizer.Width), standardizer.Scales.AsSpan());
            }
        }
    }

    internal static Dictionary<string, string> Metadata(TrainingSession session) => new(StringComparer.Ordinal)
    {
        ["network"] = List(session.Network.Layers.Select(l => l.Layer.ToString())),
        ["features"] = List(session.Data.Training.FeatureNames),
        ["target"] = session.Data.Training.TargetName,
        ["classes"] = session.Data.Training.Kind == TargetKind.Classification ? List(session.Data.Training.ClassNames) : "",
    };

    internal static string List(IEnumerable<string> items)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (string item in items)
            {
                writer.WriteStringValue(item);
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
