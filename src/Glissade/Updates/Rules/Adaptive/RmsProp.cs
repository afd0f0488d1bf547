using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Divides by the root of a running mean of squared updates; centred, by their running standard deviation.</summary>
/// <remarks>
/// v ← αv + (1−α)u², u = u/(√v + ε); centred: m ← αm + (1−α)u, u = u/(√(v − m²) + ε).
/// Tieleman and Hinton (2012), Lecture 6.5 — RMSProp; Graves (2013), Generating Sequences with Recurrent Neural Networks, for the centred form.
/// </remarks>
/// <param name="Decay">α in [0, 1), 0.99 by default.</param>
/// <param name="Centered">Whether the mean is subtracted.</param>
/// <param name="Epsilon">ε, 1e-8 by default.</param>
public sealed record RmsProp(Schedule Decay, bool Centered = false, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>α in [0, 1).</summary>
    public Schedule Decay { get; } = Hyperparameter.Decay(Decay);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    public override string Formula => "v ← αv + (1−α)u², u = u/(√v + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="decay">α in [0, 1); 0.99 by default.</param>
    /// <param name="centered">Whether the mean is subtracted.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static RmsProp Scaling(Schedule? decay = null, bool centered = false, double epsilon = 1e-8) => new(decay ?? 0.99, centered, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor square = scope.RunningMean("second-moment", Functions.Square(update), Decay);
        if (Centered)
        {
            // Rounding may carry a variance near 0 below it, where it would have no root.
            Tensor mean = scope.RunningMean("first-moment", update, Decay);
            square = Functions.Maximum(square - Functions.Square(mean), 0);
        }

        return update / (Functions.Sqrt(square) + Epsilon);
    }
}
