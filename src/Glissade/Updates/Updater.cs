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
    private readonly Program<T> _program;
    private readonly CompiledScope<T> _scope;
    private readonly FlatVector<T>? _averageState;
    private readonly FlatVector<T> _gradientNorm, _updateNorm;

    internal Updater(Chain chain, Layout layout, FlatVector<T> parameters, FlatVector<T> gradient, ParameterAverage? average)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        Parameters = parameters;
        var builder = new ProgramBuilder<T>();
        Tensor theta = Flat(builder, "parameters", layout, parameters);
        Tensor g = Flat(builder, "gradient", layout, gradient);
        builder.Output("gradient-norm", Functions.Norm(g), stage: 0);

        _scope = new CompiledScope<T>(builder, theta, layout);
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

    /// <summary>The numbers kept beside the state vectors, by name: the step count, the factor of the learning rate and the products of decays that free means of their bias.</summary>
    public ImmutableSortedDictionary<string, double> Counters => _scope.Counters.Add("applied-steps", AppliedSteps).Add("learning-rate-factor", LearningRateFactor);

    /// <summary>What the chain's learning rates are multiplied by from the next step on, whatever their schedules say: finite, 0 or more, 1 at first.</summary>
    /// <remarks>A counter of the name <c>learning-rate-factor</c>, so it is saved and restored with <see cref="Counters"/>. A chain without a learning rate does not heed it.</remarks>
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

    /// <summary>The learning rate of the next step, <see cref="LearningRateFactor"/> included.</summary>
    public double NextLearningRate => _scope.LearningRateAt(LearningRateStep ?? AppliedSteps, LearningRateFactor);

    /// <summary>Changes θ by the gradient as the chain says, or leaves everything as it is where the gradient is not finite.</summary>
    public StepOutcome Step()
    {
        _program.RunStage(0);
        double gradientNorm = double.CreateTruncating(_gradientNorm[0]);
        double rate = NextLearningRate;
        if (!double.IsFinite(gradientNorm))
        {
            return new StepOutcome(SkipReason.NonFiniteGradient, gradientNorm, 0, rate, false);
        }

        _scope.Advance(AppliedSteps, LearningRateStep ?? AppliedSteps, LearningRateFactor);
        _program.RunStage(1);
        AppliedSteps++;
        return new StepOutcome(SkipReason.None, gradientNorm, double.CreateTruncating(_updateNorm[0]), rate, _scope.WasClipped);
    }

    /// <summary>Writes the average of θ, freed of its bias; θ itself where no average is kept or no step was applied.</summary>
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
            Parameters.Span.CopyTo(destination);
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

        foreach ((string name, double value) in counters)
        {
            (bool fits, string right) = name switch
            {
                "applied-steps" => (value >= 0 && value < long.MaxValue && double.IsInteger(value), "a whole number, 0 or more"),
                "learning-rate-factor" => (value >= 0 && double.IsFinite(value), "finite and 0 or more"),
                _ => (value is >= 0 and <= 1, "in [0, 1]"),
            };
            if (!fits)
            {
                throw new ArgumentException($"The saved counter '{name}' is {value}; it must be {right}.", nameof(counters));
            }
        }

        AppliedSteps = (long)counters["applied-steps"];
        LearningRateFactor = counters["learning-rate-factor"];
        _scope.Restore(counters);
    }

    private static Tensor Flat(ProgramBuilder<T> builder, string name, Layout layout, FlatVector<T> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        return vector.Length == layout.Length
            ? builder.View(name, new Shape(layout.Length), vector, 0)
            : throw new ArgumentException($"The {name} vector has {vector.Length} elements, but the layout {layout.Length}.", name);
    }
}
