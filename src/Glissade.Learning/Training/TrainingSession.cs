using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
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
    private readonly MeasuredGradient<float> _gradient;
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
        _gradient = new MeasuredGradient<float>(Parameters.Length);
        _format = RoundedNetwork.FormatOf(options.Precision);
        _scaling = options.LossScaling ?? (options.Precision == TrainingPrecision.Half ? LossScaling.Dynamic : LossScaling.None);
        _scaling.Check();
        if (_scaling.IsActive)
        {
            Progress.LossScale = _scaling.Start;
            _unscaling = new Unscaling(_gradient.Vector);
        }

        // A scaled gradient is measured once it has been divided.
        Updater = _scaling.IsActive
            ? chain.Compile(network.Layout, Parameters, _gradient.Vector, average)
            : chain.Compile(network.Layout, Parameters, _gradient, average);

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
                ? $"the update of step {last.Step} was not finite{(StateThatIsNotFinite is { } state ? $", nor the state '{state}'" : "")}"
                : "";
        return reason.Length > 0;
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
