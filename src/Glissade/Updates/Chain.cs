using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>Update rules in order: the recipe of an optimizer.</summary>
/// <remarks>
/// Order is meaning: a learning rate before momentum scales what enters the velocity, after it what leaves. Immutable; free to share between threads.
/// </remarks>
public sealed class Chain
{
    private Chain(ImmutableArray<UpdateRule> rules) => Rules = rules;

    /// <summary>The rules, in the order in which the update passes them.</summary>
    public ImmutableArray<UpdateRule> Rules { get; }

    /// <summary>A chain of rules.</summary>
    /// <param name="rules">In the order in which the update passes them; none gives θ ← θ − g.</param>
    public static Chain Of(params IEnumerable<UpdateRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ImmutableArray<UpdateRule> all = [.. rules];
        return all.Any(r => r is null)
            ? throw new ArgumentException("A rule of the chain is null.", nameof(rules))
            : new Chain(all);
    }

    /// <summary>This chain's rules and after them more.</summary>
    /// <param name="rules">The rules to add.</param>
    public Chain Then(params IEnumerable<UpdateRule> rules) => Of(Rules.Concat(rules));

    /// <summary>Compiles the chain for parameters: one loop over θ, with all state beside it.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="layout">Names and places of the parameters, for rules restricted by name.</param>
    /// <param name="parameters">θ, changed in place by each step.</param>
    /// <param name="gradient">The gradient, read by each step.</param>
    /// <param name="average">An average of θ to keep in the same loop, or null.</param>
    /// <param name="curvature">Where the caller puts estimates of the diagonal of the Hessian of his own making, for rules that ask for them; null where a <see cref="CurvatureEstimator{T}"/> makes those that the rules name. See <see cref="Updater{T}.CurvatureIsNew"/>.</param>
    /// <exception cref="ArgumentException">
    /// A length differs from the layout's, a pattern of names matches none, <see cref="Accumulate"/> does not stand first, a <see cref="Freeze"/> that thaws stands
    /// behind a rule which keeps what is evaluated beside θ, a rule needs a curvature that was neither named nor given, or two rules name different ones.
    /// </exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    public Updater<T> Compile<T>(Layout layout, FlatVector<T> parameters, FlatVector<T> gradient, ParameterAverage? average = null, FlatVector<T>? curvature = null)
        where T : unmanaged, IFloatingPointIeee754<T> => new(this, layout, parameters, gradient, null, average, curvature);

    /// <summary>Compiles the chain for parameters whose gradient is measured by the program that computes it: the step does not read it once more for its length.</summary>
    /// <remarks>Only for a gradient that nobody changes between its program and the step: see <see cref="MeasuredGradient{T}"/>.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="layout">Names and places of the parameters, for rules restricted by name.</param>
    /// <param name="parameters">θ, changed in place by each step.</param>
    /// <param name="gradient">The gradient, read by each step.</param>
    /// <param name="average">An average of θ to keep in the same loop, or null.</param>
    /// <param name="curvature">Where the caller puts estimates of the diagonal of the Hessian of his own making; null where none are needed or a <see cref="CurvatureEstimator{T}"/> makes them.</param>
    /// <exception cref="ArgumentException">As for <see cref="Compile{T}(Layout, FlatVector{T}, FlatVector{T}, ParameterAverage, FlatVector{T})"/>.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    public Updater<T> Compile<T>(Layout layout, FlatVector<T> parameters, MeasuredGradient<T> gradient, ParameterAverage? average = null, FlatVector<T>? curvature = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return new(this, layout, parameters, gradient.Vector, gradient, average, curvature);
    }

    /// <summary>The rules' names, in order.</summary>
    public override string ToString() => string.Join(" → ", Rules.Select(r => r.Name));
}
