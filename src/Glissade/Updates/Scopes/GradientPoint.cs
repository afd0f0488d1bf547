using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Where the gradient of a step is taken.</summary>
public enum GradientPlace
{
    /// <summary>At θ: one gradient a step.</summary>
    Parameters,

    /// <summary>At a point that θ and the rule's state give: one gradient a step, as in Nesterov's method.</summary>
    Ahead,

    /// <summary>At a point that the gradient at θ gives: two gradients a step, as in sharpness-aware minimisation.</summary>
    AlongGradient,
}

/// <summary>What a rule may use to say where the gradient is to be taken.</summary>
public abstract class GradientPointScope
{
    private protected GradientPointScope(Tensor parameters) => Parameters = parameters;

    /// <summary>θ before the step.</summary>
    public Tensor Parameters { get; }

    /// <summary>A hyperparameter at the current step.</summary>
    /// <param name="schedule">The hyperparameter over time; steps count the applied steps before this one.</param>
    public abstract Tensor Scalar(Schedule schedule);

    /// <summary>A rate at the current step; it bears the updater's <see cref="Updater{T}.LearningRateFactor"/>, and the step's outcome does not tell it.</summary>
    /// <param name="rate">The rate over time; steps count the applied steps before this one.</param>
    public abstract Tensor LearningRate(Schedule rate);

    /// <summary>A state of the rule as the last step left it.</summary>
    /// <param name="name">As it was named in the rule's <see cref="RuleScope.State(string, Func{Tensor, Tensor})"/>.</param>
    /// <exception cref="ArgumentException">The rule has no such state.</exception>
    public abstract Tensor State(string name);

    internal abstract Tensor Mask(NamePatterns patterns, bool matching);
}

/// <summary>Moves θ to where the gradient is to be taken, and back.</summary>
internal sealed class GradientPoint<T> : GradientPointScope
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ProgramBuilder<T> _builder;
    private readonly Updater<T> _updater;
    private readonly string _rule;
    private readonly FlatVector<T> _origin;
    private readonly List<(FlatVector<T> Buffer, Schedule Value, bool IsRate)> _scalars = [];
    private readonly Program<T> _program;

    private GradientPoint(ProgramBuilder<T> builder, Updater<T> updater, FlatVector<T> gradient, UpdateRule rule, string ruleName)
        : base(builder.View("parameters", new Shape(gradient.Length), updater.Parameters, 0))
    {
        (_builder, _updater, _rule) = (builder, updater, ruleName);
        Place = rule.GradientPlace;
        _origin = new FlatVector<T>(gradient.Length);
        Tensor g = builder.View("gradient", new Shape(gradient.Length), gradient, 0);
        builder.Output(rule.TraceGradientPoint(g, this), updater.Parameters, 0);
        _program = builder.Build();
    }

    public GradientPlace Place { get; }

    public static GradientPoint<T> Of(Updater<T> updater, FlatVector<T> gradient, UpdateRule rule, string ruleName) =>
        new(new ProgramBuilder<T>(), updater, gradient, rule, ruleName);

    public override Tensor Scalar(Schedule schedule) => Scalar(schedule, isRate: false);

    public override Tensor LearningRate(Schedule rate) => Scalar(rate, isRate: true);

    public override Tensor State(string name)
    {
        string key = $"{_rule}.{name}";
        return _updater.State.FirstOrDefault(s => s.Key == key) is { Value: { } vector }
            ? _builder.View(key, Parameters.Shape, vector, 0)
            : throw new ArgumentException($"The rule '{_rule}' has no state called '{name}'.", nameof(name));
    }

    internal override Tensor Mask(NamePatterns patterns, bool matching) => _builder.Mask($"mask {patterns}", _updater.Layout, patterns, matching);

    /// <summary>Remembers θ and moves it to the point.</summary>
    public void Move(long step)
    {
        foreach ((FlatVector<T> buffer, Schedule value, bool isRate) in _scalars)
        {
            buffer[0] = T.CreateTruncating(isRate ? _updater.LearningRateFactor * value.At(_updater.LearningRateStep ?? step) : value.At(step));
        }

        _updater.Parameters.Span.CopyTo(_origin.Span);
        _program.Run();
    }

    /// <summary>Moves θ back.</summary>
    public void Return() => _origin.Span.CopyTo(_updater.Parameters.Span);

    private Tensor Scalar(Schedule schedule, bool isRate)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var buffer = new FlatVector<T>(1);
        _scalars.Add((buffer, schedule, isRate));
        return _builder.View(schedule.ToString(), Shape.Scalar, buffer, 0);
    }
}
