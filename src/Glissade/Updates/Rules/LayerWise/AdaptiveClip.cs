using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Shortens the update of each unit where it is long beside the unit's own weights.</summary>
/// <remarks>
/// uᵢ·min(1, λ·max(‖Wᵢ‖₂, ε)/‖uᵢ‖₂) for the weights Wᵢ of each unit i, as <see cref="ParameterScope"/> defines units: the columns of a dense layer's matrix, the
/// kernels of a convolution; a vector or scalar is one unit. The source leaves the last layer out: <c>Clip.Adaptive(0.01).Except("dense3.*")</c>.
/// Brock, De, Smith and Simonyan (2021), High-Performance Large-Scale Image Recognition Without Normalization.
/// </remarks>
/// <param name="Ratio">λ, 0.01 by default.</param>
/// <param name="Epsilon">ε, 1e-3 by default: weights that begin at zero may still move.</param>
public sealed record AdaptiveClip(Schedule Ratio, double Epsilon = 1e-3) : LayerWiseRule
{
    /// <summary>λ, 0 or more.</summary>
    public Schedule Ratio { get; } = Hyperparameter.NotNegative(Ratio);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adaptive-clip";

    /// <inheritdoc/>
    public override string Formula => "uᵢ·min(1, λ·max(‖Wᵢ‖, ε)/‖uᵢ‖) for each unit i";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Tensor weights = Functions.Sqrt(parameter.SumByUnit(Functions.Square(parameter.Value)));
        Tensor length = Functions.Sqrt(parameter.SumByUnit(Functions.Square(update)));
        Tensor limit = parameter.Scalar(Ratio) * Functions.Maximum(weights, Epsilon);
        Tensor exceeds = Functions.Greater(length, limit);
        parameter.ReportClipped(Functions.Max(exceeds));
        return update * Functions.Select(exceeds, limit / length, 1);
    }
}
