using Glissade.Numerics;

namespace Glissade.Updates;

/// <content>Estimates of the Hessian's diagonal, for rules that ask for them.</content>
public sealed partial class Updater<T>
{
    private readonly bool _isCurvatureGiven;

    /// <summary>The vector of estimates of the diagonal of the Hessian: the caller's, or one of the updater's own where the chain names its estimates; else null.</summary>
    public FlatVector<T>? Curvature { get; }

    /// <summary>What estimates the chain asks for; null where it asks for none, or leaves them to the caller.</summary>
    public CurvatureEstimate? CurvatureEstimate { get; }

    /// <summary>Whether the next step wants a new estimate: the first step, and each that is a multiple of the period behind it. Of micro-batches, the last of such a step.</summary>
    public bool IsCurvatureDue =>
        CurvatureEstimate is { } wanted && AppliedSteps % wanted.Period == 0 && _microBatches is null or { IsLast: true };

    /// <summary>To be set after <see cref="Curvature"/> was filled: the next applied step takes the estimate in and clears this.</summary>
    /// <remarks>
    /// <see cref="CurvatureEstimator{T}"/> fills the vector and sets this. Who gave a vector of his own may fill it as he likes and when he likes; else an estimate
    /// must be there when it is due. One that is not finite is thrown away and its step skipped.
    /// </remarks>
    public bool CurvatureIsNew { get; set; }

    /// <summary>The rule that asks for the estimates.</summary>
    internal string? CurvatureRule { get; }

    /// <summary>What a chain's rules ask for: the same for all.</summary>
    private static (CurvatureEstimate? Estimate, string? Rule) CurvatureOf(Chain chain)
    {
        (CurvatureEstimate? Estimate, string? Rule) found = default;
        foreach (UpdateRule rule in chain.Rules)
        {
            if (rule.Curvature is not { } wanted)
            {
                continue;
            }

            found = found.Estimate is null || found.Estimate == wanted
                ? (wanted, found.Rule ?? rule.Name)
                : throw new ArgumentException(
                    $"The rule '{found.Rule}' wants its curvature by {found.Estimate} and another, '{rule.Name}', by {wanted}; all rules of a chain have one estimate.", nameof(chain));
        }

        return found;
    }

    private void RequireCurvature()
    {
        if (!_isCurvatureGiven && !CurvatureIsNew && IsCurvatureDue)
        {
            throw new InvalidOperationException(
                $"The rule '{CurvatureRule}' wants an estimate of the curvature by {CurvatureEstimate} in this step: let a CurvatureEstimator make it, as a Trainer does, or give Compile a vector for estimates of your own.");
        }
    }
}
