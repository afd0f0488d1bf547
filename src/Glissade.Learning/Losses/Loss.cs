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
}
