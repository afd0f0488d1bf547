using Glissade.Differentiation;
using Glissade.Learning.Data;
using static Glissade.Differentiation.Functions;

namespace Glissade.Learning.Losses;

/// <summary>Cross-entropy of softmax outputs against classes whose certainty may be softened.</summary>
/// <remarks>
/// −Σ y′ₖ log softmax(z)ₖ with y′ = (1−α)y + α/K, averaged over the batch. A logit of −∞ rules a class out; with smoothing, which gives every class a share of the
/// truth, the loss is then infinite.
/// Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016), Rethinking the Inception Architecture, for the smoothing.
/// </remarks>
public sealed record CrossEntropy : Loss
{
    /// <summary>Cross-entropy with label smoothing.</summary>
    /// <param name="labelSmoothing">α in [0, 1); 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside [0, 1).</exception>
    public CrossEntropy(double labelSmoothing = 0) => LabelSmoothing = labelSmoothing is >= 0 and < 1
        ? labelSmoothing
        : throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, $"Label smoothing must be in [0, 1), not {labelSmoothing}.");

    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    public override string Formula => "−Σ y′ₖ log softmax(z)ₖ, y′ = (1−α)y + α/K";

    /// <inheritdoc/>
    public override TargetKind Targets => TargetKind.Classification;

    /// <summary>α.</summary>
    public double LabelSmoothing { get; }

    /// <inheritdoc/>
    public override Tensor Trace(Tensor output, Tensor target) => MeanCrossEntropy(output, target, LabelSmoothing);

    /// <inheritdoc/>
    /// <remarks>y is drawn from softmax(z), as the authors of Sophia do. Smoothing plays no part: it moves the truth, of which the curvature by z is free.</remarks>
    public override Tensor? TraceDrawn(Tensor output, Tensor index, ulong seed, string purpose) =>
        MeanCrossEntropy(output, RandomCategorical(index, seed, purpose, output));
}
