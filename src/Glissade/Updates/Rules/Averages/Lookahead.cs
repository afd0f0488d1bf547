using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Slow weights that follow the fast ones every few steps, and that the fast ones then go back to.</summary>
/// <remarks>
/// Every k steps φ ← (1−α)φ + αθ and θ ← φ, with φ = θ at first; between them the update passes unchanged. Stands last in the chain.
/// Zhang, Lucas, Hinton and Ba (2019), Lookahead Optimizer: k Steps Forward, 1 Step Back.
/// </remarks>
/// <param name="Period">k, 1 or more; 5 in the paper.</param>
/// <param name="Share">α in [0, 1]; 0.5 in the paper.</param>
public sealed record Lookahead(int Period, Schedule Share) : UpdateRule
{
    /// <summary>k, 1 or more.</summary>
    public int Period { get; } = Period >= 1 ? Period : throw new ArgumentOutOfRangeException(nameof(Period), Period, $"Period must be 1 or more, not {Period}.");

    /// <summary>α in [0, 1].</summary>
    public Schedule Share { get; } = Hyperparameter.Share(Share);

    /// <inheritdoc/>
    public override string Name => "lookahead";

    /// <inheritdoc/>
    public override string Formula => "every k steps φ ← (1−α)φ + αθ, θ ← φ";

    /// <summary>Lookahead as the last link of a chain.</summary>
    /// <param name="period">k, 1 or more; 5 by default.</param>
    /// <param name="share">α in [0, 1]; 0.5 by default.</param>
    public static Lookahead Of(int period = 5, Schedule? share = null) => new(period, share ?? 0.5);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        scope.ReportHyperparameter(Share);
        Tensor isDue = scope.Scalar("is due", step => (step + 1) % Period == 0 ? 1 : 0);
        Tensor share = scope.Scalar("share", step => (step + 1) % Period == 0 ? Share.At(step) : 0);
        Tensor slow = scope.StateFromParameters("slow-weights", previous => Functions.Blend(previous, scope.Parameters - update, share));
        return Functions.Select(isDue, scope.Parameters - slow, update);
    }
}
