using Glissade.Differentiation;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.WarmStarts;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Training;

/// <summary>A training run, step by step: parameters, gradient, optimizer state and the place in the data.</summary>
/// <remarks>
/// Everything that decides the next step is in <see cref="TrainingState"/>: a session restored from it goes on with the same bits as one that never
/// stopped. A step whose loss or gradient is not finite changes nothing. A step allocates nothing but once an epoch. Belongs to one thread at a time.
/// </remarks>
public sealed partial class TrainingSession
{
    private readonly TrainingOptions _options;
    private readonly Loss _loss;
    private readonly FlatVector<float> _gradient;
    private readonly FlatVector<float> _evaluated;
    private readonly Batches _batches;
    private readonly Dictionary<int, LossProgram> _programs = [];
    private readonly Evaluator _evaluator;
    private readonly PlateauReduction? _plateau;
    private readonly Func<double> _evaluate;
    private readonly StorageFormat? _format;
    private readonly LossScaling _scaling;
    private readonly Unscaling? _unscaling;
    private readonly BatchCurvature? _curvature;
    private LossProgram? _current;

    /// <summary>A session at its first step.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="loss">What is made small.</param>
    /// <param name="chain">How parameters change.</param>
    /// <param name="average">What average of them is evaluated and kept; null for the parameters themselves.</param>
    /// <param name="data">The examples.</param>
    /// <param name="options">Epochs, batch size, seed and stopping.</param>
    /// <exception cref="ArgumentException">The parts do not fit: the message says which.</exception>
    public TrainingSession(BuiltNetwork network, Loss loss, Chain chain, ParameterAverage? average, TrainingData data, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        Check(network, loss, data, options);
        (Network, Data, _loss, _options) = (network, data, loss, options);
        _batches = new Batches(data.Training, Math.Min(options.BatchSize, data.Training.Count), options.Seed);
        Parameters = network.Initialize(options.Seed);
        _gradient = new FlatVector<float>(Parameters.Length);
        Updater = chain.Compile(network.Layout, Parameters, _gradient, average);
        _format = RoundedNetwork.FormatOf(options.Precision);
        _scaling = options.LossScaling ?? (options.Precision == TrainingPrecision.Half ? LossScaling.Dynamic : LossScaling.None);
        _scaling.Check();
        if (_scaling.IsActive)
        {
            Progress.LossScale = _scaling.Start;
            _unscaling = new Unscaling(_gradient);
        }

        _evaluate = Evaluate;
        _evaluated = new FlatVector<float>(Parameters.Length);
        LayerStates = network.InitializeStates();
        _curvature = BatchCurvature.Of(network, loss, Updater, LayerStates, options.Seed, _batches.Rows(0, 0).Length);
        _nextStates = new FlatVector<float>(LayerStates.Length);
        _evaluatedStates = new FlatVector<float>(LayerStates.Length);
        _measurement = LayerStates.Length > 0 ? new LayerStateMeasurement(network, data.Training, options.BatchSize, options.Seed) : null;
        _evaluator = new Evaluator(network, loss, _evaluated, _evaluatedStates, data.Target);
        if (options.Plateau is { } plateau)
        {
            _plateau = new PlateauReduction(plateau);
            Progress.Plateau = _plateau.State;
            Require(Updater.HasLearningRate, "Plateau", "a chain without a learning rate", "null, since there is nothing to reduce");
        }

        Require(options.OnDivergence is StopOnDivergence || Updater.HasLearningRate, "OnDivergence", "a chain without a learning rate", "DivergenceResponse.Stop, since there is nothing to reduce");
    }

    /// <summary>What is trained.</summary>
    public BuiltNetwork Network { get; }

    /// <summary>The examples.</summary>
    public TrainingData Data { get; }

    /// <summary>θ.</summary>
    public FlatVector<float> Parameters { get; }

    /// <summary>The compiled chain and its state.</summary>
    public Updater<float> Updater { get; }

    /// <summary>The numbers in which the network is computed while it is trained.</summary>
    public TrainingPrecision Precision => _options.Precision;

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch => _batches.CountPerEpoch;

    /// <summary>Where the run stands.</summary>
    public TrainingProgress Progress { get; private set; } = new();

    /// <summary>Steps taken, skipped ones included.</summary>
    public long StepsTaken => (Progress.Epoch * StepsPerEpoch) + Progress.Batch;

    /// <summary>Takes the next step.</summary>
    public StepRecord Step()
    {
        TrainingProgress progress = Progress;
        int rows = _batches.Rows(progress.Epoch, progress.Batch).Length;
        LossProgram program = ProgramFor(rows);
        _batches.CopyNumbers(progress.Epoch, progress.Batch, program.X, program.Y);
        (_current, _haveStatesFollowed) = (program, false);
        double? scale = progress.LossScale?.Scale;
        _curvature?.Prepare(_batches, progress.Epoch, progress.Batch);
        StepOutcome outcome = Updater.Step(_evaluate, out double loss);
        bool isScaleReduced = FollowGradient(outcome);

        // A lost step still takes its place in the data; only schedules stand still.
        var record = new StepRecord(StepsTaken + 1, (int)progress.Epoch + 1, loss, outcome, scale);
        if (!outcome.IsLost)
        {
            _nextStates.Span.CopyTo(LayerStates.Span);
            progress.LossSum += loss * rows;
            progress.LossCount += rows;
            progress.FirstLoss ??= loss;
            progress.SkippedInARow = 0;
        }
        else
        {
            // While the scale can still be reduced, an overflow says nothing about the ground.
            progress.SkippedInARow += isScaleReduced ? 0 : 1;
            progress.Skipped++;
        }

        progress.Batch++;
        return record;
    }

