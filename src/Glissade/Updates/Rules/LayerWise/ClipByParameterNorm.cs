using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Shortens the update of each parameter where its own Euclidean norm exceeds a bound.</summary>
/// <remarks>uₗ·min(1, c/(‖uₗ‖₂ + ε)) for each parameter l: a layer with a great gradient does not shorten the others'.</remarks>
/// <param name="Bound">c.</param>
/// <param name="Epsilon">ε.</param>
public sealed record ClipByParameterNorm(Schedule Bound, double Epsilon = 0) : LayerWiseRule
{
    /// <summary>c, 0 or more.</summary>
    public Schedule Bound { get; } = Hyperparameter.NotNegative(Bound);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "clip-by-parameter-norm";

    /// <inheritdoc/>
    public override string Formula => "uₗ·min(1, c/‖uₗ‖₂) for each parameter l";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Clip.Shorten(update, parameter.Norm(update) + Epsilon, parameter.Scalar(Bound), parameter.ReportClipped);
    }
}
