using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Glissade.Input;
using Glissade.Learning.Checkpoints;
using Glissade.Learning.Training;
using Glissade.Numerics;

namespace Glissade.Learning.WarmStarts;

/// <summary>Saved weights, with or without the state of the run they come from, as something another run may begin with.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed class WarmStartSource
{
    private WarmStartSource(
        string name, ImmutableArray<Piece> parameters, ImmutableArray<Piece> layerStates, ImmutableArray<Piece> vectors, Layout? layout, IReadOnlyDictionary<string, double> numbers) =>
        (Name, Parameters, LayerStates, Vectors, Layout, Numbers) = (name, parameters, layerStates, vectors, layout, numbers);

    /// <summary>Where it comes from: the path of a file.</summary>
    public string Name { get; }

    /// <summary>The parameters; where there is no <see cref="Layout"/>, the states of layers are among them.</summary>
    internal ImmutableArray<Piece> Parameters { get; }

    /// <summary>The states of layers, as far as it was saved which those are.</summary>
    internal ImmutableArray<Piece> LayerStates { get; }

    internal ImmutableArray<Piece> Vectors { get; }

    /// <summary>What stands where in vectors with a number for each element of θ; null where that was not saved.</summary>
    internal Layout? Layout { get; }

    internal IReadOnlyDictionary<string, double> Numbers { get; }

    /// <summary>Reads the weights of a file, and if it is a checkpoint of a run, the state beside them. Any safetensors file of single precision will do.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file is missing or damaged, or a number in it is not finite.</exception>
    public static WarmStartSource Read(string path) => Of(SafetensorsFile.Read(path));

    /// <summary>The state of a session.</summary>
    /// <param name="state">As <see cref="TrainingSession.Save"/> gave it.</param>
    /// <exception cref="ArgumentException">The state does not say what stands where in its parameters.</exception>
    public static WarmStartSource Of(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Layout layout = state.Layout ?? throw new ArgumentException("The state has no layout, so its parameters have no names.", nameof(state));
        return new WarmStartSource(
            "a state",
            Pieces(layout, state.Parameters),
            state.StateLayout is { } states ? Pieces(states, state.LayerStates) : [],
            [.. state.Vectors.Select(v => new Piece(v.Key, new Shape(v.Value.Length), v.Value.Span.ToArray()))],
            layout,
            state.Counters);
    }

    internal static WarmStartSource Of(SafetensorsFile file)
    {
        List<Piece> named = [], vectors = [];
        foreach (NamedTensor tensor in file.Tensors.Where(t => t.Type == StoredType.F32 && !t.Name.StartsWith(ModelFile.StandardizerPrefix, StringComparison.Ordinal)))
        {
            float[] values = TrainingCheckpoint.Floats(file, tensor.Name, tensor.Shape).ToArray();
            if (tensor.Name.StartsWith(TrainingCheckpoint.StatePrefix, StringComparison.Ordinal))
            {
                vectors.Add(new Piece(tensor.Name[TrainingCheckpoint.StatePrefix.Length..], tensor.Shape, values));
            }
            else
            {
                named.Add(new Piece(tensor.Name, tensor.Shape, values));
            }
        }

        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach ((string key, string value) in file.Metadata.Where(m => m.Key.StartsWith(TrainingCheckpoint.CounterPrefix, StringComparison.Ordinal)))
        {
            if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            {
                numbers[key[TrainingCheckpoint.CounterPrefix.Length..]] = number;
            }
        }

        Layout? layout = Order(file, named);
        return new WarmStartSource(
            file.Path,
            [.. layout is null ? named : layout.Entries.Select(e => named.Find(p => p.Name == e.Name)!)],
            [.. layout is null ? [] : named.Where(p => !layout.Entries.Any(e => e.Name == p.Name))],
            [.. vectors],
            layout,
            numbers);
    }

    private static ImmutableArray<Piece> Pieces(Layout layout, FlatVector<float> vector) =>
        [.. layout.Entries.Select(e => new Piece(e.Name, e.Shape, vector.Span.Slice(e.Offset, e.Length).ToArray()))];

    /// <summary>The layout, from the order of names that a checkpoint keeps beside its tensors, which stand in an order of their own.</summary>
    private static Layout? Order(SafetensorsFile file, List<Piece> named)
    {
        if (!file.Metadata.TryGetValue(TrainingCheckpoint.OrderKey, out string? text))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            string[] names = [.. document.RootElement.EnumerateArray().Select(n => n.GetString() ?? "")];
            return names.Distinct(StringComparer.Ordinal).Count() == names.Length && names.All(n => named.Exists(p => p.Name == n))
                ? new Layout(names.Select(n => (n, named.Find(p => p.Name == n)!.Shape)))
                : throw new JsonException("other names");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new InputException(new InputProblem(file.Path, $"'{text}' as '{TrainingCheckpoint.OrderKey}'", "a list of the names of the parameters in the file"), fault);
        }
    }

    /// <summary>A named tensor.</summary>
    internal sealed record Piece(string Name, Shape Shape, float[] Values);
}
