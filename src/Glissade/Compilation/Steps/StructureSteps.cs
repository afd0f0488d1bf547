using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Copies elements that stand at regular distances: transposes, inner slices, broadcasts that no loop reads directly.</summary>
internal sealed unsafe class StridedCopyStep<T> : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly string _name;
    private readonly Shape _shape;
    private readonly int[] _strides;
    private readonly int[] _index;
    private readonly Place<T> _source, _destination;

    private StridedCopyStep(string name, Shape shape, int[] strides, Place<T> source, Place<T> destination)
    {
        (_name, _shape, _strides, _source, _destination) = (name, shape, strides, source, destination);
        _index = new int[Math.Max(0, shape.Rank - 1)];
    }

    public static StridedCopyStep<T> Permute(Tensor node, Permute permute, Func<Tensor, Place<T>> placeOf)
    {
        int[] from = Strides(node.Inputs[0].Shape);
        int[] strides = [.. permute.Order.ToArray().Select(axis => from[axis])];
        return new StridedCopyStep<T>("transpose", node.Shape, strides, placeOf(node.Inputs[0]), placeOf(node));
    }

    public static StridedCopyStep<T> Slice(Tensor node, Slice slice, Func<Tensor, Place<T>> placeOf)
    {
        int[] strides = Strides(node.Inputs[0].Shape);
        return new StridedCopyStep<T>("slice", node.Shape, strides, placeOf(node.Inputs[0]).Shift(slice.Start * strides[slice.Axis]), placeOf(node));
    }

    public static StridedCopyStep<T> Flip(Tensor node, Flip flip, Func<Tensor, Place<T>> placeOf)
    {
        int[] strides = Strides(node.Shape);
        int first = 0;
        foreach (int axis in flip.Axes.ToArray())
        {
            first += Math.Max(0, node.Shape[axis] - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }

        return new StridedCopyStep<T>("flip", node.Shape, strides, placeOf(node.Inputs[0]).Shift(first), placeOf(node));
    }

    public static StridedCopyStep<T> Broadcast(Tensor node, Func<Tensor, Place<T>> placeOf)
    {
        Shape source = node.Inputs[0].Shape;
        int[] from = Strides(source);
        int[] strides = new int[node.Shape.Rank];
        int missing = node.Shape.Rank - source.Rank;
        for (int axis = missing; axis < strides.Length; axis++)
        {
            strides[axis] = source[axis - missing] == 1 ? 0 : from[axis - missing];
        }

        return new StridedCopyStep<T>("broadcast", node.Shape, strides, placeOf(node.Inputs[0]), placeOf(node));
    }

    public override void Run()
    {
        if (_shape.Count == 0)
        {
            return;
        }

        T* source = _source.Pointer;
        T* destination = _destination.Pointer;
        int rank = _shape.Rank;
        int inner = rank == 0 ? 1 : _shape[-1];
        int stride = rank == 0 ? 0 : _strides[rank - 1];
        Array.Clear(_index);
        while (true)
        {
            for (int i = 0; i < inner; i++)
            {
                destination[i] = source[(nint)i * stride];
            }

            destination += inner;
            int axis = rank - 2;
            for (; axis >= 0; axis--)
            {
                source += _strides[axis];
                if (++_index[axis] < _shape[axis])
                {
                    break;
                }

                source -= (nint)_strides[axis] * _shape[axis];
                _index[axis] = 0;
            }

            if (axis < 0)
            {
                return;
            }
        }
    }

    public override string ToString() => $"{_name} {_shape}";

    private static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }
}

/// <summary>A number around the elements of one axis.</summary>
internal sealed class PadStep<T>(Tensor node, Pad pad, Func<Tensor, Place<T>> placeOf) : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Place<T> _source = placeOf(node.Inputs[0]), _destination = placeOf(node);
    private readonly AxisBlocks _from = AxisBlocks.Of(node.Inputs[0].Shape, pad.Axis), _to = AxisBlocks.Of(node.Shape, pad.Axis);
    private readonly T _value = T.CreateTruncating(pad.Value);

    public override void Run()
    {
        Span<T> result = _destination.Vector.Span.Slice(_destination.Offset, node.Shape.Count);
        ReadOnlySpan<T> source = _source.Vector.Span.Slice(_source.Offset, node.Inputs[0].Shape.Count);
        result.Fill(_value);
        for (int block = 0; block < _from.Count; block++)
        {
            source.Slice(block * _from.Length, _from.Length).CopyTo(result[((block * _to.Length) + (pad.Before * _from.Unit))..]);
        }
    }

    public override string ToString() => $"pad {node.Shape}";
}

/// <summary>Tensors one after another along one axis.</summary>
internal sealed class ConcatenateStep<T> : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Shape _shape;
    private readonly Place<T> _destination;
    private readonly (Place<T> Place, AxisBlocks Blocks)[] _parts;
    private readonly AxisBlocks _to;

    public ConcatenateStep(Tensor node, Concatenate concatenate, Func<Tensor, Place<T>> placeOf)
    {
        _shape = node.Shape;
        _destination = placeOf(node);
        _parts = [.. node.Inputs.Select(i => (placeOf(i), AxisBlocks.Of(i.Shape, concatenate.Axis)))];
        _to = AxisBlocks.Of(node.Shape, concatenate.Axis);
    }

    public override void Run()
    {
        Span<T> result = _destination.Vector.Span.Slice(_destination.Offset, _shape.Count);
        int start = 0;
        foreach ((Place<T> place, AxisBlocks blocks) in _parts)
        {
            for (int block = 0; block < blocks.Count; block++)
            {
                place.Vector.Span.Slice(place.Offset + (block * blocks.Length), blocks.Length).CopyTo(result[((block * _to.Length) + start)..]);
            }

            start += blocks.Length;
        }
    }

    public override string ToString() => $"concatenate {_shape}";
}

/// <summary>Class numbers as rows of zeros with a one.</summary>
internal sealed class OneHotStep<T> : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Shape _shape;
    private readonly Place<T> _source, _destination;
    private readonly int _rows, _classes;

    public OneHotStep(Tensor node, OneHot operation, Func<Tensor, Place<T>> placeOf)
    {
        (_shape, _rows, _classes) = (node.Shape, node.Inputs[0].Shape.Count, operation.Classes);
        (_source, _destination) = (placeOf(node.Inputs[0]), placeOf(node));
        AxisIndex.CheckRange<T>(operation.Name, _shape, _shape.Rank - 1);
    }

    public override void Run()
    {
        Span<T> result = _destination.Vector.Span.Slice(_destination.Offset, _shape.Count);
        ReadOnlySpan<T> source = _source.Vector.Span.Slice(_source.Offset, _rows);
        result.Clear();
        for (int row = 0; row < source.Length; row++)
        {
            int index = AxisIndex.Of(source[row], _classes);
            if (index >= 0)
            {
                result[(row * _classes) + index] = T.One;
            }
        }
    }

    public override string ToString() => $"one-hot {_shape}";
}

/// <summary>A tensor as contiguous blocks, each holding all indices of one axis.</summary>
/// <param name="Count">Blocks.</param>
/// <param name="Length">Elements of a block.</param>
/// <param name="Unit">Elements of one index of the axis in a block.</param>
internal readonly record struct AxisBlocks(int Count, int Length, int Unit)
{
    public static AxisBlocks Of(Shape shape, int axis)
    {
        int unit = new Shape(shape.Lengths[(axis + 1)..]).Count;
        return new AxisBlocks(new Shape(shape.Lengths[..axis]).Count, unit * shape[axis], unit);
    }
}
