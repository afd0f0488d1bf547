using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Ways to keep an update from being too long.</summary>
public static class Clip
{
    /// <summary>u·min(1, c/(‖u‖₂ + ε)): keeps the direction, bounds the Euclidean length over all parameters.</summary>
    /// <param name="bound">c, 0 or more; may follow a schedule.</param>
    /// <param name="epsilon">ε; 0 by default, 1e-6 to match PyTorch's <c>clip_grad_norm_</c>.</param>
    public static UpdateRule ByGlobalNorm(Schedule bound, double epsilon = 0) => new ClipByGlobalNorm(bound, epsilon);

    /// <summary>u·min(1, c/(‖u‖∞ + ε)): keeps the direction, bounds the largest element.</summary>
    /// <param name="bound">c, 0 or more; may follow a schedule.</param>
    /// <param name="epsilon">ε, 0 by default.</param>
    public static UpdateRule ByMaximumNorm(Schedule bound, double epsilon = 0) => new ClipByMaximumNorm(bound, epsilon);

    /// <summary>min(max(u, −c), c), element by element; may turn the direction.</summary>
    /// <param name="bound">c, 0 or more; may follow a schedule.</param>
    public static UpdateRule ByValue(Schedule bound) => new ClipByValue(bound);

    /// <summary>u·min(1, c/(‖u‖ₚ + ε)): keeps the direction, bounds the length of order p over all parameters.</summary>
    /// <param name="bound">c, 0 or more; may follow a schedule.</param>
    /// <param name="order">p, 1 or more; infinite for the maximum norm.</param>
    /// <param name="epsilon">ε, 0 by default.</param>
    public static UpdateRule ByNorm(Schedule bound, double order, double epsilon = 0) =>
        double.IsPositiveInfinity(order) ? new ClipByMaximumNorm(bound, epsilon) : new ClipByNorm(bound, order, epsilon);

    /// <summary>uₗ·min(1, c/(‖uₗ‖₂ + ε)): bounds the Euclidean length of each parameter's update apart.</summary>
    /// <param name="bound">c, 0 or more; may follow a schedule.</param>
    /// <param name="epsilon">ε, 0 by default.</param>
    public static UpdateRule ByParameterNorm(Schedule bound, double epsilon = 0) => new ClipByParameterNorm(bound, epsilon);

    /// <summary>uᵢ·min(1, λ·max(‖Wᵢ‖, ε)/‖uᵢ‖): bounds each unit's update beside the unit's weights; see <see cref="AdaptiveClip"/>.</summary>
    /// <param name="ratio">λ, 0 or more; 0.01 by default.</param>
    /// <param name="epsilon">ε, 1e-3 by default.</param>
    public static UpdateRule Adaptive(Schedule? ratio = null, double epsilon = 1e-3) => new AdaptiveClip(ratio ?? 0.01, epsilon);

    /// <summary>Each element kept within a bound; reports the share of those that were outside.</summary>
    internal static Tensor Elements(Tensor update, Tensor bound, RuleScope scope)
    {
        Tensor outside = Functions.Greater(Functions.Abs(update), bound);
        scope.ReportClipped(Functions.Sum(outside) / Math.Max(1, update.Shape.Count));
        return Functions.Clamp(update, -bound, bound);
    }

    internal static Tensor Shorten(Tensor update, Tensor norm, Schedule bound, double epsilon, RuleScope scope) =>
        Shorten(update, norm + epsilon, scope.Scalar(bound), scope.ReportClipped);

    internal static Tensor Shorten(Tensor update, Tensor length, Tensor limit, Action<Tensor> report)
    {
        // A comparison and not min(1, c/‖u‖), which is no number where both are 0.
        Tensor exceeds = Functions.Greater(length, limit);
        report(exceeds);
        return update * Functions.Select(exceeds, limit / length, 1);
    }
}

/// <summary>Shortens the update where its Euclidean norm over all parameters exceeds a bound.</summary>
/// <remarks>u·min(1, c/(‖u‖₂ + ε)). Pascanu, Mikolov and Bengio (2013), On the Difficulty of Training Recurrent Neural Networks.</remarks>
/// <param name="Bound">c.</param>
/// <param name="Epsilon">ε.</param>
public sealed record ClipByGlobalNorm(Schedule Bound, double Epsilon = 0) : UpdateRule
{
    /// <summary>c, 0 or more.</summary>
    public Schedule Bound { get; } = Hyperparameter.NotNegative(Bound);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "clip-by-global-norm";

    /// <inheritdoc/>
    public override string Formula => "u·min(1, c/‖u‖₂)";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) =>
        Clip.Shorten(update, scope.Norm(update), Bound, Epsilon, scope);
}

/// <summary>Shortens the update where its largest element exceeds a bound.</summary>
/// <remarks>u·min(1, c/(‖u‖∞ + ε)).</remarks>
/// <param name="Bound">c.</param>
/// <param name="Epsilon">ε.</param>
public sealed record ClipByMaximumNorm(Schedule Bound, double Epsilon = 0) : UpdateRule
{
    /// <summary>c, 0 or more.</summary>
    public Schedule Bound { get; } = Hyperparameter.NotNegative(Bound);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "clip-by-maximum-norm";

    /// <inheritdoc/>
    public override string Formula => "u·min(1, c/‖u‖∞)";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) =>
        Clip.Shorten(update, Functions.Max(Functions.Abs(update)), Bound, Epsilon, scope);
}

/// <summary>Keeps each element of the update within a bound.</summary>
/// <remarks>min(max(u, −c), c).</remarks>
/// <param name="Bound">c.</param>
public sealed record ClipByValue(Schedule Bound) : UpdateRule
{
    /// <summary>c, 0 or more.</summary>
    public Schedule Bound { get; } = Hyperparameter.NotNegative(Bound);

    /// <inheritdoc/>
    public override string Name => "clip-by-value";

    /// <inheritdoc/>
    public override string Formula => "min(max(u, −c), c)";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) => Clip.Elements(update, scope.Scalar(Bound), scope);
}
