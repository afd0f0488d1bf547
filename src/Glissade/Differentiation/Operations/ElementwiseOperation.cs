using System.Numerics;
using System.Reflection;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>An operation on corresponding elements, with NumPy's broadcasting.</summary>
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
            shape = Broadcast(shape, input.Shape);
        }

        return shape;
    }

    /// <summary>Sums what broadcasting had copied, so that an adjoint gets the shape of its input.</summary>
    protected static Tensor? Unbroadcast(Tensor? adjoint, Shape shape) => adjoint is null ? null : Functions.SumTo(adjoint, shape);

    private Shape Broadcast(Shape left, Shape right)
    {
        if (left == right)
        {
            return left;
        }

        int rank = Math.Max(left.Rank, right.Rank);
        Span<int> lengths = rank <= 16 ? stackalloc int[rank] : new int[rank];
        for (int axis = 1; axis <= rank; axis++)
        {
            int l = axis <= left.Rank ? left[-axis] : 1;
            int r = axis <= right.Rank ? right[-axis] : 1;
            lengths[rank - axis] = l == r || r == 1 ? l
                : l == 1 ? r
                : throw Misfit(Name, left, right, "counted from the last axis, two lengths must be equal or one of them 1.");
        }

        return new Shape(lengths);
    }
}

/// <summary>A function of one element.</summary>
internal abstract record UnaryOperation<TOperator> : ElementwiseOperation
    where TOperator : struct, IUnaryOperator
{
    public sealed override int Arity => 1;

    public sealed override ElementKernel<T> Kernel<T>() => ElementKernel<T>.Unary<TOperator>();

    public sealed override MethodInfo Body<T, TVector, TSimd>() => ((Func<TVector, TVector>)TOperator.Invoke<TVector, T, TSimd>).Method;

    public sealed override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Adjoint(node, node.Inputs[0], adjoint)];

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

    protected abstract (Tensor? X, Tensor? Y, Tensor? Z) Adjoint(Tensor x, Tensor y, Tensor z, Tensor adjoint);
}
