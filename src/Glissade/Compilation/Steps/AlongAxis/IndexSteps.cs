using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Steps;

/// <summary>Elements of each line, by indices.</summary>
internal sealed unsafe class TakeAlongAxisStep<T>(Tensor node, TakeAlongAxis operation, Func<Tensor, Place<T>> placeOf) : AxisStep<T>(operation.Name, node.Shape, operation.Axis)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Place<T> _source = placeOf(node.Inputs[0]), _indices = placeOf(node.Inputs[1]), _destination = placeOf(node);
    private readonly AxisBlocks _from = AxisBlocks.Of(node.Inputs[0].Shape, operation.Axis), _to = AxisBlocks.Of(node.Shape, operation.Axis);
    private readonly int _length = AxisIndex.LengthOf<T>(operation.Name, node.Inputs[0].Shape, operation.Axis), _count = node.Shape[operation.Axis];

    protected override void RunLines(int block, int first, int end, int worker)
    {
        T* x = _source.Pointer + ((nint)block * _from.Length);
        nint start = (nint)block * _to.Length;
        for (int i = 0; i < _count; i++, start += _to.Unit)
        {
            for (int line = first; line < end; line++)
            {
                T value = _indices.Pointer[start + line];
                int index = AxisIndex.Of(value, _length);
                if (index < 0)
                {
                    throw AxisIndex.OutOfRange(operation.OfClasses, Name, double.CreateTruncating(value), Shape, start + line, operation.Axis, node.Inputs[0].Shape);
                }

                _destination.Pointer[start + line] = x[((nint)index * _to.Unit) + line];
            }
        }
    }
}

/// <summary>Values added to zeros in each line, by indices.</summary>
internal sealed unsafe class ScatterAddAlongAxisStep<T>(Tensor node, ScatterAddAlongAxis operation, Func<Tensor, Place<T>> placeOf)
    : AxisStep<T>(operation.Name, node.Inputs[0].Shape, operation.Axis)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Place<T> _values = placeOf(node.Inputs[0]), _indices = placeOf(node.Inputs[1]), _destination = placeOf(node);
    private readonly AxisBlocks _from = AxisBlocks.Of(node.Inputs[0].Shape, operation.Axis), _to = AxisBlocks.Of(node.Shape, operation.Axis);
    private readonly int _length = AxisIndex.LengthOf<T>(operation.Name, node.Shape, operation.Axis), _count = node.Inputs[0].Shape[operation.Axis];

    public override double Flops => Shape.Count;

    protected override void RunLines(int block, int first, int end, int worker)
    {
        T* y = _destination.Pointer + ((nint)block * _to.Length);
        for (int i = 0; i < _length; i++)
        {
            new Span<T>(y + ((nint)i * _to.Unit) + first, end - first).Clear();
        }

        nint start = (nint)block * _from.Length;
        for (int i = 0; i < _count; i++, start += _from.Unit)
        {
            for (int line = first; line < end; line++)
            {
                T value = _indices.Pointer[start + line];
                int index = AxisIndex.Of(value, _length);
                if (index < 0)
                {
                    throw AxisIndex.OutOfRange(operation.OfClasses, Name, double.CreateTruncating(value), Shape, start + line, operation.Axis, node.Shape);
                }

                y[((nint)index * _to.Unit) + line] += _values.Pointer[start + line];
            }
        }
    }
}
