using System.Numerics;
using System.Reflection;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>An operation on corresponding elements, with NumPy's broadcasting.</summary>
/// <remarks>Its Jacobian by each operand is diagonal and so its own transpose: the rule that takes an adjoint back also takes a tangent on.</remarks>
internal abstract record ElementwiseOperation : Operation
{
    /// <summary>The loop over a block of elements.</summary>
    public abstract ElementKernel<T> Kernel<T>()
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Number of operands.</summary>
    public abstract int Arity { get; }

    /// <summary>The function on one vector of each operand, for executors that call it from code they make.</summary>
    public abstract MethodInfo Body<T, TVector, TSimd>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>;

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        Shape shape = inputs[0].Shape;
        foreach (Tensor input in inputs[1..])
        {
            if (!Broadcasting.TryJoin(shape, input.Shape, out Shape joined))
            {
                throw Misfit(Name, shape, input.Shape, Broadcasting.Rule);
            }

            shape = joined;
        }

        return shape;
    }

    /// <summary>Mapped inputs get their batch axis in front of all axes of the result, so that broadcasting lines up the others as before.</summary>
    public sealed override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        Tensor[] aligned = [.. inputs];
        for (int i = 0; i < aligned.Length; i++)
        {
            if (mapped[i])
            {
                ReadOnlySpan<int> lengths = aligned[i].Shape.Lengths;
                int missing = node.Shape.Rank - (lengths.Length - 1);
                aligned[i] = Functions.Reshape(aligned[i], new Shape([lengths[0], .. Enumerable.Repeat(1, missing), .. lengths[1..]]));
            }
        }

        return Functions.BroadcastTo(Functions.Node(this, aligned), new Shape([BatchOf(inputs, mapped), .. node.Shape.Lengths]));
    }

    /// <summary>The sum of what the inputs' changes contribute, in the node's shape.</summary>
    protected static Tensor? Combine(Tensor node, params ReadOnlySpan<Tensor?> parts)
    {
        Tensor? sum = null;
        foreach (Tensor? part in parts)
        {
            sum = part is null ? sum : sum is null ? part : sum + part;
        }

        return sum is null ? null : Functions.BroadcastTo(sum, node.Shape);
    }

    /// <summary>Sums what broadcasting had copied, so that an adjoint gets the shape of its input.</summary>
    protected static Tensor? Unbroadcast(Tensor? adjoint, Shape shape) => adjoint is null ? null : Functions.SumTo(adjoint, shape);
}

/// <summary>A function of one element.</summary>
internal abstract record UnaryOperation<TOperator> : ElementwiseOperation
    where TOperator : struct, IUnaryOperator
{
    public sealed override int Arity => 1;

    public sealed override ElementKernel<T> Kernel<T>() => ElementKernel<T>.Unary<TOperator>();

    public sealed override MethodInfo Body<T, TVector, TSimd>() => ((Func<TVector, TVector>)TOperator.Invoke<TVector, T, TSimd>).Method;

    public sealed override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Adjoint(node, node.Inputs[0], adjoint)];

    public sealed override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Adjoint(node, node.Inputs[0], tangents[0]!);

    protected abstract Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint);
}

/// <summary>A function of two elements.</summary>
internal abstract record BinaryOperation<TOperator> : ElementwiseOperation
    where TOperator : struct, IBinaryOperator
{
    public sealed override int Arity => 2;

    public sealed override ElementKernel<T> Kernel<T>() => ElementKernel<T>.Binary<TOperator>();

    public sealed override MethodInfo Body<T, TVector, TSimd>() => ((Func<TVector, TVector, TVector>)TOperator.Invoke<TVector, T, TSimd>).Method;

    public sealed override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        (Tensor x, Tensor y) = (node.Inputs[0], node.Inputs[1]);
        (Tensor? dx, Tensor? dy) = Adjoint(node, x, y, adjoint);
        return [Unbroadcast(dx, x.Shape), Unbroadcast(dy, y.Shape)];
    }

    public sealed override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        (Tensor x, Tensor y) = (node.Inputs[0], node.Inputs[1]);
        return Combine(
            node,
            tangents[0] is { } tx ? Adjoint(node, x, y, tx).X : null,
            tangents[1] is { } ty ? Adjoint(node, x, y, ty).Y : null);
    }

    protected abstract (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint);
}

/// <summary>A function of three elements.</summary>
internal abstract record TernaryOperation<TOperator> : ElementwiseOperation
    where TOperator : struct, ITernaryOperator
{
    public sealed override int Arity => 3;

    public sealed override ElementKernel<T> Kernel<T>() => ElementKernel<T>.Ternary<TOperator>();

    public sealed override MethodInfo Body<T, TVector, TSimd>() => ((Func<TVector, TVector, TVector, TVector>)TOperator.Invoke<TVector, T, TSimd>).Method;

    public sealed override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        (Tensor x, Tensor y, Tensor z) = (node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        (Tensor? dx, Tensor? dy, Tensor? dz) = Adjoint(x, y, z, adjoint);
        return [Unbroadcast(dx, x.Shape), Unbroadcast(dy, y.Shape), Unbroadcast(dz, z.Shape)];
    }

    public sealed override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        (Tensor x, Tensor y, Tensor z) = (node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        return Combine(
            node,
            tangents[0] is { } tx ? Adjoint(x, y, z, tx).X : null,
            tangents[1] is { } ty ? Adjoint(x, y, z, ty).Y : null,
            tangents[2] is { } tz ? Adjoint(x, y, z, tz).Z : null);
    }

    protected abstract (Tensor? X, Tensor? Y, Tensor? Z) Adjoint(Tensor x, Tensor y, Tensor z, Tensor adjoint);
}
