using Glissade.Differentiation;

namespace Glissade.Learning.Networks;

/// <summary>The rectifier max(x, 0). Nair and Hinton (2010), Rectified Linear Units Improve Restricted Boltzmann Machines.</summary>
public sealed record Relu : Layer
{
    /// <inheritdoc/>
    public override string Name => "relu";

    /// <inheritdoc/>
    public override string Formula => "max(x, 0)";

    /// <inheritdoc/>
    public override bool IsRectifier => true;

    /// <inheritdoc/>
    public override Tensor Trace(Tensor x, LayerScope scope) => Functions.Relu(x);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>x·Φ(x) with the normal distribution function. Hendrycks and Gimpel (2016), Gaussian Error Linear Units.</summary>
public sealed record Gelu : Layer
{
    /// <inheritdoc/>
    public override string Name => "gelu";

    /// <inheritdoc/>
    public override string Formula => "x·Φ(x) = ½x(1 + erf(x/√2))";

    /// <inheritdoc/>
    public override bool IsRectifier => true;

    /// <inheritdoc/>
    public override Tensor Trace(Tensor x, LayerScope scope) => Functions.Gelu(x);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The hyperbolic tangent.</summary>
public sealed record Tanh : Layer
{
    /// <inheritdoc/>
    public override string Name => "tanh";

    /// <inheritdoc/>
    public override string Formula => "(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)";

    /// <inheritdoc/>
    public override Tensor Trace(Tensor x, LayerScope scope) => Functions.Tanh(x);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The logistic function σ(x) = 1/(1 + e⁻ˣ).</summary>
public sealed record Sigmoid : Layer
{
    /// <inheritdoc/>
    public override string Name => "sigmoid";

    /// <inheritdoc/>
    public override string Formula => "1/(1 + e⁻ˣ)";

    /// <inheritdoc/>
    public override Tensor Trace(Tensor x, LayerScope scope) => Functions.Sigmoid(x);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
