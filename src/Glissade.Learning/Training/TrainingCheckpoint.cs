using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Glissade.Input;
using Glissade.Learning.Checkpoints;
using Glissade.Learning.WarmStarts;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Learning.Training;

/// <summary>The state of a run as a safetensors file: weights and states of layers under their layout names, so that other tools read them, and the run's state beside them.</summary>
/// <remarks>
/// State vectors are stored as <c>state/NAME</c>, standardizers as <c>standardizer/…</c>, counters and the place in the data as metadata. Doubles are written so
/// that they read back to the bit. Nothing in a file depends on time or machine: equal states give equal bytes.
/// </remarks>
public static class TrainingCheckpoint
{
    private const string FormatKey = "format", Format = "glissade-run-1";
    private const string DigestKey = "digest";
    internal const string StatePrefix = "state/", CounterPrefix = "counter/", OrderKey = "parameters";

    /// <summary>Writes a state, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="session">The session whose state it is.</param>
    /// <param name="state">The state.</param>
    /// <param name="fingerprint">Tells runs apart: a state is only read into a run with the same one.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TrainingSession session, TrainingState state, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(state);
        List<NamedTensor> tensors = [.. ModelFile.Weights(session.Network.Layout, state.Parameters.Span), .. ModelFile.Weights(session.Network.StateLayout, state.LayerStates.Span), .. ModelFile.Standardizers(session.Data)];
        tensors.AddRange(state.Vectors.Select(v => NamedTensor.Of(StatePrefix + v.Key, new Shape(v.Value.Length), (ReadOnlySpan<float>)v.Value.Span)));

        TrainingProgress progress = state.Progress;
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
        metadata["restorations"] = Show(progress.Restorations);
        metadata["restoration-factor"] = Show(progress.RestorationFactor);
        metadata["undone-steps"] = Show(progress.UndoneSteps);
        metadata["warm-started"] = progress.IsWarmStarted ? "true" : "false";
        metadata[OrderKey] = ModelFile.List(session.Network.Layout.Entries.Select(e => e.Name));
        metadata["sound-epoch"] = Show(progress.SoundEpoch);
        if (progress.Plateau is { } plateau)
        {
            metadata["plateau-multiplier"] = Show(plateau.Multiplier);
            metadata["plateau-best"] = double.IsFinite(plateau.Best) ? Show(plateau.Best) : "";
            metadata["plateau-not-better"] = Show(plateau.NotBetter);
            metadata["plateau-cooldown-left"] = Show(plateau.CooldownLeft);
        }

        if (progress.LossScale is { } scale)
        {
            metadata["loss-scale"] = Show(scale.Scale);
            metadata["loss-scale-good-steps"] = Show(scale.GoodSteps);
        }

        foreach ((string name, double value) in state.Counters)
        {
            metadata[CounterPrefix + name] = Show(value);
        }

        metadata[DigestKey] = Digest(tensors, metadata);
        SafetensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="session">A session of the same network, chain, data and options.</param>
    /// <param name="fingerprint">As it was written.</param>
    /// <exception cref="InputException">The file is missing or damaged, or belongs to another run; the message says which.</exception>
    public static TrainingState Read(string path, TrainingSession session, string fingerprint)
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

        if (Text(DigestKey) != Digest(file.Tensors, file.Metadata))
        {
            throw new InputException(new InputProblem(path, "contents that do not match their digest", "a checkpoint as it was written; this one was changed or damaged"));
        }

        if (Text("fingerprint") != fingerprint)
        {
            throw new InputException(new InputProblem(path, "the state of another experiment", "the state of this one; a changed experiment starts a new run"));
        }

        WarmStartReport fit = WarmStarting.Compare(session.Network, session.Updater, WarmStartSource.Of(file));
        if (!fit.IsExact)
        {
            throw new InputException(new InputProblem(path, $"a state that does not fit ({fit.OnOneLine()})", "the state of this network and these update rules; a warm start takes what fits of another's"));
        }

