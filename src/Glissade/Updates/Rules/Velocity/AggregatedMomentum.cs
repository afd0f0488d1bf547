using System.Collections.Immutable;
using System.Globalization;
using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>The mean of several velocities with memories of different length: the short ones damp the swinging of the long ones.</summary>
/// <remarks>
/// vᵢ ← βᵢvᵢ + u, u = (v₁ + … + v_K)/K.
/// Lucas, Sun, Zemel and Grosse (2019), Aggregated Momentum: Stability Through Passive Damping.
/// </remarks>
public sealed record AggregatedMomentum : UpdateRule
{
    private AggregatedMomentum(ImmutableArray<Schedule> coefficients) => Coefficients = coefficients;

    /// <summary>The βᵢ, each in [0, 1).</summary>
    public ImmutableArray<Schedule> Coefficients { get; }

    /// <inheritdoc/>
    public override string Name => "aggregated-momentum";

    /// <inheritdoc/>
    public override string Formula => "vᵢ ← βᵢvᵢ + u, u = (v₁ + … + v_K)/K";

    /// <summary>Velocities with the given coefficients.</summary>
    /// <param name="coefficients">The βᵢ, one or more, each in [0, 1).</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static AggregatedMomentum Of(params IEnumerable<Schedule> coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        ImmutableArray<Schedule> all = [.. coefficients.Select(c => Hyperparameter.Decay(c, nameof(coefficients)))];
        return all.IsEmpty
            ? throw new ArgumentException("Aggregated momentum needs at least one coefficient.", nameof(coefficients))
            : new AggregatedMomentum(all);
    }

    /// <summary>So many velocities with βᵢ = 1 − 0.1ⁱ, i from 0: 0, 0.9, 0.99 and so on.</summary>
    /// <param name="velocities">K, from 1 to 15; 3 by default.</param>
    public static AggregatedMomentum Exponential(int velocities = 3) => velocities is >= 1 and <= 15
        ? Of(Enumerable.Range(0, velocities).Select(i => Schedule.Constant(1 - Math.Pow(0.1, i))))
        : throw new ArgumentOutOfRangeException(nameof(velocities), velocities, $"The number of velocities must be from 1 to 15, not {velocities}.");

    /// <inheritdoc/>
    public bool Equals(AggregatedMomentum? other) => other is not null && Coefficients.AsSpan().SequenceEqual(other.Coefficients.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Coefficients.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor sum = scope.Constant(0);
        for (int i = 0; i < Coefficients.Length; i++)
        {
            string number = (i + 1).ToString(CultureInfo.InvariantCulture);
            Tensor coefficient = scope.Scalar(Coefficients[i], "coefficient-" + number);
            sum += scope.State("velocity-" + number, previous => (coefficient * previous) + update);
        }

        return sum / Coefficients.Length;
    }
}
