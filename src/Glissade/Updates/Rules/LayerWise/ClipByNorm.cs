using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Shortens the update where its p-norm over all parameters exceeds a bound.</summary>
/// <remarks>
/// u·min(1, c/(‖u‖ₚ + ε)), ‖u‖ₚ = (Σ|u|ᵖ)^(1/p). Elements are first divided by the greatest, so that no power overflows; p = 1 and p = 2 need no powers.
/// Pascanu, Mikolov and Bengio (2013), On the Difficulty of Training Recurrent Neural Networks.
/// </remarks>
/// <param name="Bound">c.</param>
/// <param name="Order">p, 1 or more and finite; for the maximum norm see <see cref="ClipByMaximumNorm"/>.</param>
/// <param name="Epsilon">ε.</param>
public sealed record ClipByNorm(Schedule Bound, double Order, double Epsilon = 0) : UpdateRule
{
    /// <summary>c, 0 or more.</summary>
    public Schedule Bound { get; } = Hyperparameter.NotNegative(Bound);

    /// <summary>p, 1 or more.</summary>
    public double Order { get; } = Order >= 1 && double.IsFinite(Order)
        ? Order
        : throw new ArgumentOutOfRangeException(nameof(Order), Order, FormattableString.Invariant($"Order must be 1 or more and finite, not {Order}; Clip.ByMaximumNorm clips by the norm of infinite order."));

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "clip-by-norm";

    /// <inheritdoc/>
    public override string Formula => "u·min(1, c/‖u‖ₚ)";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return Clip.Shorten(update, Norm(update, scope), Bound, Epsilon, scope);
    }

    private Tensor Norm(Tensor update, RuleScope scope)
    {
        if (Order is 1 or 2)
        {
            return Order == 1 ? Functions.Sum(Functions.Abs(update)) : scope.Norm(update);
        }

        Tensor size = Functions.Abs(update);
        Tensor greatest = Functions.Max(size);
        Tensor unit = Functions.Select(Functions.Greater(greatest, 0), greatest, 1);
        return greatest * Functions.Power(Functions.Sum(Functions.Power(size / unit, Order)), 1 / Order);
    }
}