        double Number(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputException(new InputProblem(path, $"'{Text(key)}' as '{key}'", "a finite number"));
        long Count(string key, long most = long.MaxValue) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= most
            ? value
            : throw new InputException(new InputProblem(path, $"'{Text(key)}' as '{key}'", $"a whole number from 0 to {most}"));

        // Written before runs could go back.
        bool isOlder = !file.Metadata.ContainsKey("restorations");
        FlatVector<float> Vector(Layout layout)
        {
            var vector = new FlatVector<float>(layout.Length);
            foreach (LayoutEntry entry in layout.Entries)
            {
                Floats(file, entry.Name, entry.Shape).CopyTo(vector.Span[entry.Offset..]);
            }

            return vector;
        }

        return new TrainingState(
            Vector(session.Network.Layout),
            [.. session.Updater.State.Select(s => KeyValuePair.Create(s.Key, new FlatVector<float>(Floats(file, StatePrefix + s.Key, new Shape(s.Value.Length)))))],
            session.Updater.Counters.Keys.ToImmutableSortedDictionary(k => k, k => Number(CounterPrefix + k), StringComparer.Ordinal),
            new TrainingProgress
            {
                Epoch = Count("epoch"),
                Batch = (int)Count("batch", session.StepsPerEpoch),
                LossSum = Number("loss-sum"),
                LossCount = Count("loss-count"),
                FirstLoss = Text("first-loss").Length == 0 ? null : Number("first-loss"),
                SkippedInARow = (int)Count("skipped-in-a-row", int.MaxValue),
                Skipped = Count("skipped"),
                BestLoss = Text("best-loss").Length == 0 ? double.PositiveInfinity : Number("best-loss"),
                BestEpoch = (int)Count("best-epoch", int.MaxValue),
                Restorations = isOlder ? 0 : (int)Count("restorations", int.MaxValue),
                RestorationFactor = isOlder ? 1 : Number("restoration-factor"),
                UndoneSteps = isOlder ? 0 : Count("undone-steps"),
                IsWarmStarted = !isOlder && Text("warm-started") == "true",
                SoundEpoch = Count(isOlder ? "epoch" : "sound-epoch"),
                Plateau = session.Progress.Plateau is null ? null : new PlateauState(
                    Number("plateau-multiplier"),
                    Text("plateau-best").Length == 0 ? double.PositiveInfinity : Number("plateau-best"),
                    (int)Count("plateau-not-better", int.MaxValue),
                    (int)Count("plateau-cooldown-left", int.MaxValue)),
                LossScale = session.Progress.LossScale is null ? null : new LossScaleState(Number("loss-scale"), Count("loss-scale-good-steps")),
            })
        {
            Layout = session.Network.Layout,
            LayerStates = Vector(session.Network.StateLayout),
            StateLayout = session.Network.StateLayout,
        };
    }

    /// <summary>SHA-256 of all that a file says, so that a flipped bit is found before it becomes a result.</summary>
    private static string Digest(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, string value) in metadata.Where(m => m.Key != DigestKey).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}\0{value}\0"));
        }

        foreach (NamedTensor tensor in tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name}\0{tensor.Type}\0{tensor.Shape}\0"));
            hash.AppendData(tensor.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static ReadOnlySpan<float> Floats(SafetensorsFile file, string name, Shape shape)
    {
        if (!file.Contains(name))
        {
            throw new InputException(new InputProblem(file.Path, $"no tensor '{name}'", $"one of the shape {shape}"));
        }

        NamedTensor tensor = file[name];
        if (tensor.Type != StoredType.F32 || tensor.Shape != shape)
        {
            throw new InputException(new InputProblem(file.Path, $"'{name}' as {tensor.Type}{tensor.Shape}", $"F32{shape}"));
        }

        int bad = tensor.Floats.IndexOfAnyExceptFinite();
        return bad < 0
            ? tensor.Floats
            : throw new InputException(new InputProblem(file.Path, FormattableString.Invariant($"{tensor.Floats[bad]} as number {bad} of '{name}'"), "finite numbers"));
    }

    private static string Show(long value) => value.ToString(CultureInfo.InvariantCulture);

    internal static string Show(double value) => ExactNumber.Show(value);
}
