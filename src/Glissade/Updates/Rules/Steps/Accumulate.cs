using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>Gathers the gradients of several micro-batches and lets one step be taken with their mean.</summary>
/// <remarks>
/// u = (g₁ + … + g_k)/k. With batches of one size and a loss that is a mean, the step is that of one batch k times as large.
/// Stands first in its chain. <see cref="Updater{T}.Step()"/> is called for every micro-batch; all but each k-th call only add and say so
/// (<see cref="SkipReason.Accumulating"/>). Schedules count the steps that were taken, not the micro-batches. A micro-batch whose gradient is not
/// finite is lost and another takes its place. The outcome of the k-th call tells the norm of the mean gradient, that of the others the norm of their own.
/// </remarks>
/// <param name="Count">k, 1 or more.</param>
public sealed record Accumulate(int Count) : UpdateRule
{
    /// <summary>k, 1 or more.</summary>
    public int Count { get; } = Count >= 1
        ? Count
        : throw new ArgumentOutOfRangeException(nameof(Count), Count, $"The number of micro-batches of a step must be 1 or more, not {Count}.");

    /// <inheritdoc/>
    public override string Name => "accumulate";

    /// <inheritdoc/>
    public override string Formula => "(g₁ + … + g_k)/k";

    /// <summary>One step for so many micro-batches.</summary>
    /// <param name="count">k, 1 or more.</param>
    public static Accumulate Over(int count) => new(count);

    /// <summary>The step of the last micro-batch: the sum is used and begins anew. What happens in the others is the updater's business.</summary>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor sum = update;
        scope.State("sum", previous =>
        {
            sum = previous + update;
            return Functions.BroadcastTo(scope.Constant(0), update.Shape);
        });
        return sum / Count;
    }
}
