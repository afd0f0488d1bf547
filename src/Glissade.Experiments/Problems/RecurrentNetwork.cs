using System.Collections.Immutable;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Experiments.Problems;

/// <summary>A small recurrent network that is to swing by itself: from its first state h₁ on, hₜ₊₁ = tanh(W hₜ), and v·hₜ is to follow a sine.</summary>
/// <remarks>
/// The value is the mean square error over the length. The way back multiplies by Wᵀ once for each step in time, so that the gradient grows with the
/// length to the power of the gain wherever the states are not saturated. W begins normal with variance gain²/units, whose spectral radius is about the
/// gain; above 1 the gradient explodes. Pascanu, Mikolov and Bengio (2013), On the Difficulty of Training Recurrent Neural Networks.
/// </remarks>
/// <param name="Units">Length of the state.</param>
/// <param name="Length">Steps in time.</param>
/// <param name="Gain">About the spectral radius of the first W, above 0.</param>
/// <param name="Period">Steps in time of one swing of the sine, above 0.</param>
internal sealed record RecurrentNetwork(int Units, int Length, double Gain, double Period) : Problem
{
    private const string Purpose = "recurrent-start";

    /// <inheritdoc/>
    public override string Name => "recurrent";

    /// <inheritdoc/>
    public override string Formula => "1/T Σₜ (v·hₜ − sin 2πt/p)², hₜ₊₁ = tanh(W hₜ)";

    /// <inheritdoc/>
    public override Layout Layout { get; } = new(("recurrent.weight", new Shape(Units, Units)), ("first.state", new Shape(Units)), ("output.weight", new Shape(Units)));

    /// <inheritdoc/>
    public override ImmutableArray<double> Constants => [.. Enumerable.Range(0, Length).Select(t => Math.Sin(2 * Math.PI * t / Period))];

    /// <inheritdoc/>
    public override ImmutableArray<double> Start(ulong seed)
    {
        double[] start = new double[Layout.Length];
        RandomStream random = RandomStream.Of(seed, Purpose);
        double deviation = 1 / Math.Sqrt(Units);
        foreach (LayoutEntry entry in Layout.Entries)
        {
            random.FillNormal(start.AsSpan(entry.Offset, entry.Length), 0, entry.Shape.Rank == 2 ? Gain * deviation : deviation);
        }

        return [.. start];
    }

    /// <inheritdoc/>
    public override Tensor Trace(IReadOnlyList<Tensor> parameters, Tensor? constants)
    {
        Tensor weight = parameters[0], output = Reshape(parameters[2], new Shape(Units, 1));
        Tensor first = Tanh(Reshape(parameters[1], new Shape(1, Units)));
        ScanResult swing = Scan(
            [first],
            [],
            (state, _) => new ScanStepResult([Tanh(MatrixProduct(state[0], weight, transposeY: true))], [MatrixProduct(state[0], output)]),
            Length);
        return Mean(Square(Reshape(swing.Results[0], new Shape(Length)) - constants!));
    }
}
