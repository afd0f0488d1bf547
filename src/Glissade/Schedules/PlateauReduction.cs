namespace Glissade.Schedules;

/// <summary>How much better than the best a metric must be to count as better.</summary>
public enum PlateauThreshold
{
    /// <summary>By a share of the best.</summary>
    Relative,

    /// <summary>By a difference.</summary>
    Absolute,
}

/// <summary>When the learning rate is reduced because a metric no longer gets better.</summary>
/// <remarks>
/// The defaults are those of PyTorch's ReduceLROnPlateau. Its <c>eps</c>, below which a change of the rate is left out, is 0 here.
/// Immutable; the state is a <see cref="PlateauReduction"/>.
/// </remarks>
public sealed record PlateauSettings
{
    /// <summary>What a reduction multiplies the rate by, above 0 and below 1.</summary>
    public double Factor { get; init => field = value is > 0 and < 1 ? value : throw Bad(nameof(Factor), value, "above 0 and below 1"); } = 0.1;

    /// <summary>How many measurements in a row may be no better than the best; one more reduces. 0 or more.</summary>
    public int Patience { get; init => field = value >= 0 ? value : throw Bad(nameof(Patience), value, "0 or more"); } = 10;

    /// <summary>ε: how much better counts as better; 0 or more, and below 1 where it is relative.</summary>
    public double Threshold { get; init => field = value >= 0 && double.IsFinite(value) ? value : throw Bad(nameof(Threshold), value, "finite and 0 or more"); } = 1e-4;

    /// <summary>Whether ε is a share of the best or a difference.</summary>
    public PlateauThreshold ThresholdKind { get; init; }

    /// <summary>How many measurements after a reduction are not counted against it; 0 or more.</summary>
    public int Cooldown { get; init => field = value >= 0 ? value : throw Bad(nameof(Cooldown), value, "0 or more"); }

    /// <summary>The least that the rate is multiplied by, from 0 to 1.</summary>
    public double Minimum { get; init => field = value is >= 0 and <= 1 ? value : throw Bad(nameof(Minimum), value, "from 0 to 1"); }

    /// <summary>Whether more of the metric is better, as for an accuracy; else less is, as for a loss.</summary>
    public bool HigherIsBetter { get; init; }

    private static ArgumentOutOfRangeException Bad(string name, object value, string right) =>
        new(name, value, FormattableString.Invariant($"'{name}' must be {right}, not {value}."));
}

/// <summary>The state of a reduction on a plateau, to be saved and restored.</summary>
/// <param name="Multiplier">What the rate is multiplied by now, above 0 and at most 1.</param>
/// <param name="Best">The best measurement so far; +∞, or −∞ where more is better, before the first.</param>
/// <param name="NotBetter">Measurements since that were no better, those of a cooldown left out.</param>
/// <param name="CooldownLeft">Measurements that will not be counted yet.</param>
public readonly record struct PlateauState(double Multiplier, double Best, int NotBetter, int CooldownLeft);

/// <summary>Reduces the learning rate when a metric stops getting better.</summary>
/// <remarks>
/// Not a schedule: what it gives depends on what was measured, not on the step alone. A measurement is better than the best, b,
/// if it is below b(1 − ε) for a relative threshold and below b − ε for an absolute one (above b(1 + ε) and b + ε where more is better). A better one becomes the best. When more than
/// <see cref="PlateauSettings.Patience"/> in a row were not better, the multiplier becomes max(factor·multiplier, minimum), the count begins again, and the
/// next <see cref="PlateauSettings.Cooldown"/> measurements are not counted. A measurement that is not a number is not better.
/// <para>PyTorch's ReduceLROnPlateau, measurement for measurement. With a relative threshold, b must not be negative: b(1 − ε) is then above b, so that worse passes for better.</para>
/// </remarks>
/// <param name="settings">When to reduce, and by how much.</param>
/// <exception cref="ArgumentException">A relative threshold is 1 or more: nothing would be better.</exception>
public sealed class PlateauReduction(PlateauSettings settings)
{
    /// <summary>When it reduces, and by how much.</summary>
    public PlateauSettings Settings { get; } = Checked(settings);

    /// <summary>The state; all there is.</summary>
    public PlateauState State { get; private set; } = new(1, settings.HigherIsBetter ? double.NegativeInfinity : double.PositiveInfinity, 0, 0);

    /// <summary>What the learning rate is multiplied by.</summary>
    public double Multiplier => State.Multiplier;

    /// <summary>Takes a measurement.</summary>
    /// <param name="metric">What was measured.</param>
    /// <returns>Whether the multiplier was reduced by it.</returns>
    public bool Measure(double metric)
    {
        PlateauState state = State;
        state = IsBetter(metric, state.Best)
            ? state with { Best = metric, NotBetter = 0 }
            : state with { NotBetter = state.NotBetter + 1 };
        if (state.CooldownLeft > 0)
        {
            state = state with { CooldownLeft = state.CooldownLeft - 1, NotBetter = 0 };
        }

        bool reduces = state.NotBetter > Settings.Patience;
        State = reduces
            ? state with { Multiplier = Math.Max(state.Multiplier * Settings.Factor, Settings.Minimum), NotBetter = 0, CooldownLeft = Settings.Cooldown }
            : state;
        return reduces && State.Multiplier < state.Multiplier;
    }

    /// <summary>Goes on from a saved state.</summary>
    /// <param name="state">As <see cref="State"/> gave it.</param>
    /// <exception cref="ArgumentException">The state is impossible.</exception>
    public void Restore(PlateauState state)
    {
        if (!(state.Multiplier is >= 0 and <= 1) || state.NotBetter < 0 || state.CooldownLeft < 0 || double.IsNaN(state.Best))
        {
            throw new ArgumentException($"{state} is no state of a reduction on a plateau: the multiplier must be from 0 to 1, the counts 0 or more and the best a number.", nameof(state));
        }

        State = state;
    }

    private bool IsBetter(double metric, double best) => (Settings.HigherIsBetter, Settings.ThresholdKind) switch
    {
        (false, PlateauThreshold.Relative) => metric < best * (1 - Settings.Threshold),
        (false, _) => metric < best - Settings.Threshold,
        (true, PlateauThreshold.Relative) => metric > best * (1 + Settings.Threshold),
        _ => metric > best + Settings.Threshold,
    };

    private static PlateauSettings Checked(PlateauSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings is { ThresholdKind: PlateauThreshold.Relative, Threshold: >= 1 }
            ? throw new ArgumentException($"A relative threshold must be below 1, not {settings.Threshold}: nothing would ever be better.", nameof(settings))
            : settings;
    }
}
