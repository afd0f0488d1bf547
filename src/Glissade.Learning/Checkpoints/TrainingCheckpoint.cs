using System.Collections.Immutable;
using System.Globalization;
using Glissade.Input;
using Glissade.Learning.Training;
using Glissade.Numerics;

namespace Glissade.Learning.Checkpoints;

/// <summary>The state of a run as a safetensors file: the weights under their layout names, so that other tools read them, and the run's state beside them.</summary>
/// <remarks>
/// State vectors are stored as <c>state/NAME</c>, standardizers as <c>standardizer/…</c>, counters and the place in the data as metadata. Doubles are written so
/// that they read back to the bit. Nothing in a file depends on time or machine: equal states give equal bytes.
/// </remarks>
public static class TrainingCheckpoint
{
    private const string FormatKey = "format", Format = "glissade-run-1";
    private const string StatePrefix = "state/", CounterPrefix = "counter/";

    /// <summary>Writes a session's state, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="session">The session.</param>
    /// <param name="fingerprint">Tells runs apart: a state is only restored into a run with the same one.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TrainingSession session, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(session);
        int length = session.Parameters.Length;
        List<NamedTensor> tensors = [.. ModelFile.Weights(session.Network.Layout, session.Parameters.Span), .. ModelFile.Standardizers(session.Data)];
        tensors.AddRange(session.Updater.State.Select(s => NamedTensor.Of(StatePrefix + s.Key, new Shape(length), (ReadOnlySpan<float>)s.Value.Span)));

        TrainingProgress progress = session.Progress;
        Dictionary<string, string> metadata = ModelFile.Metadata(session);
        metadata[FormatKey] = Format;
        metadata["fingerprint"] = fingerprint;
        metadata["epoch"] = Show(progress.Epoch);
        metadata["batch"] = Show(progress.Batch);
        metadata["loss-sum"] = Show(progress.LossSum);
        metadata["loss-count"] = Show(progress.LossCount);
        metadata["first-loss"] = progress.FirstLoss is { } first ? Show(first) : "";
        metadata["skipped-in-a-row"] = Show(progress.SkippedInARow);
        metadata["skipped"] = Show(progress.Skipped);
        metadata["best-loss"] = double.IsFinite(progress.BestLoss) ? Show(progress.BestLoss) : "";
        metadata["best-epoch"] = Show(progress.BestEpoch);
        foreach ((string name, double value) in session.Updater.Counters)
        {
            metadata[CounterPrefix + name] = Show(value);
        }

        SafetensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>Reads a state into a session.</summary>
    /// <param name="path">The file.</param>
    /// <param name="session">A session of the same network, chain, data and options.</param>
    /// <param name="fingerprint">As it was written.</param>
    /// <exception cref="InputException">The file is missing or damaged, or belongs to another run; the message says which.</exception>
    public static void Restore(string path, TrainingSession session, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(session);
        SafetensorsFile file = SafetensorsFile.Read(path);
        string Text(string key) => file.Metadata.TryGetValue(key, out string? value)
            ? value
            : throw new InputException(new InputProblem(path, $"a checkpoint without '{key}'", "the state of a training run"));
        if (Text(FormatKey) != Format)
        {
            throw new InputException(new InputProblem(path, $"a file of the format '{Text(FormatKey)}'", $"a checkpoint of the format '{Format}'"));
        }

        if (Text("fingerprint") != fingerprint)
        {
            throw new InputException(new InputProblem(path, "the state of another experiment", "the state of this one; a changed experiment starts a new run"));
        }

        double Number(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new InputException(new InputProblem(path, $"'{Text(key)}' as '{key}'", "a number"));
        var parameters = new FlatVector<float>(session.Parameters.Length);
        foreach (LayoutEntry entry in session.Network.Layout.Entries)
        {
            Floats(file, entry.Name, entry.Shape).CopyTo(parameters.Span[entry.Offset..]);
        }

        var flat = new Shape(parameters.Length);
        session.Restore(new TrainingState(
            parameters,
            [.. session.Updater.State.Select(s => KeyValuePair.Create(s.Key, new FlatVector<float>(Floats(file, StatePrefix + s.Key, flat))))],
            session.Updater.Counters.Keys.ToImmutableSortedDictionary(k => k, k => Number(CounterPrefix + k), StringComparer.Ordinal),
            new TrainingProgress
            {
                Epoch = (long)Number("epoch"),
                Batch = (int)Number("batch"),
                LossSum = Number("loss-sum"),
                LossCount = (long)Number("loss-count"),
                FirstLoss = Text("first-loss").Length == 0 ? null : Number("first-loss"),
                SkippedInARow = (int)Number("skipped-in-a-row"),
                Skipped = (long)Number("skipped"),
                BestLoss = Text("best-loss").Length == 0 ? double.PositiveInfinity : Number("best-loss"),
                BestEpoch = (int)Number("best-epoch"),
            }));
    }

    internal static ReadOnlySpan<float> Floats(SafetensorsFile file, string name, Shape shape)
    {
        if (!file.Contains(name))
        {
            throw new InputException(new InputProblem(file.Path, $"no tensor '{name}'", $"one of the shape {shape}"));
        }

        NamedTensor tensor = file[name];
        return tensor.Type == StoredType.F32 && tensor.Shape == shape
            ? tensor.Floats
            : throw new InputException(new InputProblem(file.Path, $"'{name}' as {tensor.Type}{tensor.Shape}", $"F32{shape}"));
    }

    private static string Show<TNumber>(TNumber value)
        where TNumber : IFormattable => value.ToString(value is double ? "R" : null, CultureInfo.InvariantCulture);
}
