using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Scales the update to the length of recent steps over that of recent updates, so that it has the unit of the parameters.</summary>
/// <remarks>
/// v ← ρv + (1−ρ)u², δ = √(a + ε)/√(v + ε)·u, a ← ρa + (1−ρ)δ²; the update becomes δ. Begins slowly: the first steps are about √ε long.
/// Zeiler (2012), ADADELTA: An Adaptive Learning Rate Method.
/// </remarks>
/// <param name="Decay">ρ in [0, 1), 0.9 by default.</param>
/// <param name="Epsilon">ε, 1e-6 by default.</param>
public sealed record Adadelta(Schedule Decay, double Epsilon = 1e-6) : UpdateRule
{
    /// <summary>ρ in [0, 1).</summary>
    public Schedule Decay { get; } = Hyperparameter.Decay(Decay);

    /// <summary>ε, above 0: without it nothing would ever move.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adadelta";

    /// <inheritdoc/>
    public override string Formula => "v ← ρv + (1−ρ)u², u = √(a + ε)/√(v + ε)·u, a ← ρa + (1−ρ)u²";

    /// <summary>The scaling as a link of a chain.</summary>
    /// <param name="decay">ρ in [0, 1); 0.9 by default.</param>
    /// <param name="epsilon">ε, above 0, 1e-6 by default.</param>
    public static Adadelta Scaling(Schedule? decay = null, double epsilon = 1e-6) => new(decay ?? 0.9, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor decay = scope.Scalar(Decay);
        Tensor square = scope.RunningMean("second-moment", Functions.Square(update), Decay);
        Tensor step = update;
        scope.State("steps-second-moment", previous =>
        {
            step = Functions.Sqrt(previous + Epsilon) / Functions.Sqrt(square + Epsilon) * update;
            return Functions.Blend(Functions.Square(step), previous, decay);
        });
        return step;
    }
}
