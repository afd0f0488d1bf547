using Glissade.Differentiation;
using Glissade.Learning.Data;

namespace Glissade.Learning.Losses;

/// <summary>What training makes small: the mean over a batch of how far outputs are from targets.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public abstract record Loss
{
    /// <summary>The name, as in an experiment file.</summary>
    public abstract string Name { get; }

    /// <summary>The formula, on one line.</summary>
    public abstract string Formula { get; }

    /// <summary>What kind of targets it compares with.</summary>
    public abstract TargetKind Targets { get; }

    /// <summary>The mean loss of a batch, a scalar.</summary>
    /// <param name="output">[batch, outputs]: for classes their logits, for values one number.</param>
    /// <param name="target">[batch]: class numbers, or values.</param>
    public abstract Tensor Trace(Tensor output, Tensor target);

    /// <summary>The mean loss of a batch whose targets are drawn from the model itself, a scalar, for estimates of the curvature; null where the loss is no likelihood's.</summary>
    /// <remarks>
    /// For a loss −log p(y | output) up to a constant: the same with each y drawn from p(· | output), for which no gradient flows through the draw. Its gradients
    /// have on average the outer product that is the Gauss-Newton matrix of the loss; see <see cref="Updates.CurvatureMethod.GaussNewtonBartlett"/>.
    /// </remarks>
    /// <param name="output">As for <see cref="Trace"/>.</param>
    /// <param name="index">A scalar: draws at different ones are independent.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="purpose">What the draws are for; their stream's name.</param>
    public virtual Tensor? TraceDrawn(Tensor output, Tensor index, ulong seed, string purpose) => null;
}
