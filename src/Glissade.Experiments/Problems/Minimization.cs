using System.Collections.Immutable;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Experiments.Problems;

/// <summary>A problem being made small, step by step, by a chain of update rules as a trainer uses it.</summary>
/// <remarks>
/// What is shown, the point, its value and its distance, is that of the average where one is kept, and free of noise; the gradient is that of the parameters
/// themselves. Same seed, same bits, whatever the number of threads. A step allocates nothing. Belongs to one thread at a time.
/// </remarks>
internal sealed class Minimization
{
    private const string NoisePurpose = "gradient-noise";

    private readonly Problem _problem;
    private readonly FlatVector<double> _gradient, _shown;
    private readonly ProblemValue _atParameters, _atShown;
    private readonly Updater<double> _updater;
    private readonly ImmutableArray<double>? _minimiser;
    private readonly RandomStream _noise;
    private readonly Func<double> _evaluate;
    private readonly CurvatureEstimator<double>? _curvature;

    /// <summary>A minimisation at its start.</summary>
    /// <param name="problem">What is made small.</param>
    /// <param name="chain">How parameters change.</param>
    /// <param name="average">What average of them is shown; null for the parameters themselves.</param>
    /// <param name="seed">Keys the start and the noise.</param>
    public Minimization(Problem problem, Chain chain, ParameterAverage? average, ulong seed)
    {
        _problem = problem;
        var parameters = new FlatVector<double>(problem.Start(seed).AsSpan());
        _gradient = new FlatVector<double>(parameters.Length);
        _atParameters = new ProblemValue(problem, parameters, _gradient);
        _updater = chain.Compile(problem.Layout, parameters, _gradient, average);
        if (_updater.CurvatureEstimate is not null)
        {
            var builder = new ProgramBuilder<double>();
            Tensor? constants = ProblemValue.ConstantsOf(problem, builder);
            _curvature = new CurvatureEstimator<double>(builder, _updater, pieces => problem.Trace(pieces, constants), null, seed);
        }

        _shown = parameters.Clone();
        _atShown = new ProblemValue(problem, _shown);
        _minimiser = problem.Minimiser;
        _noise = RandomStream.Of(seed, NoisePurpose);
        _evaluate = Evaluate;
        Arrive();
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>The value at the point.</summary>
    public double Value { get; private set; }

    /// <summary>The point.</summary>
    public ReadOnlySpan<double> Point => _shown.Span;

    /// <summary>The Euclidean distance of the point to the minimiser; null where that is not known.</summary>
    public double? Distance
    {
        get
        {
            if (_minimiser is not { } lowest)
            {
                return null;
            }

            double sum = 0;
            for (int i = 0; i < lowest.Length; i++)
            {
                double apart = _shown[i] - lowest[i];
                sum += apart * apart;
            }

            return Math.Sqrt(sum);
        }
    }

    /// <summary>Names and places of the parameters.</summary>
    public Layout Layout => _updater.Layout;

    /// <summary>θ, which is the point where no average is kept.</summary>
    public FlatVector<double> Parameters => _updater.Parameters;

    /// <summary>The vectors that rules and averages keep, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, FlatVector<double>>> State => _updater.State;

    /// <summary>The numbers that rules keep, by name.</summary>
    public ImmutableSortedDictionary<string, double> Counters => _updater.Counters;

    /// <summary>How far the noise of gradients has been drawn.</summary>
    public ulong NoisePosition => _noise.Position;

    /// <summary>Goes to where a minimisation of the same kind stood; with what these say, its next steps come out as they did.</summary>
    /// <param name="parameters">θ.</param>
    /// <param name="states">The vectors of <see cref="State"/>, in their order.</param>
    /// <param name="counters">As given by <see cref="Counters"/>.</param>
    /// <param name="steps">Steps taken.</param>
    /// <param name="noisePosition">As given by <see cref="NoisePosition"/>.</param>
    /// <exception cref="ArgumentException">A length or a name differs, or a number is impossible.</exception>
    public void Restore(ReadOnlySpan<double> parameters, ImmutableArray<double[]> states, IReadOnlyDictionary<string, double> counters, long steps, ulong noisePosition)
    {
        if (parameters.Length != Parameters.Length || !states.Select(s => s.Length).SequenceEqual(State.Select(s => s.Value.Length)))
        {
            throw new ArgumentException(
                $"There are {parameters.Length} parameters and {states.Length} vectors of {states.Sum(s => (long)s.Length)} numbers, but the problem has {Parameters.Length} parameters and its rules keep {State.Count} vectors of {State.Sum(s => (long)s.Value.Length)}.", nameof(states));
        }

        _updater.Restore(counters);
        parameters.CopyTo(Parameters.Span);
        for (int i = 0; i < states.Length; i++)
        {
            states[i].CopyTo(State[i].Value.Span);
        }

        Steps = steps;
        _noise.Position = noisePosition;
        Arrive();
    }

    /// <summary>Takes a step.</summary>
    public StepOutcome Step()
    {
        if (_curvature is not null && _updater.IsCurvatureDue)
        {
            _curvature.Estimate();
        }

        StepOutcome outcome = _updater.Step(_evaluate, out _);
        Steps++;
        Arrive();
        return outcome;
    }

    /// <summary>Measures the point that was come to.</summary>
    private void Arrive()
    {
        _updater.CopyAverage(_shown.Span);
        Value = _atShown.Evaluate();
    }

    /// <summary>The value and the gradient, with its noise, where the chain wants them.</summary>
    private double Evaluate()
    {
        double value = _atParameters.Evaluate();
        if (_problem.GradientNoise > 0)
        {
            for (int i = 0; i < _gradient.Length; i++)
            {
                _gradient[i] += _problem.GradientNoise * _noise.NextNormal();
            }
        }

        return value;
    }
}
