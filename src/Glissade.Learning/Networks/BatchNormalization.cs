using System.Globalization;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Learning.Networks;

/// <summary>Gives every channel mean 0 and variance 1 over the batch, then a scale and a shift that are learned: y = γ(x − μ)/√(σ² + ε) + β.</summary>
/// <remarks>
/// Examples have the shape [..., channels]; μ and σ² of a channel are over the n numbers that it has in the batch: its rows, and of an example of more than one
/// axis every place before the last. In training they are those of the batch, σ² the mean of squares without correction, and two states follow them:
/// running-mean ← (1−c)·running-mean + cμ and running-variance ← (1−c)·running-variance + cσ²n/(n−1), begun at 0 and 1, with the momentum c. In evaluation those
/// take the place of μ and σ², so that a row's output does not depend on the others.
/// <para>
/// A batch with one number for a channel has no variance. As the last and shorter batch of an epoch it is computed with the states, which it leaves as they are; a
/// batch size that makes every batch such a one is refused.
/// </para>
/// <para>
/// γ is the parameter <c>gain</c>, 1 at first, and β is <c>bias</c>, 0 at first. A pattern such as <c>*.bias</c> takes β out of a weight decay, <c>*.gain</c> takes γ.
/// A dense layer before it needs no bias, which μ would take away again.
/// </para>
/// Ioffe and Szegedy (2015), Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift.
/// </remarks>
public sealed record BatchNormalization : Layer
{
    private const string RunningMean = "running-mean", RunningVariance = "running-variance";

    /// <summary>A layer.</summary>
    /// <param name="momentum">c, the share of the newest batch in the running mean and variance, in (0, 1].</param>
    /// <param name="epsilon">ε, more than 0 and finite: keeps a channel of equal numbers finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public BatchNormalization(double momentum = 0.1, double epsilon = 1e-5)
    {
        Momentum = momentum is > 0 and <= 1
            ? momentum
            : throw new ArgumentOutOfRangeException(nameof(momentum), momentum, FormattableString.Invariant($"The momentum of a batch normalisation must be above 0 and at most 1, not {momentum}."));
        Epsilon = (float)epsilon > 0 && float.IsFinite((float)epsilon)
            ? epsilon
            : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, FormattableString.Invariant($"The epsilon of a batch normalisation must be above 0 and finite as a float, not {epsilon}."));
    }

    /// <inheritdoc/>
    public override string Name => "batch-normalization";

    /// <inheritdoc/>
    public override string Formula => "y = γ(x − μ)/√(σ² + ε) + β";

    /// <summary>c: the share of the newest batch in the running mean and variance, in (0, 1].</summary>
    public double Momentum { get; }

    /// <summary>ε, more than 0.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank >= 1 && input.Count > 0
        ? input
        : throw new ArgumentException($"A batch normalisation takes examples of one channel or more, the last axis, not of shape {input}.", nameof(input));

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter> Parameters(Shape input, Layer? next)
    {
        var channels = new Shape(input[-1]);
        return [new("gain", channels, 1, 1, Initializer.Ones), new("bias", channels, 1, 1, Initializer.Zeros)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerState> States(Shape input)
    {
        var channels = new Shape(input[-1]);
        return [new(RunningMean, channels), new(RunningVariance, channels, Start: 1)];
    }

    /// <inheritdoc/>
    public override int LeastBatch(Shape input) => input.Count > input[-1] ? 1 : 2;

    /// <inheritdoc/>
    public override Tensor Trace(Tensor x, LayerScope scope)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(scope);
        Tensor mean = scope.State(RunningMean), variance = scope.State(RunningVariance);
        int count = x.Shape.Count / x.Shape[-1];
        if (scope.Purpose != NetworkPurpose.Evaluation && count > 1)
        {
            int[] axes = [.. Enumerable.Range(0, x.Shape.Rank - 1)];
            mean = Mean(x, axes);
            variance = Mean(Square(x - mean), axes);
            scope.Follow(RunningMean, mean, Momentum);
            scope.Follow(RunningVariance, variance * (count / (count - 1.0)), Momentum);
        }

        return ((x - mean) * (scope.Parameters[0] * ReciprocalSqrt(variance + Epsilon))) + scope.Parameters[1];
    }

    /// <summary>The layer as in an experiment file.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: momentum {Momentum}, epsilon {Epsilon}");
}
