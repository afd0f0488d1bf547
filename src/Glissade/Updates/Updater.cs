using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>A chain compiled for one θ, with its state.</summary>
/// <remarks>
/// Each step first measures the gradient; a non-finite one changes nothing: neither θ, nor state, nor the step count that schedules see.
/// Belongs to one thread at a time. A step allocates nothing.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Updater<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string StepsCounter = "applied-steps";
    private readonly Program<T> _program;
    private readonly CompiledScope<T> _scope;
    private readonly FlatVector<T>? _averageState;
    private readonly FlatVector<T> _gradientNorm, _updateNorm;
    private readonly MicroBatches<T>? _microBatches;

    internal Updater(Chain chain, Layout layout, FlatVector<T> parameters, FlatVector<T> gradient, ParameterAverage? average, FlatVector<T>? curvature)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        Parameters = parameters;
        var builder = new ProgramBuilder<T>();
        Tensor theta = Flat(builder, "parameters", layout, parameters);
        Tensor g = Flat(builder, "gradient", layout, gradient);
        builder.Output("gradient-norm", Functions.Norm(g), stage: 0);

        if (curvature is not null && curvature.Length != layout.Length)
        {
            throw WrongLength("curvature", curvature, layout);
        }

        Curvature = curvature;
        _scope = new CompiledScope<T>(builder, theta, layout, curvature);
        Tensor update = g;
        foreach (UpdateRule rule in chain.Rules)
        {
            _scope.Enter(rule.Name);
            update = rule.Trace(update, _scope);
        }

        Tensor next = theta - update;
        if (average is not null)
        {
            _scope.Enter(average.Name);
            average.Trace(next, _scope);
            _averageState = _scope.States[^1].Value;
        }

        _microBatches = MicroBatches<T>.Of(chain, gradient, _scope);

        builder.Output(next, parameters, 0, stage: 1);
        builder.Output("update-norm", Functions.Norm(update), stage: 1);
        _scope.DeclareOutputs(stage: 1);
        _program = builder.Build();
        _gradientNorm = _program.Buffer("gradient-norm");
        _updateNorm = _program.Buffer("update-norm");
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

    /// <summary>The numbers kept beside the state vectors, by name: the step count, products of decays that free means of their bias, and what else a rule keeps.</summary>
    public ImmutableSortedDictionary<string, double> Counters
    {
        get
        {
            ImmutableSortedDictionary<string, double> counters = _scope.Counters.Add(StepsCounter, AppliedSteps);
            return _microBatches is null ? counters : _microBatches.AddTo(counters);
        }
    }

    /// <summary>The learning rate of the next step, as far as schedules decide it.</summary>
    public double NextLearningRate => _scope.LearningRateAt(AppliedSteps);

    /// <summary>Every hyperparameter that may follow a schedule, by rule and name such as <c>adam.beta1</c>, with its value in the last applied step, or in the first to come.</summary>
    /// <remarks>Valid until the property is read again; reading it allocates nothing but the first time.</remarks>
    public ReadOnlySpan<KeyValuePair<string, double>> Hyperparameters => _scope.HyperparametersAt(Math.Max(0, AppliedSteps - 1));

    /// <summary>What each clipping rule did in the last applied step, by its name: 0 for nothing, else the share of elements it clipped; 1 where it shortened all alike.</summary>
    /// <remarks>Valid until the property is read again; reading it allocates nothing but the first time.</remarks>
    public ReadOnlySpan<KeyValuePair<string, double>> Clips => _scope.Clips;

    /// <summary>The vector of the caller's estimates of the diagonal of the Hessian, or null where none was given.</summary>
    public FlatVector<T>? Curvature { get; }

    /// <summary>To be set after <see cref="Curvature"/> was filled: the next applied step takes the estimate in and clears this.</summary>
    /// <remarks>
    /// Estimates are costly, so a caller makes one every few steps. Two are usual. Hutchinson's: z ⊙ (Hz) with z of independent signs ±1.
    /// Gauss, Newton and Bartlett's: B·ĝ ⊙ ĝ, with ĝ the mean gradient over B examples whose labels were drawn from the model itself.
    /// An estimate that is not finite is thrown away and its step skipped.
    /// </remarks>
    public bool CurvatureIsNew { get; set; }

    /// <summary>Changes θ by the gradient as the chain says, or leaves everything as it is where the gradient is not finite.</summary>
    /// <exception cref="InvalidOperationException">A rule of the chain needs the loss; <see cref="Step(double)"/> takes it.</exception>
    public StepOutcome Step() => _scope.LossReader is { } rule
        ? throw new InvalidOperationException($"The rule '{rule}' needs the value of the loss: call Step(loss).")
        : Take(0);

    /// <summary>Changes θ by the gradient as the chain says, or leaves everything as it is where the loss or the gradient is not finite.</summary>
    /// <param name="loss">The loss at θ, whose gradient is that of the step.</param>
    public StepOutcome Step(double loss) => double.IsFinite(loss)
        ? Take(loss)
        : new StepOutcome(SkipReason.NonFiniteLoss, double.NaN, 0, NextLearningRate, false);

    private StepOutcome Take(double loss)
    {
        _program.RunStage(0);
        double gradientNorm = double.CreateTruncating(_gradientNorm[0]);
        double rate = NextLearningRate;
        if (!double.IsFinite(gradientNorm))
        {
            return new StepOutcome(SkipReason.NonFiniteGradient, gradientNorm, 0, rate, false);
        }

        bool curvatureIsNew = CurvatureIsNew && Curvature is not null;
        if (curvatureIsNew && ((ReadOnlySpan<T>)Curvature!.Span).IndexOfAnyExceptFinite() >= 0)
        {
            CurvatureIsNew = false;
            return new StepOutcome(SkipReason.NonFiniteCurvature, gradientNorm, 0, rate, false);
        }

        if (_microBatches is not null && !_microBatches.IsStepDue(ref loss))
        {
            return new StepOutcome(SkipReason.Accumulating, gradientNorm, 0, rate, false);
        }

        CurvatureIsNew = false;
        _scope.SetLoss(loss);
        _scope.Advance(AppliedSteps, curvatureIsNew);
        _program.RunStage(1);
        AppliedSteps++;
        return new StepOutcome(SkipReason.None, gradientNorm, double.CreateTruncating(_updateNorm[0]), rate * _scope.ComputedLearningRate(), _scope.WasClipped);
    }

    /// <summary>Writes the average of θ, freed of its bias; where none was asked for, that of a rule which keeps one; θ itself where there is none or no step was applied.</summary>
    /// <param name="destination">A vector of the length of θ.</param>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public void CopyAverage(Span<T> destination)
    {
        if (destination.Length != Parameters.Length)
        {
            throw new ArgumentException($"The destination has {destination.Length} elements, but there are {Parameters.Length} parameters.", nameof(destination));
        }

        if (_averageState is null || AppliedSteps == 0)
        {
            FlatVector<T> source = AppliedSteps == 0 ? Parameters : _scope.Average ?? Parameters;
            source.Span.CopyTo(destination);
            return;
        }

        T scale = T.CreateTruncating(1 / (1 - _scope.LastDecayProduct));
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = _averageState[i] * scale;
        }
    }

    /// <summary>Sets the counters to saved ones; state vectors are restored by writing into <see cref="State"/>.</summary>
    /// <param name="counters">As given by <see cref="Counters"/>.</param>
    /// <exception cref="ArgumentException">The names differ from this chain's, or a number is impossible.</exception>
    public void Restore(IReadOnlyDictionary<string, double> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        if (!counters.Keys.Order(StringComparer.Ordinal).SequenceEqual(Counters.Keys.Order(StringComparer.Ordinal)))
        {
            throw new ArgumentException($"The saved counters are {string.Join(", ", counters.Keys.Order(StringComparer.Ordinal))}, but this chain has {string.Join(", ", Counters.Keys.Order(StringComparer.Ordinal))}.", nameof(counters));
        }

        double steps = counters[StepsCounter];
        if (!(steps >= 0 && steps < long.MaxValue && double.IsInteger(steps)))
        {
            throw new ArgumentException($"The saved counter '{StepsCounter}' is {steps}; it must be a whole number, 0 or more.", nameof(counters));
        }

        _scope.CheckKept(counters);
        _microBatches?.Restore(counters);
        AppliedSteps = (long)steps;
        _scope.Restore(counters);
    }

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
