using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Sampling;

/// <summary>Draws from a density by Langevin steps and keeps the draws.</summary>
/// <remarks>
/// θ ← θ − η∇U(θ) + √(2ηT)·ξ, ξ standard normal, wanders over the density exp(−U/T): with U the negative logarithm of a posterior density and T = 1, over the
/// posterior. There is no step of acceptance, so a constant η leaves a bias: on a Gaussian whose precision has the eigenvalue λ the variance along it is
/// T/(λ(1 − ηλ/2)) instead of T/λ, and η must be below 2/λ for the greatest. The gradient may be one of a minibatch, scaled so that it is that of U in the mean;
/// its noise adds to the bias. Steps whose gradient is not finite are an error, since they would bias what is drawn.
/// Roberts and Tweedie (1996), Exponential Convergence of Langevin Distributions and Their Discrete Approximations; Welling and Teh (2011), Bayesian Learning via
/// Stochastic Gradient Langevin Dynamics. The noise is keyed by seed and step: same seed, same draws, whatever the number of threads and however the drawing is
/// divided into calls. Belongs to one thread at a time.
/// </remarks>
public sealed class LangevinSampler
{
    private readonly LangevinOptions _options;
    private readonly Updater<double> _updater;
    private readonly Func<long, double> _evaluate;
    private readonly List<double[]> _draws = [];

    /// <summary>A sampler whose gradient the caller gives.</summary>
    /// <param name="start">Where θ begins, at least one number; finite, and copied.</param>
    /// <param name="potential">Writes ∇U at θ, its first argument, into its second, for the step of its third, counted from 0, and returns U, or an estimate of both.</param>
    /// <param name="options">Step size, burn-in, thinning.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the start is empty or not finite.</exception>
    public LangevinSampler(ReadOnlySpan<double> start, LangevinPotential potential, LangevinOptions options)
        : this(start, options)
    {
        ArgumentNullException.ThrowIfNull(potential);
        _evaluate = step => potential(Parameters.Span, Gradient.Span, step);
    }

    private LangevinSampler(ReadOnlySpan<double> start, Func<Tensor, Tensor> potential, LangevinOptions options)
        : this(start, options)
    {
        var builder = new ProgramBuilder<double>();
        var layout = Layout.OfVector(start.Length);
        IReadOnlyList<Tensor> theta = builder.Views(layout, Parameters);
        Tensor value = potential(theta[0]);
        builder.Output("potential", value);
        builder.Gradient(value, theta, layout, Gradient);
        Program<double> program = builder.Build();
        FlatVector<double> result = program.Buffer("potential");
        _evaluate = _ =>
        {
            program.Run();
            return result[0];
        };
    }

    private LangevinSampler(ReadOnlySpan<double> start, LangevinOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (start.IsEmpty || start.IndexOfAnyExceptFinite() >= 0)
        {
            throw new ArgumentException($"The start of a sampler must be at least one number and all finite, but it has {start.Length}, of which number {start.IndexOfAnyExceptFinite()} is not.", nameof(start));
        }

        _options = options;
        _evaluate = null!;
        (Parameters, Gradient) = (new FlatVector<double>(start.Length), new FlatVector<double>(start.Length));
        start.CopyTo(Parameters.Span);
        _updater = Chain.Of(LearningRate.Of(options.StepSize), LangevinNoise.Of(options.StepSize, options.Temperature, options.Seed))
            .Compile(Layout.OfVector(start.Length), Parameters, Gradient);
    }

    /// <summary>A sampler of a traced function with its exact gradient.</summary>
    /// <param name="start">Where θ begins, at least one number; finite, and copied.</param>
    /// <param name="potential">U of θ, a vector; a scalar.</param>
    /// <param name="options">Step size, burn-in, thinning.</param>
    /// <exception cref="ArgumentException">An option is out of its range, the start is empty or not finite, or U is no scalar.</exception>
    public static LangevinSampler Of(ReadOnlySpan<double> start, Func<Tensor, Tensor> potential, LangevinOptions options)
    {
        ArgumentNullException.ThrowIfNull(potential);
        return new LangevinSampler(start, potential, options);
    }

    /// <summary>θ.</summary>
    public FlatVector<double> Parameters { get; }

    /// <summary>Steps taken, those of the burn-in among them.</summary>
    public long Steps => _updater.AppliedSteps;

    /// <summary>What was drawn so far.</summary>
    public PosteriorDraws Draws => new(_draws, Parameters.Length);

    private FlatVector<double> Gradient { get; }

    /// <summary>Draws more, after the burn-in where that was not done yet.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="cancellation">Ends the drawing after the current step: what was drawn until then stays, and another call goes on from there.</param>
    /// <returns>All draws so far.</returns>
    /// <exception cref="ArithmeticException">U, its gradient or θ was not finite: the step size is too great, or the start is outside of the density.</exception>
    public PosteriorDraws Draw(int count, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int goal = checked(_draws.Count + count);
        while (_draws.Count < goal && !cancellation.IsCancellationRequested)
        {
            Step();
            long behind = Steps - _options.BurnIn;
            if (behind > 0 && behind % _options.Thinning == 0)
            {
                _draws.Add(Parameters.Span.ToArray());
            }
        }

        return Draws;
    }

    private void Step()
    {
        double value = _evaluate(Steps);
        StepOutcome outcome = _updater.Step(value);
        if (!outcome.Applied || !double.IsFinite(outcome.UpdateNorm))
        {
            throw new ArithmeticException(FormattableString.Invariant(
                $"Step {Steps + (outcome.Applied ? 0 : 1)} of the sampler was not finite: U was {value}, the gradient's norm {outcome.GradientNorm}, the step size {outcome.LearningRate}; a smaller step size is needed, or a start inside of the density."));
        }
    }
}

/// <summary>The potential U of a density exp(−U) with its gradient, or unbiased estimates of both from a minibatch.</summary>
/// <param name="parameters">θ.</param>
/// <param name="gradient">Where ∇U goes.</param>
/// <param name="step">The step, from 0: a key for the choice of a minibatch.</param>
/// <returns>U at θ; any finite number where it is not known.</returns>
public delegate double LangevinPotential(ReadOnlySpan<double> parameters, Span<double> gradient, long step);
