using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Work on the lines along one axis, each by itself; many lines are cut into ranges, which threads share.</summary>
internal abstract class AxisStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements below which waking another thread costs more than it saves.</summary>
    private const int ChunkElements = 1 << 15;

    private readonly int _lines, _unit, _linesPerChunk, _chunks;

    /// <summary>A step over the lines of a shape along an axis; all tensors it works on have the same lines, if of other lengths.</summary>
    protected AxisStep(string name, Shape shape, int axis)
    {
        Name = name;
        Shape = shape;
        _unit = new Shape(shape.Lengths[(axis + 1)..]).Count;
        _lines = new Shape(shape.Lengths[..axis]).Count * _unit;

        // By size alone, so that nothing depends on the number of threads.
        _linesPerChunk = Math.Max(1, ChunkElements / Math.Max(1, shape[axis]));
        _chunks = (int)(((long)_lines + _linesPerChunk - 1) / _linesPerChunk);
    }

    protected string Name { get; }

    protected Shape Shape { get; }

    /// <summary>Threads that can take part at most.</summary>
    protected int MostWorkers => Math.Max(1, _chunks);

    public override void Run() => ComputePool.Run(this, _chunks);

    public void RunChunk(int chunk, int worker)
    {
        int line = chunk * _linesPerChunk;
        int end = (int)Math.Min(_lines, (long)line + _linesPerChunk);
        while (line < end)
        {
            int block = line / _unit, first = line - (block * _unit);
            int last = Math.Min(_unit, first + (end - line));
            RunLines(block, first, last, worker);
            line += last - first;
        }
    }

    /// <summary>The lines of one block from <paramref name="first"/> to before <paramref name="end"/>; they start at consecutive elements.</summary>
    protected abstract void RunLines(int block, int first, int end, int worker);

    public override string ToString() => $"{Name} {Shape}";
}

/// <summary>Running sums along one axis, kept in double: a sum of many floats would lose what is small beside it.</summary>
internal sealed unsafe class CumulativeSumStep<T>(Tensor node, CumulativeSum operation, Func<Tensor, Place<T>> placeOf) : AxisStep<T>(operation.Name, node.Shape, operation.Axis)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Lines whose running sums fit into a small part of the stack and of the caches.</summary>
    private const int LinesAtOnce = 256;

    private readonly Place<T> _source = placeOf(node.Inputs[0]), _destination = placeOf(node);
    private readonly AxisBlocks _blocks = AxisBlocks.Of(node.Shape, operation.Axis);
    private readonly int _count = node.Shape[operation.Axis];

    public override double Flops => Shape.Count;

    protected override void RunLines(int block, int first, int end, int worker)
    {
        nint step = operation.Reverse ? -_blocks.Unit : _blocks.Unit;
        nint start = (nint)block * _blocks.Length + (operation.Reverse ? _blocks.Length - _blocks.Unit : 0);
        T* x = _source.Pointer + start;
        T* y = _destination.Pointer + start;
        if (end - first == 1)
        {
            RunLine(x + first, y + first, step);
            return;
        }

        double* sums = stackalloc double[LinesAtOnce];
        for (int line = first; line < end; line += LinesAtOnce)
        {
            RunNeighbours(x + line, y + line, step, sums, Math.Min(LinesAtOnce, end - line));
        }
    }

    private void RunLine(T* x, T* y, nint step)
    {
        double sum = 0;
        for (int i = 0; i < _count; i++, x += step, y += step)
        {
            double next = sum + double.CreateTruncating(*x);
            *y = T.CreateTruncating(operation.Exclusive ? sum : next);
            sum = next;
        }
    }

    /// <summary>Lines that start at consecutive elements, side by side.</summary>
    private void RunNeighbours(T* x, T* y, nint step, double* sums, int lines)
    {
        new Span<double>(sums, lines).Clear();
        for (int i = 0; i < _count; i++, x += step, y += step)
        {
            int line = 0;
            if (typeof(T) == typeof(float))
            {
                for (; line <= lines - Vector<float>.Count; line += Vector<float>.Count)
                {
                    double* low = sums + line, high = low + Vector<double>.Count;
                    (Vector<double> before, Vector<double> beforeHigh) = (Vector.Load(low), Vector.Load(high));
                    Vector.Widen(Vector.Load((float*)(x + line)), out Vector<double> next, out Vector<double> nextHigh);
                    (next, nextHigh) = (before + next, beforeHigh + nextHigh);
                    Vector.Store(operation.Exclusive ? Vector.Narrow(before, beforeHigh) : Vector.Narrow(next, nextHigh), (float*)(y + line));
                    Vector.Store(next, low);
                    Vector.Store(nextHigh, high);
                }
            }

            for (; line < lines; line++)
            {
                double next = sums[line] + double.CreateTruncating(x[line]);
                y[line] = T.CreateTruncating(operation.Exclusive ? sums[line] : next);
                sums[line] = next;
            }
        }
    }
}

/// <summary>The index of the greatest or smallest element of each line.</summary>
internal sealed unsafe class ArgExtremeStep<T> : AxisStep<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Place<T> _source, _destination;
    private readonly AxisBlocks _blocks;
    private readonly int _count;
    private readonly bool _greatest;

    public ArgExtremeStep(Tensor node, ArgExtreme operation, Func<Tensor, Place<T>> placeOf)
        : base(operation.Name, operation.Lines(node.Inputs[0].Shape), operation.Axis)
    {
        (_source, _destination) = (placeOf(node.Inputs[0]), placeOf(node));
        _blocks = AxisBlocks.Of(Shape, operation.Axis);
        _count = Shape[operation.Axis];
        _greatest = operation.Greatest;
        AxisIndex.CheckRange<T>(operation.Name, node.Inputs[0].Shape, operation.Axis, operation.Axes);
    }

    /// <summary>One for each number that is looked at.</summary>
    public override double Flops => Shape.Count;

    protected override void RunLines(int block, int first, int end, int worker)
    {
        for (int line = first; line < end; line++)
        {
            T* x = _source.Pointer + ((nint)block * _blocks.Length) + line;
            int best = 0;
            T extreme = *x;
            for (int i = 1; i < _count && !T.IsNaN(extreme); i++)
            {
                T value = x[(nint)i * _blocks.Unit];
                if ((_greatest ? value > extreme : value < extreme) || T.IsNaN(value))
                {
                    (best, extreme) = (i, value);
                }
            }

            _destination.Pointer[((nint)block * _blocks.Unit) + line] = T.CreateTruncating(best);
        }
    }
}
