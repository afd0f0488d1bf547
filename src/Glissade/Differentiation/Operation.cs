using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>One primitive: its name, the shape of its result, and its adjoint in terms of primitives. Equal by value, so equal nodes are one.</summary>
internal abstract record Operation
{
    public abstract string Name { get; }

    /// <summary>The result's shape.</summary>
    /// <exception cref="ArgumentException">The inputs' shapes do not fit; the message names them and the operation.</exception>
    public abstract Shape ShapeOf(ReadOnlySpan<Tensor> inputs);

    /// <summary>λ of each input's constraint, given λ of the node's: (∂node/∂inputᵢ)ᵀ·<paramref name="adjoint"/>; null where nothing flows.</summary>
    public abstract Tensor?[] Adjoints(Tensor node, Tensor adjoint);

    protected static ArgumentException Misfit(string operation, Shape left, Shape right, string rule) =>
        new($"The shapes {left} and {right} do not fit '{operation}': {rule}");
}
