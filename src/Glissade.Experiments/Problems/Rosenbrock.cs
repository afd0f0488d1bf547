using System.Collections.Immutable;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Experiments.Problems;

/// <summary>The bent valley: (1 − x₁)² + 100 (x₂ − x₁²)², lowest at (1, 1), where it is 0.</summary>
/// <remarks>Rosenbrock (1960), An Automatic Method for Finding the Greatest or Least Value of a Function.</remarks>
/// <param name="Beginning">Where the search begins: two numbers.</param>
internal sealed record Rosenbrock(ImmutableArray<double> Beginning) : Problem
{
    /// <inheritdoc/>
    public override string Name => "rosenbrock";

    /// <inheritdoc/>
    public override string Formula => "(1 − x₁)² + 100 (x₂ − x₁²)²";

    /// <inheritdoc/>
    public override Layout Layout { get; } = Layout.OfVector(2);

    /// <inheritdoc/>
    public override ImmutableArray<double>? Minimiser => [1, 1];

    /// <summary>Where the search begins.</summary>
    public ImmutableArray<double> Beginning { get; } = Beginning.Length == 2
        ? Beginning
        : throw new ArgumentException(FormattableString.Invariant($"The function of Rosenbrock needs a start of 2 numbers, not {Beginning.Length}."), nameof(Beginning));

    /// <inheritdoc/>
    public override ImmutableArray<double> Start(ulong seed) => Beginning;

    /// <inheritdoc/>
    public override Tensor Trace(IReadOnlyList<Tensor> parameters, Tensor? constants)
    {
        Tensor x = parameters[0];
        return Square(1 - x[0]) + (100 * Square(x[1] - Square(x[0])));
    }
}
