using System.Collections.Immutable;

namespace Glissade.Schedules;

/// <summary>Multi-step decay: multiplied by a factor at each of the given steps.</summary>
/// <param name="From">η₀, the value at first; finite.</param>
/// <param name="Factor">γ, 0 or more.</param>
/// <param name="Milestones">m₁ &lt; m₂ &lt; …, steps from which on one more factor applies; at least one, each 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <exception cref="ArgumentException">There is no milestone, or they do not rise.</exception>
/// <remarks>
/// η(t) = η₀·γ^#{i : mᵢ ≤ t}.
/// <para>He et al. (2016), Deep Residual Learning for Image Recognition. PyTorch's MultiStepLR.</para>
/// </remarks>
public sealed record MultiStepSchedule(double From, double Factor, ImmutableArray<long> Milestones) : Schedule
{
    /// <summary>The value at first.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>What the value is multiplied by.</summary>
    public double Factor { get; } = ScheduleArguments.NotNegative(Factor);

    /// <summary>The steps from which on one more factor applies, rising.</summary>
    public ImmutableArray<long> Milestones { get; } = Rising(Milestones, nameof(Milestones));

    /// <inheritdoc/>
    public override long? Length => Milestones[^1];

    /// <summary>Whether the other has the same parameters, milestone for milestone.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(MultiStepSchedule? other)
        => other is not null && From.Equals(other.From) && Factor.Equals(other.Factor) && Milestones.AsSpan().SequenceEqual(other.Milestones.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, Factor, Milestones.Length, Milestones[^1]);

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        int found = Milestones.BinarySearch(step);
        return From * Math.Pow(Factor, found >= 0 ? found + 1 : ~found);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"{Show(From)} times {Show(Factor)} at steps {string.Join(" and ", Milestones.Select(ShowCount))}";

    private static ImmutableArray<long> Rising(ImmutableArray<long> milestones, string name)
    {
        if (milestones.IsDefaultOrEmpty)
        {
            throw new ArgumentException("There must be at least one milestone.", name);
        }

        ScheduleArguments.Steps(milestones[0], name);
        for (int i = 1; i < milestones.Length; i++)
        {
            if (milestones[i] <= milestones[i - 1])
            {
                throw new ArgumentException($"Milestones must rise, but {milestones[i]} follows {milestones[i - 1]}.", name);
            }
        }

        return milestones;
    }
}
