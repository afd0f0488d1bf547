namespace Glissade.Learning.Training;

/// <summary>A factor on the loss while its gradient is taken, and divided out of the gradient before any rule sees it, so that small adjoints do not vanish in a narrow format.</summary>
/// <remarks>
/// A dynamic factor is multiplied by <see cref="BackOff"/> whenever the gradient is not finite, and by <see cref="Growth"/> after every
/// <see cref="GrowthInterval"/> steps in a row whose gradient was; it stays within its bounds. A step whose gradient is not finite is skipped: it changes
/// neither parameters nor state, and schedules do not advance. Immutable; free to share between threads.
/// Micikevicius et al. (2018), Mixed Precision Training.
/// </remarks>
public sealed record LossScaling
{
    private LossScaling(double initial) => Initial = initial;

    /// <summary>No factor.</summary>
    public static LossScaling None { get; } = new(1);

    /// <summary>A factor that follows the gradients, 65,536 at first.</summary>
    public static LossScaling Dynamic { get; } = DynamicFrom(65536);

    /// <summary>The factor at the first step.</summary>
    public double Initial { get; }

    /// <summary>Whether the factor follows the gradients.</summary>
    public bool IsDynamic { get; private init; }

    /// <summary>What the factor grows by, 1 or more; 2 where nothing is said.</summary>
    public double Growth { get; init; } = 2;

    /// <summary>What the factor is multiplied by when a gradient is not finite, above 0 and below 1; ½ where nothing is said.</summary>
    public double BackOff { get; init; } = 0.5;

    /// <summary>Steps in a row with finite gradients after which the factor grows, 1 or more; 2,000 where nothing is said.</summary>
    public int GrowthInterval { get; init; } = 2000;

    /// <summary>The least factor; 2⁻¹⁴ where nothing is said.</summary>
    public double Minimum { get; init; } = Math.ScaleB(1, -14);

    /// <summary>The greatest factor; 2²⁴ where nothing is said.</summary>
    public double Maximum { get; init; } = Math.ScaleB(1, 24);

    /// <summary>A factor that stands still.</summary>
    /// <param name="scale">The factor, above 0 and finite as a float; of powers of two the division is exact.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static LossScaling Static(double scale) => new(Checked(scale));

    /// <summary>A factor that follows the gradients.</summary>
    /// <param name="initial">The factor at the first step, above 0 and finite as a float.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static LossScaling DynamicFrom(double initial) => new(Checked(initial)) { IsDynamic = true };

    /// <summary>Whether anything is scaled.</summary>
    internal bool IsActive => IsDynamic || Initial != 1;

    /// <summary>The state before the first step.</summary>
    internal LossScaleState Start => new(Initial, 0);

    /// <summary>The state after a gradient.</summary>
    internal LossScaleState After(LossScaleState state, bool isFinite)
    {
        if (!IsDynamic)
        {
            return state;
        }

        // Outside the bounds, as at first, the factor moves towards them only.
        return !isFinite ? new LossScaleState(Math.Max(state.Scale * BackOff, Math.Min(Minimum, state.Scale)), 0)
            : state.GoodSteps + 1 >= GrowthInterval ? new LossScaleState(Math.Min(state.Scale * Growth, Math.Max(Maximum, state.Scale)), 0)
            : state with { GoodSteps = state.GoodSteps + 1 };
    }

    internal void Check()
    {
        Require(Growth >= 1 && float.IsFinite((float)Growth), nameof(Growth), Growth, "1 or more");
        Require(BackOff is > 0 and < 1, nameof(BackOff), BackOff, "above 0 and below 1");
        Require(GrowthInterval >= 1, nameof(GrowthInterval), GrowthInterval, "1 or more");
        Require((float)Minimum > 0 && Minimum <= Maximum, nameof(Minimum), Minimum, $"above 0 and not above {nameof(Maximum)}");
        Require(float.IsFinite((float)Maximum), nameof(Maximum), Maximum, "finite as a float");
    }

    private static double Checked(double scale)
    {
        Require((float)scale > 0 && float.IsFinite((float)scale), nameof(scale), scale, "above 0 and finite as a float");
        return (float)scale;
    }

    private static void Require(bool isMet, string name, double value, string right)
    {
        if (!isMet)
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"Of a loss scaling, {name} must be {right}, not {value}."));
        }
    }
}

/// <summary>Where a loss scaling stands.</summary>
/// <param name="Scale">The factor of the next step.</param>
/// <param name="GoodSteps">Steps with finite gradients since the factor last changed.</param>
public readonly record struct LossScaleState(double Scale, long GoodSteps);
