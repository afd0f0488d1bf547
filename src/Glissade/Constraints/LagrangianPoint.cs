using System.Collections.Immutable;

namespace Glissade.Constraints;

/// <summary>What is left of the conditions of Karush, Kuhn and Tucker, each as the greatest absolute element; all are zero to rounding; NaN where the computation gave NaN.</summary>
/// <param name="Feasibility">‖∂L/∂λ‖∞ = ‖z − f‖∞: whether the values are those that the operations compute.</param>
/// <param name="Stationarity">‖∂L/∂z‖∞: whether the multipliers balance at every intermediate value.</param>
/// <param name="GradientDifference">‖∂L/∂W − ∇loss‖∞: whether the Lagrangian's derivative by the inputs is the gradient that backpropagation gives.</param>
public sealed record KktResiduals(double Feasibility, double Stationarity, double GradientDifference);

/// <summary>The solved system at given inputs: values, multipliers, and what is left of the conditions.</summary>
public sealed class LagrangianPoint
{
    private readonly ImmutableSortedDictionary<string, (double[] Value, double[] Multiplier)> _numbers;
    private readonly Func<string, string?> _whyMissing;

    internal LagrangianPoint(
        double lagrangian,
        KktResiduals residuals,
        ImmutableSortedDictionary<string, (double[] Value, double[] Multiplier)> numbers,
        ImmutableArray<double[]> gradient,
        Func<string, string?> whyMissing) =>
        (Lagrangian, Residuals, _numbers, Gradient, _whyMissing) = (lagrangian, residuals, numbers, gradient, whyMissing);

    /// <summary>L(z, W, λ), which is the loss where all constraints hold.</summary>
    public double Lagrangian { get; }

    /// <summary>What is left of the conditions.</summary>
    public KktResiduals Residuals { get; }

    /// <summary>∂L/∂W for each input: the gradient of the loss.</summary>
    public ImmutableArray<double[]> Gradient { get; }

    /// <summary>All names of the intermediate values and of the inputs; one value may have several.</summary>
    public IEnumerable<string> Names => _numbers.Keys;

    /// <summary>An intermediate value zᵢ, or the numbers of an input.</summary>
    /// <param name="name">As in <see cref="ComputationLagrangian.Constraints"/>, or that of an input: <c>x0</c>, <c>x1</c>, …, or as given to it.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message says why, and which there are.</exception>
    public ReadOnlySpan<double> Value(string name) => Find(name).Value;

    /// <summary>The multiplier λᵢ of the constraint zᵢ = fᵢ: the derivative of the loss by zᵢ, its adjoint. For an input, which has no constraint, its part of the gradient.</summary>
    /// <param name="name">As in <see cref="ComputationLagrangian.Constraints"/>, or that of an input: <c>x0</c>, <c>x1</c>, …, or as given to it.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message says why, and which there are.</exception>
    public ReadOnlySpan<double> Multiplier(string name) => Find(name).Multiplier;

    private (double[] Value, double[] Multiplier) Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _numbers.TryGetValue(name, out (double[] Value, double[] Multiplier) found)
            ? found
            : throw new KeyNotFoundException($"The computation has no value '{name}'{(_whyMissing(name) is { } why ? $": {why}" : "")}; it has {string.Join(", ", _numbers.Keys)}.");
    }
}
