using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Keeps parameters as they are, to the bit, for ever or until they are thawed.</summary>
/// <remarks>
/// The update becomes 0 where the share r is 0, and ru else, so that parameters can be thawed at once or little by little. Stands last in its chain: what comes
/// after may move them again. Rules before it still see their gradients, so that norms count them and moments are warm when they thaw;
/// <see cref="UpdateRule.Except"/> keeps them out of a rule. Of parameters that never thaw θ itself is evaluated. What thaws must stand before
/// <see cref="ScheduleFree"/>, whose iterate and average would move on without it, and cannot stand behind <see cref="AveragedDescent"/>.
/// Howard and Ruder (2018), Universal Language Model Fine-tuning for Text Classification, for thawing layer by layer.
/// </remarks>
/// <param name="Share">r in [0, 1], 0 by default.</param>
public sealed record Freeze(Schedule Share) : UpdateRule
{
    /// <summary>r in [0, 1]: how much of the update passes.</summary>
    public Schedule Share { get; } = Hyperparameter.Share(Share);

    /// <inheritdoc/>
    public override string Name => "freeze";

    /// <inheritdoc/>
    public override string Formula => "ru, exactly 0 where r = 0";

    /// <summary>Parameters whose names match never change.</summary>
    /// <param name="patterns">Names, in which * stands for any characters, as in <c>dense1.*</c>.</param>
    public static UpdateRule Of(params IReadOnlyList<string> patterns) => new Freeze(0).Only(patterns);

    /// <summary>Parameters whose names match do not change in the first so many steps.</summary>
    /// <param name="steps">Steps without change, 1 or more.</param>
    /// <param name="patterns">Names, in which * stands for any characters.</param>
    public static UpdateRule Until(long steps, params IReadOnlyList<string> patterns) => new Freeze(Schedule.Constant(0).For(steps).Then(1.0)).Only(patterns);

    /// <summary>Parameters whose names match take the share of their update that a schedule says.</summary>
    /// <param name="share">r over time, in [0, 1].</param>
    /// <param name="patterns">Names, in which * stands for any characters.</param>
    public static UpdateRule Thawing(Schedule share, params IReadOnlyList<string> patterns) => new Freeze(share).Only(patterns);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        if (Share is ConstantSchedule { Value: 0 })
        {
            scope.EvaluateParameters();
        }
        else
        {
            scope.RequireOwnEvaluation("what thaws must stand before it, or its average moves on alone");
        }

        // A choice and not a product alone, which would make NaN of an infinite update and −0 of a negative one.
        Tensor share = scope.Scalar(Share);
        return Functions.Select(Functions.Greater(share, 0), share * update, 0);
    }
}
