using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>A chain compiled for one θ, with its state.</summary>
/// <remarks>
/// Each step first measures the gradient; a non-finite one changes nothing: neither θ, nor state, nor the step count that schedules see. A finite gradient may still
/// make an update that is not finite, as by a learning rate out of all bounds: an element of θ that would not be finite stays as it is, and the update's norm tells.
/// Belongs to one thread at a time. A step allocates nothing.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Updater<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Program<T> _program;
    private readonly CompiledScope<T> _scope;
    private readonly FlatVector<T>? _evaluated;
    private readonly GradientPoint<T>? _point;
    private readonly FlatVector<T> _gradient, _gradientNorm, _updateNorm;
    private bool _isAverageInUse;

    internal Updater(Chain chain, Layout layout, FlatVector<T> parameters, FlatVector<T> gradient, ParameterAverage? average)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        (Parameters, _gradient) = (parameters, gradient);
        var builder = new ProgramBuilder<T>();
        Tensor theta = Flat(builder, "parameters", layout, parameters);
        Tensor g = Flat(builder, "gradient", layout, gradient);
        _scope = new CompiledScope<T>(builder, theta, parameters, g, layout);
        builder.Output("gradient-norm", Functions.Norm(g), stage: 0);
        Tensor update = g;
        (UpdateRule Rule, string Name)? placing = null;
        foreach (UpdateRule rule in chain.Rules)
        {
            string name = _scope.Enter(rule.Name);
            update = rule.Trace(update, _scope);
            if (rule.GradientPlace != GradientPlace.Parameters)
            {
                placing = placing is { } other
                    ? throw new ArgumentException($"The rules '{other.Name}' and '{name}' both say where the gradient is to be taken; one of a chain may.", nameof(chain))
                    : (rule, name);
            }
        }

        // 0·x is 0 of every number and NaN of what is none: there θ stays as it is, at the price of three operations in a loop that mostly waits for memory.
        Tensor moved = theta - update;
        Tensor next = Functions.Select(Functions.EqualTo(moved * 0, builder.Constant(0)), moved, theta);
        if (average is not null)
        {
            _scope.Enter(average.Name);
            _scope.ProvideEvaluation(average.Trace(next, _scope));
        }

        _evaluated = _scope.Evaluation;

        builder.Output(next, parameters, 0, stage: 1);
        builder.Output("update-norm", Functions.Norm(update), stage: 1);
        _scope.DeclareOutputs(stage: 1);
        _program = builder.Build();
        _gradientNorm = _program.Buffer("gradient-norm");
        _updateNorm = _program.Buffer("update-norm");
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

    /// <summary>The numbers kept beside the state vectors, by name: the step count and the products of decays that free means of their bias.</summary>
    public ImmutableSortedDictionary<string, double> Counters => _scope.Counters.Add("applied-steps", AppliedSteps);

    /// <summary>The learning rate of the next step.</summary>
    public double NextLearningRate => _scope.LearningRateAt(AppliedSteps);

    /// <summary>Changes θ by the gradient as the chain says, or leaves everything as it is where the gradient is not finite.</summary>
    /// <exception cref="InvalidOperationException">The chain wants the gradient elsewhere than at θ, or the average is in use.</exception>
    public StepOutcome Step() => _point is null
        ? Apply()
        : throw new InvalidOperationException("A rule of the chain says where the gradient is to be taken; give the step a function that evaluates it.");

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
            if (!double.IsFinite(loss))
            {
                return Skipped(SkipReason.NonFiniteLoss, double.NaN);
            }

            if (_point is null)
            {
                return Apply();
            }

            double norm = MeasureGradient();
            if (!double.IsFinite(norm))
            {
                return Skipped(SkipReason.NonFiniteGradient, norm);
            }

            return double.IsFinite(EvaluateAtPoint(evaluate)) ? Apply() : Skipped(SkipReason.NonFiniteLoss, double.NaN);
        }

        loss = EvaluateAtPoint(evaluate);
        return double.IsFinite(loss) ? Apply() : Skipped(SkipReason.NonFiniteLoss, double.NaN);
    }

    /// <summary>Writes the parameters to evaluate and to keep: the average where one is kept and a step was applied, else θ.</summary>
    /// <param name="destination">A vector of the length of θ.</param>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public void CopyAverage(Span<T> destination)
    {
        if (destination.Length != Parameters.Length)
        {
            throw new ArgumentException($"The destination has {destination.Length} elements, but there are {Parameters.Length} parameters.", nameof(destination));
        }

        (_evaluated is null || AppliedSteps == 0 ? Parameters : _evaluated).Span.CopyTo(destination);
    }

    /// <summary>Puts the average into θ until what is returned is disposed of: <c>using (updater.UseAverage()) { … }</c> evaluates it and swaps back, whatever happens.</summary>
    /// <remarks>No step may be taken meanwhile. Where there is no average, or no step was applied, nothing is swapped.</remarks>
    /// <exception cref="InvalidOperationException">The average is in use already.</exception>
    public AverageInUse UseAverage()
    {
        if (_isAverageInUse)
        {
            throw new InvalidOperationException("The average is in use already; dispose of the first use before the next.");
        }

        Swap();
        _isAverageInUse = true;
        return new AverageInUse(() =>
        {
            Swap();
            _isAverageInUse = false;
        });
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
            bool fits = name == "applied-steps" ? value >= 0 && value < long.MaxValue && double.IsInteger(value) : value is >= 0 and <= 1;
            if (!fits)
            {
                throw new ArgumentException($"The saved counter '{name}' is {value}; it must be {(name == "applied-steps" ? "a whole number, 0 or more" : "in [0, 1]")}.", nameof(counters));
            }
        }

        AppliedSteps = (long)counters["applied-steps"];
        _scope.Restore(counters);
    }

    private StepOutcome Apply()
    {
        if (_isAverageInUse)
        {
            throw new InvalidOperationException("The average stands in the place of the parameters; dispose of its use before the next step.");
        }

        double gradientNorm = MeasureGradient();
        if (!double.IsFinite(gradientNorm))
        {
            return Skipped(SkipReason.NonFiniteGradient, gradientNorm);
        }

        double rate = NextLearningRate;
        _scope.Advance(AppliedSteps);
        _program.RunStage(1);
        AppliedSteps++;
        return new StepOutcome(SkipReason.None, gradientNorm, double.CreateTruncating(_updateNorm[0]), rate, _scope.WasClipped);
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

    private double MeasureGradient()
    {
        _program.RunStage(0);
        double norm = double.CreateTruncating(_gradientNorm[0]);
        if (!double.IsFinite(norm))
        {
            // A sum of squares that is too great is no reason to lose a step. The rules read the norm where the measuring pass has written it.
            norm = NormOf(_gradient.Span);
            _gradientNorm[0] = T.CreateTruncating(norm);
        }

        return norm;
    }

    private void Swap()
    {
        if (_evaluated is not null && AppliedSteps > 0)
        {
            Span<T> parameters = Parameters.Span, evaluated = _evaluated.Span;
            for (int i = 0; i < parameters.Length; i++)
            {
                (parameters[i], evaluated[i]) = (evaluated[i], parameters[i]);
            }
        }
    }

    /// <summary>‖x‖₂ in double, by elements that are scaled by the greatest; NaN or infinite only if an element is, or the length itself is too great.</summary>
    private static double NormOf(ReadOnlySpan<T> x)
    {
        double greatest = 0, sum = 0;
        foreach (T element in x)
        {
            greatest = Math.Max(greatest, Math.Abs(double.CreateTruncating(element)));
        }

        if (!double.IsFinite(greatest))
        {
            return greatest;
        }

        foreach (T element in x)
        {
            double part = double.CreateTruncating(element) / greatest;
            sum += part * part;
        }

        return greatest * Math.Sqrt(sum);
    }

    private static Tensor Flat(ProgramBuilder<T> builder, string name, Layout layout, FlatVector<T> vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        return vector.Length == layout.Length
            ? builder.View(name, new Shape(layout.Length), vector, 0)
            : throw new ArgumentException($"The {name} vector has {vector.Length} elements, but the layout {layout.Length}.", name);
    }
}
