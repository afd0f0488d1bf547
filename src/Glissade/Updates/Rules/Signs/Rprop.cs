using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>A step length for each parameter that grows while the sign of its gradient stays and shrinks when it turns; for whole data sets, not for batches.</summary>
/// <remarks>
/// With the update before, u′: u·u′ &gt; 0: Δ ← min(η⁺Δ, Δmax); u·u′ &lt; 0: Δ ← max(η⁻Δ, Δmin) and u counts as 0, now and as the u′ of the next step;
/// then u = sign(u)·Δ. The steps are lengths in themselves: no learning rate need follow.
/// Riedmiller and Braun (1993), A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm; the form without backtracking
/// of Igel and Hüsken (2000), Improving the Rprop Learning Algorithm (iRprop−), which is PyTorch's.
/// </remarks>
/// <param name="Start">Δ of the first step.</param>
/// <param name="Shrinking">η⁻ in (0, 1).</param>
/// <param name="Growing">η⁺, 1 or more.</param>
/// <param name="Least">Δmin, 0 or more.</param>
/// <param name="Greatest">Δmax, not below Δmin.</param>
public sealed record Rprop(double Start, Schedule Shrinking, Schedule Growing, double Least = 1e-6, double Greatest = 50) : UpdateRule
{
    /// <summary>Δ before the first step, above 0.</summary>
    public double Start { get; } = Hyperparameter.Positive(Start);

    /// <summary>η⁻ in (0, 1).</summary>
    public Schedule Shrinking { get; } = Hyperparameter.Decay(Hyperparameter.Positive(Shrinking));

    /// <summary>η⁺, 1 or more.</summary>
    public Schedule Growing { get; } = Hyperparameter.AtLeastOne(Growing);

    /// <summary>Δmin, 0 or more.</summary>
    public double Least { get; } = Hyperparameter.NotNegative(Least);

    /// <summary>Δmax, not below Δmin.</summary>
    public double Greatest { get; } = Greatest >= Least && double.IsFinite(Greatest)
        ? Greatest
        : throw new ArgumentOutOfRangeException(nameof(Greatest), Greatest, FormattableString.Invariant($"The greatest step must be finite and not below the least, {Least}; it is {Greatest}."));

    /// <inheritdoc/>
    public override string Name => "rprop";

    /// <inheritdoc/>
    public override string Formula => "Δ ← min(η⁺Δ, Δmax) where u·u′ > 0, max(η⁻Δ, Δmin) and u ← 0 where u·u′ < 0; u = sign(u)·Δ";

    /// <summary>The rule as a link of a chain, usually its only one.</summary>
    /// <param name="start">Δ before the first step, above 0.</param>
    /// <param name="shrinking">η⁻ in (0, 1); 0.5 by default.</param>
    /// <param name="growing">η⁺, 1 or more; 1.2 by default.</param>
    /// <param name="least">Δmin, 0 or more.</param>
    /// <param name="greatest">Δmax, not below Δmin.</param>
    public static Rprop Of(double start = 0.01, Schedule? shrinking = null, Schedule? growing = null, double least = 1e-6, double greatest = 50) =>
        new(start, shrinking ?? 0.5, growing ?? 1.2, least, greatest);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor shrinking = scope.Scalar(Shrinking), growing = scope.Scalar(Growing);

        // The product of the signs, since the product of two small gradients may be 0.
        Tensor agreement = update, counted = update;
        scope.State("previous-update", previous =>
        {
            agreement = Functions.Sign(update) * Functions.Sign(previous);
            counted = Functions.Select(Functions.Greater(-agreement, 0), scope.Constant(0), update);
            return counted;
        });
        Tensor step = scope.State("step", previous =>
        {
            Tensor length = Functions.Select(scope.IsFirstStep, scope.Constant(Start), previous);
            Tensor factor = Functions.Select(Functions.Greater(agreement, 0), growing, Functions.Select(Functions.Greater(-agreement, 0), shrinking, 1));
            return Functions.Clamp(length * factor, scope.Constant(Least), scope.Constant(Greatest));
        });
        return Functions.Sign(counted) * step;
    }
}
