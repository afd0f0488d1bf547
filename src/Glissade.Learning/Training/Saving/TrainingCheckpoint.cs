using System.Collections.Immutable;
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
    private const string Format = "glissade-run-1";
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
        metadata["epoch"] = StateFile.Show(progress.Epoch);
        metadata["batch"] = StateFile.Show(progress.Batch);
        metadata["loss-sum"] = StateFile.Show(progress.LossSum);
        metadata["loss-count"] = StateFile.Show(progress.LossCount);
        metadata["first-loss"] = progress.FirstLoss is { } first ? StateFile.Show(first) : "";
        metadata["skipped-in-a-row"] = StateFile.Show(progress.SkippedInARow);
        metadata["skipped"] = StateFile.Show(progress.Skipped);
        metadata["best-loss"] = double.IsFinite(progress.BestLoss) ? StateFile.Show(progress.BestLoss) : "";
        metadata["best-epoch"] = StateFile.Show(progress.BestEpoch);
        metadata["restorations"] = StateFile.Show(progress.Restorations);
        metadata["restoration-factor"] = StateFile.Show(progress.RestorationFactor);
        foreach (RestorationRecord restoration in progress.RestorationRecords)
        {
            string key = RestorationKey(restoration.Number);
            metadata[key + "step"] = StateFile.Show(restoration.Step);
            metadata[key + "epoch"] = StateFile.Show(restoration.Epoch);
            metadata[key + "from-step"] = StateFile.Show(restoration.FromStep);
            metadata[key + "factor"] = StateFile.Show(restoration.Factor);
            metadata[key + "skipped"] = StateFile.Show(restoration.Skipped);
            metadata[key + "reason"] = restoration.Reason;
        }

        metadata["undone-steps"] = StateFile.Show(progress.UndoneSteps);
        metadata["warm-started"] = progress.IsWarmStarted ? "true" : "false";
        metadata[OrderKey] = ModelFile.List(session.Network.Layout.Entries.Select(e => e.Name));
        metadata["sound-epoch"] = StateFile.Show(progress.SoundEpoch);
        if (progress.Plateau is { } plateau)
        {
            metadata["plateau-multiplier"] = StateFile.Show(plateau.Multiplier);
            metadata["plateau-best"] = double.IsFinite(plateau.Best) ? StateFile.Show(plateau.Best) : "";
            metadata["plateau-not-better"] = StateFile.Show(plateau.NotBetter);
            metadata["plateau-cooldown-left"] = StateFile.Show(plateau.CooldownLeft);
        }

        if (progress.LossScale is { } scale)
        {
            metadata["loss-scale"] = StateFile.Show(scale.Scale);
            metadata["loss-scale-good-steps"] = StateFile.Show(scale.GoodSteps);
        }

        foreach ((string name, double value) in state.Counters)
        {
            metadata[CounterPrefix + name] = StateFile.Show(value);
        }

        StateFile.Write(path, Format, fingerprint, tensors, metadata);
    }

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="session">A session of the same network, chain, data and options.</param>
    /// <param name="fingerprint">As it was written.</param>
    /// <exception cref="InputException">The file is missing or damaged, or belongs to another run; the message says which.</exception>
    public static TrainingState Read(string path, TrainingSession session, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(session);
        StateFile saved = StateFile.Read(path, Format, fingerprint, "a training run");
        SafetensorsFile file = saved.File;
        WarmStartReport fit = WarmStarting.Compare(session.Network, session.Updater, WarmStartSource.Of(file));
        if (!fit.IsExact)
        {
            throw new InputException(new InputProblem(path, $"a state that does not fit ({fit.OnOneLine()})", "the state of this network and these update rules; a warm start takes what fits of another's"));
        }

        // Written before runs could go back.
        bool isOlder = !saved.Has("restorations");
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
            session.Updater.Counters.Keys.ToImmutableSortedDictionary(k => k, k => saved.Number(CounterPrefix + k), StringComparer.Ordinal),
            new TrainingProgress
            {
                Epoch = saved.Count("epoch"),
                Batch = (int)saved.Count("batch", session.StepsPerEpoch),
                LossSum = saved.Number("loss-sum"),
                LossCount = saved.Count("loss-count"),
                FirstLoss = saved.Text("first-loss").Length == 0 ? null : saved.Number("first-loss"),
                SkippedInARow = (int)saved.Count("skipped-in-a-row", int.MaxValue),
                Skipped = saved.Count("skipped"),
                BestLoss = saved.Text("best-loss").Length == 0 ? double.PositiveInfinity : saved.Number("best-loss"),
                BestEpoch = (int)saved.Count("best-epoch", int.MaxValue),
                Restorations = isOlder ? 0 : (int)saved.Count("restorations", int.MaxValue),
                RestorationRecords = isOlder ? [] : Restorations(saved, (int)saved.Count("restorations", int.MaxValue)),
                RestorationFactor = isOlder ? 1 : saved.Number("restoration-factor"),
                UndoneSteps = isOlder ? 0 : saved.Count("undone-steps"),
                IsWarmStarted = !isOlder && saved.Text("warm-started") == "true",
                SoundEpoch = saved.Count(isOlder ? "epoch" : "sound-epoch"),
                Plateau = session.Progress.Plateau is null ? null : new PlateauState(
                    saved.Number("plateau-multiplier"),
                    saved.Text("plateau-best").Length == 0 ? double.PositiveInfinity : saved.Number("plateau-best"),
                    (int)saved.Count("plateau-not-better", int.MaxValue),
                    (int)saved.Count("plateau-cooldown-left", int.MaxValue)),
                LossScale = session.Progress.LossScale is null ? null : new LossScaleState(saved.Number("loss-scale"), saved.Count("loss-scale-good-steps")),
            })
        {
            Layout = session.Network.Layout,
            LayerStates = Vector(session.Network.StateLayout),
            StateLayout = session.Network.StateLayout,
        };
    }

    private static string RestorationKey(int number) => $"restoration-{StateFile.Show(number)}-";

    /// <summary>The restorations of a state; none of those of which it does not tell.</summary>
    private static ImmutableArray<RestorationRecord> Restorations(StateFile saved, int count)
    {
        ImmutableArray<RestorationRecord>.Builder records = ImmutableArray.CreateBuilder<RestorationRecord>();
        for (int number = 1; number <= count; number++)
        {
            string key = RestorationKey(number);
            if (saved.Has(key + "step"))
            {
                records.Add(new RestorationRecord(
                    number, saved.Count(key + "step"), (int)saved.Count(key + "epoch", int.MaxValue), saved.Count(key + "from-step"), saved.Number(key + "factor"), saved.Text(key + "reason"))
                {
                    Skipped = saved.Count(key + "skipped"),
                });
            }
        }

        return records.ToImmutable();
    }

    internal static ReadOnlySpan<float> Floats(SafetensorsFile file, string name, Shape shape)
    {
        NamedTensor tensor = StateFile.Tensor(file, name, StoredType.F32, shape);
        int bad = tensor.Floats.IndexOfAnyExceptFinite();
        return bad < 0
            ? tensor.Floats
            : throw new InputException(new InputProblem(file.Path, FormattableString.Invariant($"{tensor.Floats[bad]} as number {bad} of '{name}'"), "finite numbers"));
    }
}
