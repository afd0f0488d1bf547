using System.Collections.Immutable;

namespace Glissade.Updates;

/// <content>What is kept from step to step, saved and restored.</content>
public sealed partial class Updater<T>
{
    /// <summary>The numbers kept beside the state vectors, by name: the step count, the factor of the learning rate, products of decays that free means of their bias, and what else a rule keeps.</summary>
    public ImmutableSortedDictionary<string, double> Counters
    {
        get
        {
            ImmutableSortedDictionary<string, double> counters = _scope.Counters.Add(StepsCounter, AppliedSteps).Add(FactorCounter, LearningRateFactor);
            return _microBatches is null ? counters : _microBatches.AddTo(counters);
        }
    }

    /// <summary>Sets the counters to saved ones; state vectors are restored by writing into <see cref="State"/>.</summary>
    /// <param name="counters">As given by <see cref="Counters"/>.</param>
    /// <exception cref="ArgumentException">The names differ from this chain's, or a number is impossible.</exception>
    /// <exception cref="InvalidOperationException">The average is in use, so that θ and its state stand in each other's place.</exception>
    public void Restore(IReadOnlyDictionary<string, double> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        if (_isAverageInUse)
        {
            throw new InvalidOperationException("The average stands in the place of the parameters; dispose of its use before restoring.");
        }

        if (!counters.Keys.Order(StringComparer.Ordinal).SequenceEqual(Counters.Keys.Order(StringComparer.Ordinal)))
        {
            throw new ArgumentException($"The saved counters are {string.Join(", ", counters.Keys.Order(StringComparer.Ordinal))}, but this chain has {string.Join(", ", Counters.Keys.Order(StringComparer.Ordinal))}.", nameof(counters));
        }

        double steps = counters[StepsCounter];
        if (!(steps >= 0 && steps < long.MaxValue && double.IsInteger(steps)))
        {
            throw new ArgumentException($"The saved counter '{StepsCounter}' is {steps}; it must be a whole number, 0 or more.", nameof(counters));
        }

        double factor = counters[FactorCounter];
        if (!(factor >= 0 && double.IsFinite(factor)))
        {
            throw new ArgumentException($"The saved counter '{FactorCounter}' is {factor}; it must be finite and 0 or more.", nameof(counters));
        }

        _scope.CheckKept(counters);
        _microBatches?.Restore(counters);
        AppliedSteps = (long)steps;
        LearningRateFactor = factor;

        // An estimate that is still to be taken in is one at another θ.
        CurvatureIsNew = false;
        _reach = double.NaN;
        _scope.Restore(counters);
    }

    /// <summary>Makes the states that begin as θ, such as averages, begin as what it is now, and not as what it is at the first step.</summary>
    /// <remarks>
    /// For who sets states before the first step: what is written into <see cref="State"/> after this stays. <see cref="Restore"/> takes it back, so that who saves a
    /// state before the first step calls this after restoring it.
    /// </remarks>
    public void BeginStates() => _scope.BeginStates();
}