    /// <summary>Whether the steps so far have left sound ground: too many skipped in a row, or an update that was not finite.</summary>
    /// <param name="last">The last step.</param>
    /// <param name="reason">What was seen.</param>
    public bool HasDiverged(in StepRecord last, out string reason)
    {
        reason = Progress.SkippedInARow > _options.MaximumSkippedInARow
            ? $"{(last.Outcome.Skipped switch { SkipReason.NonFiniteLoss => "the loss", SkipReason.NonFiniteCurvature => "the curvature", _ => "the gradient" })} was not finite in {Progress.SkippedInARow} steps in a row, the last of them step {last.Step}"
            : last.Outcome.Applied && !double.IsFinite(last.Outcome.UpdateNorm)
                ? $"the update of step {last.Step} was not finite"
                : "";
        return reason.Length > 0;
    }

    /// <summary>Ends an epoch whose steps are all taken: evaluates, compares with the best and begins the next.</summary>
    /// <param name="cancellation">Ends a pass over the training data that the average needs (see <see cref="CopyAverage"/>), as if the epoch had not been ended.</param>
    /// <exception cref="InvalidOperationException">Steps of the epoch are left.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EpochRecord EndEpoch(CancellationToken cancellation = default)
    {
        TrainingProgress progress = Progress;
        if (progress.Batch < StepsPerEpoch)
        {
            throw new InvalidOperationException($"Epoch {progress.Epoch + 1} has {StepsPerEpoch - progress.Batch} steps left.");
        }

        double training = progress.LossCount == 0 ? double.NaN : progress.LossSum / progress.LossCount;
        Evaluation? validation = Evaluate(Data.Validation, cancellation);
        Evaluation? test = Evaluate(Data.Test, cancellation);
        double judged = validation?.Loss ?? training;
        bool isBest = judged < progress.BestLoss - (progress.BestEpoch == 0 ? 0 : _options.EarlyStopping?.MinimumImprovement ?? 0);
        if (isBest)
        {
            // Now, while it may still be cancelled: who keeps the best finds it measured.
            TakeAverage(cancellation);
            (progress.BestLoss, progress.BestEpoch) = (judged, (int)progress.Epoch + 1);
        }

        if (_plateau is not null)
        {
            _plateau.Measure(judged);
            progress.Plateau = _plateau.State;
            Updater.LearningRateFactor = _plateau.Multiplier * progress.RestorationFactor;
        }

        BeginNextEpoch();
        return new EpochRecord((int)progress.Epoch, StepsTaken, training, validation, test, isBest);
    }

    /// <summary>Goes on to the next epoch without looking at what the last one brought.</summary>
    internal void BeginNextEpoch()
    {
        Progress.Epoch++;
        (Progress.Batch, Progress.LossSum, Progress.LossCount) = (0, 0, 0);
    }

    /// <summary>Whether an epoch's loss has grown out of all proportion, or a parameter or a state has left the finite numbers. The test data have no say in it.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="reason">What was seen.</param>
    public bool HasDiverged(EpochRecord epoch, out string reason)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        double first = Progress.FirstLoss ?? double.NaN;
        double bound = _options.DivergenceFactor * LossScale;

