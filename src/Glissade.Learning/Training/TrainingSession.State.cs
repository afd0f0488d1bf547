using System.Collections.Immutable;
using Glissade.Learning.WarmStarts;

namespace Glissade.Learning.Training;

/// <content>What decides the next step: saved, restored, or taken from another run.</content>
public sealed partial class TrainingSession
{
    /// <summary>A copy of everything that decides the next step.</summary>
    public TrainingState Save() => new(
        Parameters.Clone(),
        [.. Updater.State.Select(s => KeyValuePair.Create(s.Key, s.Value.Clone()))],
        Updater.Counters,
        Progress.Clone())
    {
        Layout = Network.Layout,
        LayerStates = LayerStates.Clone(),
        StateLayout = Network.StateLayout,
    };

    /// <summary>Takes of what another run has saved all that has the same name and shape, before the first step.</summary>
    /// <param name="source">What was saved.</param>
    /// <param name="policy">What of it is taken; null for parameters, optimizer state and averages, but not the count of steps.</param>
    /// <returns>What matched and was taken, what was missing, what was left over, and what has another shape.</returns>
    /// <exception cref="ArgumentException">No parameter matches, or a number that was saved cannot be.</exception>
    /// <exception cref="InvalidOperationException">A step was taken already.</exception>
    public WarmStartReport WarmStart(WarmStartSource source, WarmStartPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (StepsTaken > 0)
        {
            throw new InvalidOperationException($"A warm start comes before the first step, but {StepsTaken} were taken.");
        }

        WarmStartReport report = WarmStarting.Take(Network, Updater, LayerStates, source, policy ?? new WarmStartPolicy());
        Progress.IsWarmStarted = true;
        return report;
    }

    /// <summary>Goes back, or on, to a saved state.</summary>
    /// <param name="state">Saved by a session of the same network, chain, data and options.</param>
    /// <exception cref="ArgumentException">The state belongs to another network or chain; the message says what differs.</exception>
    public void Restore(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        string[] saved = [.. state.Vectors.Select(v => v.Key)], own = [.. Updater.State.Select(s => s.Key)];
        if (state.Layout is not null && WarmStarting.Compare(Network, Updater, WarmStartSource.Of(state)) is { IsExact: false } fit)
        {
            throw new ArgumentException($"The saved state is not one of this run: {fit.OnOneLine()}.", nameof(state));
        }

        if (state.Parameters.Length != Parameters.Length || !saved.AsSpan().SequenceEqual(own))
        {
            throw new ArgumentException(
                $"The saved state has {state.Parameters.Length} parameters and the vectors [{string.Join(", ", saved)}], but this run has {Parameters.Length} and [{string.Join(", ", own)}].", nameof(state));
        }

        RequireStates(state.LayerStates.Span);
        Updater.Restore(state.Counters);
        if (state.Progress.IsWarmStarted)
        {
            Updater.BeginStates();
        }

        state.Parameters.Span.CopyTo(Parameters.Span);
        state.LayerStates.Span.CopyTo(LayerStates.Span);
        for (int i = 0; i < own.Length; i++)
        {
            state.Vectors[i].Value.Span.CopyTo(Updater.State[i].Value.Span);
        }

        Progress = state.Progress.Clone();
        if (_plateau is not null && Progress.Plateau is { } plateau)
        {
            _plateau.Restore(plateau);
        }
    }

    /// <summary>Goes back to a sound state after a divergence, and makes the learning rate smaller from there on.</summary>
    /// <param name="sound">The last sound state of this session.</param>
    /// <param name="factor">What the learning rate is multiplied by.</param>
    /// <param name="reason">What was seen.</param>
    internal RestorationRecord GoBack(TrainingState sound, double factor, string reason)
    {
        (long from, int number, long undone, ImmutableArray<RestorationRecord> earlier) = (StepsTaken, Progress.Restorations + 1, Progress.UndoneSteps, Progress.RestorationRecords);
        Restore(sound);
        TrainingProgress progress = Progress;
        progress.Restorations = number;
        progress.RestorationFactor *= factor;
        progress.UndoneSteps = undone + from - StepsTaken;
        Updater.LearningRateFactor *= factor;
        var record = new RestorationRecord(number, StepsTaken, (int)progress.Epoch, from, progress.RestorationFactor, reason) { Skipped = progress.Skipped };
        progress.RestorationRecords = earlier.Add(record);
        return record;
    }
}
