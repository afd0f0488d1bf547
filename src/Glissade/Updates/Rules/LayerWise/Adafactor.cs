using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>Divides by the root of a running mean of squared updates that for a matrix is kept as a row and a column only, then bounds the root mean square.</summary>
/// <remarks>
/// With β̂ₜ = 1 − t^(−c): R ← β̂R + (1−β̂)·Σⱼ(u² + ε), C ← β̂C + (1−β̂)·Σᵢ(u² + ε), V̂ = RC/ΣR for a matrix as <see cref="ParameterScope.AsMatrix"/> sees it;
/// V̂ ← β̂V̂ + (1−β̂)(u² + ε) for a scalar or vector. U = u/√V̂ and then U/max(1, RMS(U)/d), of which the outcome reports whether it clipped.
/// With <see cref="ParameterScale"/> and a learning rate of min(0.01, 1/√t) behind it, it makes the relative step sizes of the source.
/// Shazeer and Stern (2018), Adafactor: Adaptive Learning Rates with Sublinear Memory Cost.
/// </remarks>
/// <param name="Exponent">c, 0.8 by default.</param>
/// <param name="Threshold">d, 1 by default.</param>
/// <param name="Epsilon">ε, 1e-30 by default.</param>
public sealed record Adafactor(double Exponent = 0.8, double Threshold = 1, double Epsilon = 1e-30) : LayerWiseRule
{
    /// <summary>c, above 0.</summary>
    public double Exponent { get; } = Hyperparameter.Positive(Exponent);

    /// <summary>d, above 0.</summary>
    public double Threshold { get; } = Hyperparameter.Positive(Threshold);

    /// <summary>ε, above 0: without it an update of zeros would be divided by zero.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adafactor";

    /// <inheritdoc/>
    public override string Formula => "V̂ = RC/ΣR of running row and column sums of u², U = u/√V̂, U/max(1, RMS(U)/d)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="exponent">c, 0.8 by default.</param>
    /// <param name="threshold">d, 1 by default.</param>
    /// <param name="epsilon">ε, 1e-30 by default.</param>
    public static Adafactor Scaling(double exponent = 0.8, double threshold = 1, double epsilon = 1e-30) => new(exponent, threshold, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Tensor decay = parameter.Scalar("decay", step => 1 - Math.Pow(step + 1, -Exponent));
        Tensor scaled = parameter.IsMatrix
            ? Functions.Reshape(Factored(parameter.AsMatrix(update), parameter, decay), parameter.Shape)
            : update / Functions.Sqrt(parameter.State("second-moment", previous => Functions.Blend(Functions.Square(update) + Epsilon, previous, decay)));
        Tensor size = parameter.Norm(scaled) * (1 / Math.Sqrt(parameter.Shape.Count));
        return Clip.Shorten(scaled, size, parameter.Value.Trace.Constant(Threshold), parameter.ReportClipped);
    }

    /// <summary>u/√(RC/ΣR), with the roots apart: the product of two small sums would vanish.</summary>
    private Tensor Factored(Tensor update, ParameterScope parameter, Tensor decay)
    {
        (int rows, int columns) = (update.Shape[0], update.Shape[1]);
        Tensor square = Functions.Square(update) + Epsilon;
        Tensor row = parameter.State("row-moment", new Shape(rows), previous => Functions.Blend(Functions.Sum(square, 1), previous, decay));
        Tensor column = parameter.State("column-moment", new Shape(columns), previous => Functions.Blend(Functions.Sum(square, 0), previous, decay));
        Tensor share = Functions.Sqrt(row / Functions.Sum(row));
        return update / Functions.Reshape(share, new Shape(rows, 1)) / Functions.Reshape(Functions.Sqrt(column), new Shape(1, columns));
    }
}

/// <summary>Multiplies the update of each parameter by the root mean square of the parameter: a step becomes relative to what it changes.</summary>
/// <remarks>uₗ·max(ε, RMS(θₗ)) for each parameter l. Shazeer and Stern (2018), Adafactor: Adaptive Learning Rates with Sublinear Memory Cost.</remarks>
/// <param name="Epsilon">ε, 1e-3 by default: parameters that begin at zero may still move.</param>
public sealed record ParameterScale(double Epsilon = 1e-3) : LayerWiseRule
{
    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "parameter-scale";

    /// <inheritdoc/>
    public override string Formula => "uₗ·max(ε, RMS(θₗ)) for each parameter l";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return update * Functions.Maximum(parameter.Norm(parameter.Value) * (1 / Math.Sqrt(parameter.Shape.Count)), Epsilon);
    }
}
