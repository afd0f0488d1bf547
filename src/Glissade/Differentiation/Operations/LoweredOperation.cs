namespace Glissade.Differentiation.Operations;

/// <summary>An operation that the compiler puts in the place of others, after differentiation.</summary>
internal abstract record LoweredOperation : Operation
{
    public sealed override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => throw Late();

    public sealed override Tensor? Tangent(Tensor node, Tensor?[] tangents) => throw Late();

    public sealed override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => throw Late();

    private NotSupportedException Late() => new($"'{Name}' appears after differentiation.");
}
