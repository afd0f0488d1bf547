using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>Divides by the root of the sum of all squared updates so far.</summary>
/// <remarks>
/// s ← s + u², u = u/(√s + ε). Duchi, Hazan and Singer (2011), Adaptive Subgradient Methods for Online Learning and Stochastic Optimization.
/// </remarks>
/// <param name="Epsilon">ε, 1e-10 by default.</param>
public sealed record AdaGrad(double Epsilon = 1e-10) : UpdateRule
{
    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adagrad";

    /// <inheritdoc/>
    public override string Formula => "s ← s + u², u = u/(√s + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="epsilon">ε, 1e-10 by default.</param>
    public static AdaGrad Scaling(double epsilon = 1e-10) => new(epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor sum = scope.State("sum-of-squares", previous => previous + Functions.Square(update));
        return update / (Functions.Sqrt(sum) + Epsilon);
    }
}
