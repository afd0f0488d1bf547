using System.Runtime.CompilerServices;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>What a rule may use while it is traced for one parameter.</summary>
/// <remarks>
/// How a parameter is seen as a matrix: one of two axes is the matrix it is, [inputs, outputs] as in a dense layer, whose columns are its units; one of more axes,
/// such as a kernel of a convolution [outputs, inputs, height, width], has its units along the first axis and is seen as [outputs, everything else], whose rows are
/// its units. Scalars and vectors are no matrices and count as one unit.
/// </remarks>
public sealed class ParameterScope
{
    private readonly RuleScope _rule;

    internal ParameterScope(RuleScope rule, LayoutEntry entry)
    {
        (_rule, Name, Shape) = (rule, entry.Name, entry.Shape);
        Value = Functions.Reshape(Functions.Slice(rule.Parameters, 0, entry.Offset, entry.Length), entry.Shape);
    }

    /// <summary>The parameter's name.</summary>
    public string Name { get; }

    /// <summary>The parameter's shape.</summary>
    public Shape Shape { get; }

    /// <summary>The parameter before the step, in its shape.</summary>
    public Tensor Value { get; }

    /// <summary>Whether it is a matrix, or is seen as one.</summary>
    public bool IsMatrix => Shape.Rank >= 2;

    /// <summary>The length of a unit's weights: all but the axis of units; all elements of a scalar or a vector.</summary>
    public int FanIn => Shape.Count / FanOut;

    /// <summary>The number of units: 1 of a scalar or a vector.</summary>
    public int FanOut => Shape.Rank switch
    {
        < 2 => 1,
        2 => Shape[1],
        _ => Shape[0],
    };

    /// <summary>A hyperparameter at the current step; see <see cref="RuleScope.Scalar(Schedule, string)"/>.</summary>
    /// <param name="schedule">The hyperparameter over time.</param>
    /// <param name="name">Its name in listings; that of the property where left out.</param>
    public Tensor Scalar(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "") => _rule.Scalar(schedule, name);

    /// <summary>Any number that depends on the step alone; see <see cref="RuleScope.Scalar(string, Func{long, double})"/>.</summary>
    /// <param name="name">What to call it in listings.</param>
    /// <param name="value">Its value, given the number of applied steps before this one.</param>
    public Tensor Scalar(string name, Func<long, double> value) => _rule.Scalar(name, value);

    /// <summary>A tensor of the parameter's own shape that is kept from step to step, zero at first.</summary>
    /// <param name="name">Its name, unique in the rule; it is saved as <c>rule.name/parameter</c>.</param>
    /// <param name="next">The new state from the previous one.</param>
    /// <returns>The new state.</returns>
    public Tensor State(string name, Func<Tensor, Tensor> next) => State(name, Shape, next);

    /// <summary>A tensor of any shape that is kept for the parameter from step to step.</summary>
    /// <param name="name">Its name, unique in the rule; it is saved as <c>rule.name/parameter</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="next">The new state from the previous one.</param>
    /// <param name="initial">Every element before the first step.</param>
    /// <returns>The new state.</returns>
    public Tensor State(string name, Shape shape, Func<Tensor, Tensor> next, double initial = 0) => _rule.State($"{name}/{Name}", shape, next, initial);

    /// <summary>A mean that began at zero, freed of its bias towards zero; see <see cref="RuleScope.BiasCorrection"/>.</summary>
    /// <param name="mean">m ← βm + (1−β)x, begun at 0.</param>
    /// <param name="beta">β as a schedule, in [0, 1).</param>
    public Tensor Debias(Tensor mean, Schedule beta) => mean * _rule.BiasCorrection(beta);

    /// <summary>The Euclidean norm over all axes; see <see cref="RuleScope.Norm"/>.</summary>
    /// <param name="x">Any shape.</param>
    public Tensor Norm(Tensor x) => _rule.Norm(x);

    /// <summary>Half the distance from 1 to the next number of the element type.</summary>
    internal double UnitRoundoff => _rule.UnitRoundoff;

    /// <summary>Tells the step's outcome that the update was clipped where the value is not 0.</summary>
    /// <param name="clipped">A scalar.</param>
    public void ReportClipped(Tensor clipped) => _rule.ReportClipped(clipped);

    /// <summary>The sum over the weights of each unit, in a shape that stands against the parameter's; over all elements of a scalar or a vector.</summary>
    /// <param name="x">A tensor of the parameter's shape.</param>
    public Tensor SumByUnit(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Shape.Rank switch
        {
            < 2 => Functions.Sum(x),
            2 => Functions.Reshape(Functions.Sum(x, 0), new Shape(1, Shape[1])),
            _ => Functions.Reshape(Functions.Sum(Functions.Reshape(x, new Shape(FanOut, FanIn)), 1), new Shape([FanOut, .. Enumerable.Repeat(1, Shape.Rank - 1)])),
        };
    }

    /// <summary>The parameter, or something of its shape, as a matrix whose columns or rows are its units; nothing is copied.</summary>
    /// <param name="x">A tensor of the parameter's shape.</param>
    /// <returns>[<see cref="FanIn"/>, <see cref="FanOut"/>] of two axes, [<see cref="FanOut"/>, <see cref="FanIn"/>] of more.</returns>
    public Tensor AsMatrix(Tensor x) => IsMatrix
        ? Functions.Reshape(x, Shape.Rank == 2 ? Shape : new Shape(FanOut, FanIn))
        : throw new InvalidOperationException($"'{Name}' of the shape {Shape} is no matrix; a rule for matrices must let it pass.");
}
