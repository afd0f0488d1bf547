using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>A chain compiled for one θ, with its state.</summary>
/// <remarks>
/// Each step first measures the gradient, or takes what its program has measured (<see cref="MeasuredGradient{T}"/>); a non-finite one changes nothing: neither θ,
/// nor state, nor the step count that schedules see. A finite gradient may still make an update that is not finite, as by a learning rate out of all bounds: an
/// element of θ that would not be finite stays as it is, and the update's norm tells.
/// Belongs to one thread at a time. A step allocates nothing.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Updater<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal const string StepsCounter = "applied-steps", FactorCounter = "learning-rate-factor";
    private readonly Program<T> _program;
    private readonly CompiledScope<T> _scope;
    private readonly GradientPoint<T>? _point;
    private readonly FlatVector<T> _gradient;
    private readonly MicroBatches<T>? _microBatches;
    private bool _isAverageInUse;

    internal Updater(
        Chain chain, Layout layout, FlatVector<T> parameters, FlatVector<T> gradient, MeasuredGradient<T>? measured, ParameterAverage? average, FlatVector<T>? curvature)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        (Parameters, _gradient, _measured) = (parameters, gradient, measured);
        var builder = new ProgramBuilder<T>();
        Tensor theta = Flat(builder, "parameters", layout, parameters);
        Tensor g = Flat(builder, "gradient", layout, gradient);
        if (curvature is not null && curvature.Length != layout.Length)
        {
            throw WrongLength("curvature", curvature, layout);
        }

        (CurvatureEstimate, CurvatureRule) = CurvatureOf(chain);
        _isCurvatureGiven = curvature is not null;
        Curvature = curvature ?? (CurvatureEstimate is null ? null : new FlatVector<T>(layout.Length));
        _scope = new CompiledScope<T>(builder, theta, parameters, g, _gradientNorm, layout, Curvature);
        if (measured is null)
        {
            builder.Output(Functions.Dot(g, g), _gradientSquares, 0, stage: 0);
        }

        Tensor update = g;
        (UpdateRule Rule, string Name)? placing = null;
        foreach (UpdateRule rule in chain.Rules)
        {
            string name = _scope.Enter(rule.Name);
            update = rule.Trace(update, _scope);
            if (rule is Accumulate { Count: > 1 })
            {
                _meanGradientNorm ??= MeasuredNorm<T>.Of(builder, update, stage: 1);
            }

            if (rule.GradientPlace != GradientPlace.Parameters)
            {
                placing = placing is { } other
                    ? throw new ArgumentException($"The rules '{other.Name}' and '{name}' both say where the gradient is to be taken; one of a chain may.", nameof(chain))
                    : (rule, name);
            }
        }

        // An element that would not be finite stays as it is. What tells it, NaN there and 0 elsewhere, makes the update's norm NaN, so that an infinite one is one whose
        // squares are too great for their sum.
        Tensor moved = theta - update, isLost = moved - moved;
        Tensor next = Functions.FiniteOr(moved, theta);
        if (average is not null)
        {
            _scope.Enter(average.Name);
            _scope.ProvideEvaluation(average.Trace(next, _scope));
        }

        _microBatches = MicroBatches<T>.Of(chain, gradient, _scope);

        builder.Output(next, parameters, 0, stage: 1);
        builder.Output(Functions.Sum(update * (update + isLost)), _updateSquares, 0, stage: 1);
        _scope.DeclareOutputs(stage: 1);
        _program = builder.Build();
        _point = placing is { } placed ? GradientPoint<T>.Of(this, gradient, placed.Rule, placed.Name) : null;
    }

    /// <summary>Names and places of the parameters.</summary>
    public Layout Layout { get; }

    /// <summary>θ.</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>Steps that were applied so far: what schedules are asked for.</summary>
    public long AppliedSteps { get; private set; }

    /// <summary>The state vectors by name, such as <c>adam.first-moment</c>; complete together with <see cref="Counters"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, FlatVector<T>>> State => _scope.States;

    /// <summary>The compiled program, for listings.</summary>
    public Program<T> Program => _program;

    /// <summary>What the chain's learning rates are multiplied by from the next step on, whatever their schedules say: finite, 0 or more, 1 at first.</summary>
    /// <remarks>
    /// A counter of the name <c>learning-rate-factor</c>, so it is saved and restored with <see cref="Counters"/>. Rates that rules have of their own, that of the
    /// first step of <see cref="ExtraGradient"/> and that of <see cref="LangevinNoise"/>, bear it too. A chain without any rate does not heed it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double LearningRateFactor
    {
        get;
        set => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The factor of the learning rate must be finite and 0 or more.");
    } = 1;

    /// <summary>The step for which the schedules of learning rates are asked; null, as at first, for <see cref="AppliedSteps"/>. Not a part of the state.</summary>
    /// <remarks>Holds the rates where they are while <see cref="LearningRateFactor"/> alone moves them, as a learning-rate range test does.</remarks>
    public long? LearningRateStep
    {
        get;
        set => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A step counts the steps taken so far and must be 0 or more.");
    }

    /// <summary>Whether the chain has a learning rate, and so heeds <see cref="LearningRateFactor"/>.</summary>
    public bool HasLearningRate => _scope.HasLearningRate;

    /// <summary>The learning rate of the next step as far as schedules decide it, <see cref="LearningRateFactor"/> included.</summary>
    public double NextLearningRate => _scope.LearningRateAt(LearningRateStep ?? AppliedSteps, LearningRateFactor);

    /// <summary>Every hyperparameter that may follow a schedule, by rule and name such as <c>adam.beta1</c>, with its value in the last applied step, or in the first to come.</summary>
    /// <remarks>Valid until the property is read again; reading it allocates nothing but the first time.</remarks>
    public ReadOnlySpan<KeyValuePair<string, double>> Hyperparameters => _scope.HyperparametersAt(Math.Max(0, AppliedSteps - 1));

    /// <summary>Those of <see cref="Hyperparameters"/> that move: whose schedule is no constant.</summary>
    /// <remarks>Valid until the property is read again; reading it allocates nothing but the first time.</remarks>
    public ReadOnlySpan<KeyValuePair<string, double>> MovingHyperparameters => _scope.MovingHyperparametersAt(Math.Max(0, AppliedSteps - 1));

    /// <summary>What each clipping rule did in the last applied step, by its name: 0 for nothing, else the share of elements it clipped; 1 where it shortened all alike.</summary>
    /// <remarks>Valid until the property is read again; reading it allocates nothing but the first time.</remarks>
    public ReadOnlySpan<KeyValuePair<string, double>> Clips => _scope.Clips;

    /// <summary>Changes θ by the gradient as the chain says, or leaves everything as it is where the gradient is not finite.</summary>
    /// <exception cref="InvalidOperationException">A rule needs the loss, which <see cref="Step(double)"/> takes, or wants the gradient elsewhere than at θ; or the average is in use.</exception>
    public StepOutcome Step() => _scope.LossReader is { } rule
        ? throw new InvalidOperationException($"The rule '{rule}' needs the value of the loss: call Step(loss).")
        : Step(0);

    /// <summary>Changes θ by the gradient as the chain says, or leaves everything as it is where the loss or the gradient is not finite.</summary>
    /// <param name="loss">The loss at θ, whose gradient is that of the step.</param>
    /// <exception cref="InvalidOperationException">A rule wants the gradient elsewhere than at θ, or the average is in use.</exception>
    public StepOutcome Step(double loss) => _point is not null
        ? throw new InvalidOperationException("A rule of the chain says where the gradient is to be taken; give the step a function that evaluates it.")
        : Apply(loss);

    /// <summary>Where the chain wants the gradient of a step; unless it is θ, steps must be taken by <see cref="Step(Func{double}, out double)"/>.</summary>
    public GradientPlace GradientPlace => _point?.Place ?? GradientPlace.Parameters;

    /// <summary>Takes a whole step: asks for the gradient where the chain wants it, once or twice, then changes θ.</summary>
    /// <param name="evaluate">Writes the gradient at the present θ and returns the loss there. θ may stand elsewhere while it is called; it is back afterwards, whatever happens.</param>
    /// <param name="loss">The loss of the first evaluation.</param>
    /// <returns>What the step did. A loss that is not finite skips it.</returns>
    public StepOutcome Step(Func<double> evaluate, out double loss)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        if (_point is not { Place: GradientPlace.Ahead })
        {
            loss = evaluate();
            if (_point is null || !double.IsFinite(loss))
            {
                return Apply(loss);
            }

            double norm = MeasureGradient();
            if (!double.IsFinite(norm))
            {
                return Skipped(SkipReason.NonFiniteGradient, norm);
            }

            return double.IsFinite(EvaluateAtPoint(evaluate)) ? Apply(loss) : Skipped(SkipReason.NonFiniteLoss, double.NaN);
        }

        loss = EvaluateAtPoint(evaluate);
        return Apply(loss);
    }

    private StepOutcome Apply(double loss)
    {
        if (_isAverageInUse)
        {
            throw new InvalidOperationException("The average stands in the place of the parameters; dispose of its use before the next step.");
        }

        RequireCurvature();
        if (!double.IsFinite(loss))
        {
            return Skipped(SkipReason.NonFiniteLoss, double.NaN);
        }

        double gradientNorm = MeasureGradient();
        if (!double.IsFinite(gradientNorm))
        {
            return Skipped(SkipReason.NonFiniteGradient, gradientNorm);
        }

        bool curvatureIsNew = CurvatureIsNew && Curvature is not null;
        if (curvatureIsNew && ((ReadOnlySpan<T>)Curvature!.Span).IndexOfAnyExceptFinite() >= 0)
        {
            CurvatureIsNew = false;
            return Skipped(SkipReason.NonFiniteCurvature, gradientNorm);
        }

        if (_microBatches is not null && !_microBatches.IsStepDue(ref loss))
        {
            return Skipped(SkipReason.Accumulating, gradientNorm);
        }

        double rate = NextLearningRate;
        CurvatureIsNew = false;
        _scope.SetLoss(loss);
        _scope.Advance(AppliedSteps, LearningRateStep ?? AppliedSteps, LearningRateFactor, curvatureIsNew);
        PrepareToMeasure();
        _program.RunStage(1);
        AppliedSteps++;
        return new StepOutcome(SkipReason.None, _meanGradientNorm?.Value ?? gradientNorm, MeasureUpdate(), rate * _scope.ComputedLearningRate(), _scope.WasClipped);
    }

    private double EvaluateAtPoint(Func<double> evaluate)
    {
        _point!.Move(AppliedSteps);
        try
        {
            return evaluate();
        }
        finally
        {
            _point.Return();
        }
    }

    private StepOutcome Skipped(SkipReason reason, double gradientNorm) => new(reason, gradientNorm, 0, NextLearningRate, false);

    private static Tensor Flat(ProgramBuilder<T> builder, string name, Layout layout, FlatVector<T> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        return vector.Length == layout.Length
            ? builder.View(name, new Shape(layout.Length), vector, 0)
            : throw WrongLength(name, vector, layout);
    }

    private static ArgumentException WrongLength(string name, FlatVector<T> vector, Layout layout) =>
        new($"The {name} vector has {vector.Length} elements, but the layout {layout.Length}.", name);
}
