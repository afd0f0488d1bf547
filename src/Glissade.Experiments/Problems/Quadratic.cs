using System.Collections.Immutable;
using System.Globalization;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Experiments.Problems;

/// <summary>A bowl: ½ Σ cᵢ xᵢ², lowest at zero.</summary>
/// <remarks>
/// The ratio of the greatest to the least curvature decides how slow plain descent must be: a rate above 2 over the greatest diverges, and along the least
/// each step then gains little. With two curvatures far apart it is a ravine. Noise on the gradient makes of it the simplest case of stochastic descent.
/// </remarks>
internal sealed record Quadratic : Problem
{
    private readonly Layout _layout;

    /// <summary>A bowl.</summary>
    /// <param name="name">Its keyword in an experiment file.</param>
    /// <param name="curvatures">cᵢ, above 0; one or more.</param>
    /// <param name="start">Where the search begins: a number for each curvature; 1 in each direction where it is empty.</param>
    /// <param name="noise">The standard deviation of the noise on each element of the gradient, 0 or more.</param>
    /// <exception cref="ArgumentException">There is no curvature, or the start has another length.</exception>
    public Quadratic(string name, ImmutableArray<double> curvatures, ImmutableArray<double> start, double noise = 0)
    {
        if (curvatures.IsEmpty)
        {
            throw new ArgumentException("A quadratic needs at least one curvature.", nameof(curvatures));
        }

        Beginning = start.IsEmpty ? [.. curvatures.Select(_ => 1.0)] : start;
        if (Beginning.Length != curvatures.Length)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A quadratic of {curvatures.Length} curvatures needs a start of {curvatures.Length} numbers, not {start.Length}."), nameof(start));
        }

        (Name, Curvatures, GradientNoise, _layout) = (name, curvatures, noise, Layout.OfVector(curvatures.Length));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Formula => "½ Σ cᵢ xᵢ²";

    /// <summary>The second derivatives cᵢ, in order.</summary>
    public ImmutableArray<double> Curvatures { get; }

    /// <summary>Where the search begins.</summary>
    public ImmutableArray<double> Beginning { get; }

    /// <inheritdoc/>
    public override double GradientNoise { get; }

    /// <inheritdoc/>
    public override Layout Layout => _layout;

    /// <inheritdoc/>
    public override ImmutableArray<double>? Minimiser => [.. Curvatures.Select(_ => 0.0)];

    /// <inheritdoc/>
    public override ImmutableArray<double> Start(ulong seed) => Beginning;

    /// <inheritdoc/>
    public override ImmutableArray<double> Constants => Curvatures;

    /// <inheritdoc/>
    public override Tensor Trace(IReadOnlyList<Tensor> parameters, Tensor? constants) => 0.5 * Sum(constants! * Square(parameters[0]));
}
