using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Learning.Networks;

/// <summary>A parameter of a layer before it has a place: name within the layer, shape and start.</summary>
/// <param name="Name">Such as <c>weight</c>.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="FanIn">Inputs that each output sums over.</param>
/// <param name="FanOut">Outputs that each input reaches.</param>
/// <param name="Start">How its numbers begin.</param>
public sealed record LayerParameter(string Name, Shape Shape, int FanIn, int FanOut, Initializer Start);

/// <summary>One layer of a network, as a recipe: shapes are known when the network is built for an input.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public abstract record Layer
{
    /// <summary>The name, as in an experiment file and in the names of parameters.</summary>
    public abstract string Name { get; }

    /// <summary>The formula, on one line.</summary>
    public abstract string Formula { get; }

    /// <summary>Whether the layer sets small or negative numbers to nearly zero, so that the weights before it should begin larger (He).</summary>
    public virtual bool IsRectifier => false;

    /// <summary>The shape of one example after the layer.</summary>
    /// <param name="input">The shape of one example before it.</param>
    /// <exception cref="ArgumentException">The layer does not take such examples.</exception>
    public virtual Shape OutputShape(Shape input) => input;

    /// <summary>The layer's parameters.</summary>
    /// <param name="input">The shape of one example before the layer.</param>
    /// <param name="next">The layer that follows; null for the last.</param>
    public virtual IReadOnlyList<LayerParameter> Parameters(Shape input, Layer? next) => [];

    /// <summary>What the layer keeps from batch to batch beside its parameters.</summary>
    /// <param name="input">The shape of one example before the layer.</param>
    public virtual IReadOnlyList<LayerState> States(Shape input) => [];

    /// <summary>Examples that a batch must have for the layer's states to follow it; 1 for layers without states.</summary>
    /// <param name="input">The shape of one example before the layer.</param>
    public virtual int LeastBatch(Shape input) => 1;

    /// <summary>The layer as a function of a batch.</summary>
    /// <param name="x">A batch: one more axis than an example, in front.</param>
    /// <param name="scope">The layer's parameters and states, and what it is traced for.</param>
    public abstract Tensor Trace(Tensor x, LayerScope scope);
}
