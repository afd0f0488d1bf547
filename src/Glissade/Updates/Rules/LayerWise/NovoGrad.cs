using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Divides the update of each parameter by the root of a running mean of its squared norm.</summary>
/// <remarks>
/// vₗ ← β₂vₗ + (1−β₂)‖uₗ‖², uₗ/(√vₗ + ε) for each parameter l; in the first step vₗ = ‖uₗ‖². Decoupled decay, momentum and learning rate follow in the chain.
/// Ginsburg, Castonguay, Hrinchuk, Kuchaiev, Lavrukhin, Leary, Li, Nguyen, Zhang and Cohen (2019), Stochastic Gradient Methods with Layer-wise Adaptive Moments
/// for Training of Deep Networks.
/// </remarks>
/// <param name="Beta2">β₂ in [0, 1), 0.98 by default.</param>
/// <param name="Epsilon">ε, 1e-8 by default; added in the first step too.</param>
public sealed record NovoGrad(Schedule Beta2, double Epsilon = 1e-8) : LayerWiseRule
{
    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "novograd";

    /// <inheritdoc/>
    public override string Formula => "vₗ ← β₂vₗ + (1−β₂)‖uₗ‖², uₗ/(√vₗ + ε) for each parameter l";

    /// <summary>The scaling as a link of a chain.</summary>
    /// <param name="beta2">β₂ in [0, 1); 0.98 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static NovoGrad Scaling(Schedule? beta2 = null, double epsilon = 1e-8) => new(beta2 ?? 0.98, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Tensor decay = parameter.Scalar("decay", step => step == 0 ? 0 : Beta2.At(step));
        Tensor square = parameter.State("second-moment", Shape.Scalar, previous => Functions.Blend(Functions.Dot(update, update), previous, decay));
        return update * (1 / (Functions.Sqrt(square) + Epsilon));
    }
}