        // An epoch without an applied step has no loss: whether too many were skipped in a row is asked after each of them.
        reason =
            !(epoch.TrainingLoss <= bound) && Progress.FirstLoss is not null && !double.IsNaN(epoch.TrainingLoss) ? FormattableString.Invariant($"the mean loss of epoch {epoch.Epoch} was {epoch.TrainingLoss:G4}, against {first:G4} at the first step")
            : epoch.Validation is { } validation && !double.IsFinite(validation.Loss) ? $"the validation loss after epoch {epoch.Epoch} was not finite"
            : ((ReadOnlySpan<float>)Parameters.Span).IndexOfAnyExceptFinite() >= 0 ? $"a parameter was not finite after epoch {epoch.Epoch}"
            : Updater.State.FirstOrDefault(s => ((ReadOnlySpan<float>)s.Value.Span).IndexOfAnyExceptFinite() >= 0) is { Key: { } state } ? $"the state '{state}' was not finite after epoch {epoch.Epoch}"
            : "";
        return reason.Length > 0;
    }

    /// <summary>Whether a run that diverges later should go back to the end of an epoch: one on the brink would diverge at once again, at whatever rate.</summary>
    /// <remarks>The bound lies between the loss at the start and that of a divergence, as far from the one as from the other in orders of magnitude.</remarks>
    internal bool IsWorthGoingBackTo(EpochRecord epoch) => epoch.TrainingLoss <= Math.Sqrt(_options.DivergenceFactor) * LossScale;

    private double LossScale => Math.Max(1e-3, Math.Abs(Progress.FirstLoss ?? 1));

    /// <summary>Whether training should stop before the last epoch.</summary>
    public bool ShouldStopEarly => _options.EarlyStopping is { } stopping && Progress.BestEpoch > 0 && Progress.Epoch - Progress.BestEpoch >= stopping.Patience;

    /// <summary>Evaluates the averaged parameters, or the parameters themselves where no average is kept, with the states of layers that belong to them.</summary>
    /// <param name="data">Examples, standardized like the training data; null gives null.</param>
    /// <param name="cancellation">Ends a pass over the training data that the average needs: see <see cref="CopyAverage"/>.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Evaluation? Evaluate(Dataset? data, CancellationToken cancellation = default)
    {
        if (data is null)
        {
            return null;
        }

        TakeAverage(cancellation);
        return _evaluator.Evaluate(data);
    }

    /// <summary>Evaluates given parameters.</summary>
    /// <param name="parameters">A vector of the length of θ.</param>
    /// <param name="data">Examples, standardized like the training data.</param>
    /// <param name="states">The states of layers that belong to them, in the order of <see cref="BuiltNetwork.StateLayout"/>; left out where the network's layers keep none.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public Evaluation Evaluate(ReadOnlySpan<float> parameters, Dataset data, ReadOnlySpan<float> states = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        RequireStates(states);
        states.CopyTo(_evaluatedStates.Span);
        parameters.CopyTo(_evaluated.Span);
        return _evaluator.Evaluate(data);
    }

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
        (long from, int number, long undone) = (StepsTaken, Progress.Restorations + 1, Progress.UndoneSteps);
        Restore(sound);
        TrainingProgress progress = Progress;
        progress.Restorations = number;
        progress.RestorationFactor *= factor;
        progress.UndoneSteps = undone + from - StepsTaken;
        Updater.LearningRateFactor *= factor;
        return new RestorationRecord(number, StepsTaken, (int)progress.Epoch, from, progress.RestorationFactor, reason) { Skipped = progress.Skipped };
    }

    private LossProgram ProgramFor(int rows)
    {
        if (!_programs.TryGetValue(rows, out LossProgram? program))
        {
            program = _programs[rows] = new LossProgram(Network, _loss, rows, Parameters, LayerStates, _gradient, _nextStates, _format, _scaling.IsActive);
        }

        return program;
    }

    private static void Check(BuiltNetwork network, Loss loss, TrainingData data, TrainingOptions options)
    {
        Dataset training = data.Training;
        Require(options.Epochs >= 1, "Epochs", options.Epochs, "1 or more");
        Require(options.BatchSize >= 1, "BatchSize", options.BatchSize, "1 or more");
        int batch = Math.Min(options.BatchSize, training.Count);
        Require(batch >= network.LeastBatch, "BatchSize", batch, $"{network.LeastBatch} or more, since the layers of this network learn nothing of smaller batches");
        Require(options.MaximumSkippedInARow >= 0, "MaximumSkippedInARow", options.MaximumSkippedInARow, "0 or more");
        Require(options.DivergenceFactor > 1, "DivergenceFactor", options.DivergenceFactor, "more than 1");
        Require((options.EarlyStopping?.Patience ?? 1) >= 1, "EarlyStopping.Patience", options.EarlyStopping?.Patience ?? 1, "1 or more");
        Require((options.EarlyStopping?.MinimumImprovement ?? 0) >= 0, "EarlyStopping.MinimumImprovement", options.EarlyStopping?.MinimumImprovement ?? 0, "0 or more");
        Require(options.Plateau is not { HigherIsBetter: true }, "Plateau", "an accuracy", "about a loss, of which less is better");
        if (network.InputShape.Count != training.FeatureCount)
        {
            throw new ArgumentException($"The network takes {network.InputShape.Count} features, but the data have {training.FeatureCount}.", nameof(network));
        }

        if (loss.Targets != training.Kind)
        {
            throw new ArgumentException($"The loss '{loss.Name}' is for {loss.Targets}, but the target '{training.TargetName}' makes it {training.Kind}.", nameof(loss));
        }

        int outputs = training.Kind == TargetKind.Classification ? training.ClassNames.Length : 1;
        if (network.OutputShape != new Shape(outputs))
        {
            throw new ArgumentException($"The network's output has the shape {network.OutputShape}, but the target '{training.TargetName}' needs [{outputs}].", nameof(network));
        }

        if (options.EarlyStopping is not null && data.Validation is null)
        {
            throw new ArgumentException("Early stopping needs validation data; stopping by the test data would spoil what the test measures.", nameof(options));
        }
    }

    private static void Require<TValue>(bool isMet, string option, TValue value, string right)
    {
        if (!isMet)
        {
            throw new ArgumentOutOfRangeException(option, value, FormattableString.Invariant($"The option {option} must be {right}, not {value}."));
        }
    }
}
