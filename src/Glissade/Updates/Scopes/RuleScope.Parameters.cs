using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <content>What rules need that see each parameter with its own shape.</content>
public abstract partial class RuleScope
{
    private readonly List<(NamePatterns Patterns, bool Matching)> _restrictions = [];

    /// <summary>A tensor of any shape that is kept from step to step.</summary>
    /// <param name="name">Its name, unique in the rule; it is saved and restored under it, as a flat vector.</param>
    /// <param name="shape">Its shape, which the new state must have too.</param>
    /// <param name="next">The new state from the previous one; what gives back the previous one itself is never written again.</param>
    /// <param name="initial">Every element before the first step.</param>
    /// <returns>The new state.</returns>
    /// <exception cref="ArgumentException">The name is taken, or the new state has another shape.</exception>
    public abstract Tensor State(string name, Shape shape, Func<Tensor, Tensor> next, double initial = 0);

    /// <summary>A vector of the length of θ that is kept from step to step and begins as θ before the first applied step.</summary>
    /// <param name="name">Its name, unique in the rule; it is saved and restored under it.</param>
    /// <param name="next">The new state from the previous one; what gives back the previous one itself is never written again.</param>
    /// <returns>The new state.</returns>
    /// <exception cref="ArgumentException">The name is taken, or the new state has another shape.</exception>
    public abstract Tensor StateFromParameters(string name, Func<Tensor, Tensor> next);

    /// <summary>A number for each parameter, the same for all its elements: a flat vector of the length of θ that costs no memory traffic.</summary>
    /// <param name="name">What to call it in listings, unique in the rule.</param>
    /// <param name="schedule">The number of the parameter of that name over time.</param>
    public abstract Tensor PerParameter(string name, Func<string, Schedule> schedule);

    /// <summary>A learning rate for each parameter; they bear the updater's factor as rates for some parameters only, of which the outcome tells the greatest.</summary>
    /// <param name="name">What to call it in listings, unique in the rule.</param>
    /// <param name="schedule">The rate of the parameter of that name over time.</param>
    public abstract Tensor LearningRates(string name, Func<string, Schedule> schedule);

    /// <summary>1 / (1 − Π βᵢ) over the steps so far, this one included: what frees a mean that began at zero of its bias. One for each β of a rule, whoever asks.</summary>
    /// <param name="beta">β as a schedule, in [0, 1).</param>
    public abstract Tensor BiasCorrection(Schedule beta);

    /// <summary>The Euclidean norm ‖x‖₂ over all axes, also where the squares of its elements are too great for the element type.</summary>
    /// <remarks>
    /// √Σx², or where that overflows √Σ(sx)²/s over the elements that matter, with a power of two s; both sums are made in one pass. A length that is itself too
    /// great for the element type is +∞.
    /// </remarks>
    /// <param name="x">Any shape.</param>
    public abstract Tensor Norm(Tensor x);

    /// <summary>Traces a function for each parameter in its own shape and puts the results one after another.</summary>
    /// <remarks>
    /// Parameters without elements are left out, and so are those to which the rule does not apply (<see cref="UpdateRule.Only"/>, <see cref="UpdateRule.Except"/>):
    /// their update passes unchanged. The pieces are views of the update; the results are copied once into the outgoing vector.
    /// </remarks>
    /// <param name="update">A flat vector of the length of θ.</param>
    /// <param name="function">The outgoing update of a parameter, of its shape, from the incoming one.</param>
    /// <returns>A flat vector of the length of θ.</returns>
    /// <exception cref="ArgumentException">The update is not of the length of θ, or a result has another shape than its parameter.</exception>
    public Tensor ForEachParameter(Tensor update, Func<Tensor, ParameterScope, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(update);
        ArgumentNullException.ThrowIfNull(function);
        if (update.Shape != Parameters.Shape)
        {
            throw new ArgumentException($"The update has the shape {update.Shape}, but θ {Parameters.Shape}; a rule's pieces must be those of the layout.", nameof(update));
        }

        var parts = new List<Tensor>();
        int unchanged = 0;
        foreach (LayoutEntry entry in Layout.Entries)
        {
            if (entry.Length == 0 || !Applies(entry.Name))
            {
                continue;
            }

            Pass(unchanged, entry.Offset);
            unchanged = entry.Offset + entry.Length;
            Tensor piece = Functions.Reshape(Functions.Slice(update, 0, entry.Offset, entry.Length), entry.Shape);
            Tensor result = function(piece, new ParameterScope(this, entry));
            parts.Add(result.Shape == entry.Shape
                ? Functions.Reshape(result, new Shape(entry.Length))
                : throw new ArgumentException($"The outgoing update of '{entry.Name}' has the shape {result.Shape}, but the parameter {entry.Shape}.", nameof(function)));
        }

        Pass(unchanged, Layout.Length);
        return parts.Count == 0 ? update : Functions.Concatenate(0, [.. parts]);

        void Pass(int from, int to)
        {
            if (to > from)
            {
                parts.Add(Functions.Slice(update, 0, from, to - from));
            }
        }
    }

    /// <summary>Whether the rule being traced applies to the parameter of that name.</summary>
    internal bool Applies(string parameter) => _restrictions.TrueForAll(r => r.Patterns.Matches(parameter) == r.Matching);

    /// <summary>Traces a rule as one for some parameters only.</summary>
    internal Tensor Restricted(NamePatterns patterns, bool matching, Func<Tensor> trace)
    {
        CheckKnown(patterns);
        bool wasRestricted = IsRestricted;
        IsRestricted = true;
        _restrictions.Add((patterns, matching));
        Tensor traced = trace();
        _restrictions.RemoveAt(_restrictions.Count - 1);
        IsRestricted = wasRestricted;
        return traced;
    }

    /// <summary>Half the distance from 1 to the next number of the element type.</summary>
    internal abstract double UnitRoundoff { get; }

    /// <summary>Refuses patterns that match no parameter.</summary>
    internal abstract void CheckKnown(NamePatterns patterns);
}
