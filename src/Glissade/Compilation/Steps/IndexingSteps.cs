using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>The parts at given indices of one axis; many are cut into ranges, which threads share.</summary>
internal sealed unsafe class GatherStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ChunkElements = 1 << 15;

    private readonly Shape _shape, _from;
    private readonly Place<T> _source, _destination;
    private readonly IndexTable<T> _indices;
    private readonly int _length, _unit, _blocks, _blocksPerBatch, _partsPerChunk, _chunks;

    public GatherStep(Tensor node, Gather gather, Func<Tensor, Place<T>> placeOf)
    {
        (_shape, _from) = (node.Shape, node.Inputs[0].Shape);
        (_source, _destination) = (placeOf(node.Inputs[0]), placeOf(node));
        _length = _from[gather.Axis];
        _unit = new Shape(_from.Lengths[(gather.Axis + 1)..]).Count;
        _blocks = new Shape(_from.Lengths[..gather.Axis]).Count;
        _blocksPerBatch = new Shape(_from.Lengths[gather.BatchAxes..gather.Axis]).Count;
        _indices = new IndexTable<T>(gather.Name, node.Inputs[1].Shape, placeOf(node.Inputs[1]), gather.BatchAxes, gather.Axis, _from);
        _partsPerChunk = Math.Max(1, ChunkElements / Math.Max(1, _unit));
        _chunks = (int)(((long)_blocks * _indices.PerBatch + _partsPerChunk - 1) / _partsPerChunk);
    }

    public override long WorkspaceBytes => _indices.Bytes;

    public override void Run()
    {
        _indices.Read();
        if (_shape.Count > 0)
        {
            ComputePool.Run(this, _chunks);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        int perBatch = _indices.PerBatch;
        long end = Math.Min((long)_blocks * perBatch, ((long)chunk + 1) * _partsPerChunk);
        for (long part = (long)chunk * _partsPerChunk; part < end; part++)
        {
            int block = (int)(part / perBatch), at = (int)(part % perBatch);
            int index = _indices[(block / _blocksPerBatch * perBatch) + at];
            T* source = _source.Pointer + ((((nint)block * _length) + index) * _unit);
            T* destination = _destination.Pointer + ((nint)part * _unit);
            if (_unit == 1)
            {
                *destination = *source;
            }
            else
            {
                new ReadOnlySpan<T>(source, _unit).CopyTo(new Span<T>(destination, _unit));
            }
        }
    }

    public override string ToString() => $"gather {_shape} of {_from}";
}

/// <summary>Zeros with updates added at given indices of one axis, in the order of the updates; what is added to different elements, threads share.</summary>
internal sealed unsafe class ScatterAddStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ChunkElements = 1 << 15;

    private const int ColumnGranule = 64;

    private readonly Shape _shape, _from;
    private readonly Place<T> _source, _destination;
    private readonly IndexTable<T> _indices;
    private readonly int _length, _unit, _blocks, _blocksPerBatch;
    private readonly Chunks _columns, _blockChunks;

    public ScatterAddStep(Tensor node, ScatterAdd scatter, Func<Tensor, Place<T>> placeOf)
    {
        (_shape, _from) = (node.Shape, node.Inputs[1].Shape);
        (_source, _destination) = (placeOf(node.Inputs[1]), placeOf(node));
        _length = scatter.Length;
        _unit = new Shape(_shape.Lengths[(scatter.Axis + 1)..]).Count;
        _blocks = new Shape(_shape.Lengths[..scatter.Axis]).Count;
        _blocksPerBatch = new Shape(_shape.Lengths[scatter.BatchAxes..scatter.Axis]).Count;
        Flops = node.Inputs[1].Shape.Count;
        _indices = new IndexTable<T>(scatter.Name, node.Inputs[0].Shape, placeOf(node.Inputs[0]), scatter.BatchAxes, scatter.Axis, _shape);

        // Every element belongs to one chunk, so the order in which updates are added to it is that of the updates.
        long perColumn = Math.Max(1L, (long)_indices.PerBatch + _length);
        long columns = Math.Clamp(ChunkElements / perColumn, 1, Math.Max(1, _unit));
        _columns = new Chunks(_unit, (int)Math.Min(Math.Max(1, _unit), (columns + ColumnGranule - 1) / ColumnGranule * ColumnGranule));
        _blockChunks = new Chunks(_blocks, (int)Math.Clamp(ChunkElements / Math.Max(1, perColumn * _columns.Length), 1, Math.Max(1, _blocks)));
    }

    /// <summary>One for each number that is added.</summary>
    public override double Flops { get; }

    public override long WorkspaceBytes => _indices.Bytes;

    public override void Run()
    {
        _indices.Read();
        if (_shape.Count > 0)
        {
            ComputePool.Run(this, _columns.Count * _blockChunks.Count);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        int perBatch = _indices.PerBatch;
        (int column, int endColumn) = _columns[chunk % _columns.Count];
        (int first, int end) = _blockChunks[chunk / _columns.Count];
        int columns = endColumn - column;
        for (int block = first; block < end; block++)
        {
            T* result = _destination.Pointer + ((nint)block * _length * _unit) + column;
            T* updates = _source.Pointer + ((nint)block * perBatch * _unit) + column;
            for (int index = 0; index < _length; index++)
            {
                new Span<T>(result + ((nint)index * _unit), columns).Clear();
            }

            int row = block / _blocksPerBatch * perBatch;
            for (int at = 0; at < perBatch; at++)
            {
                Runs.Add(updates + ((nint)at * _unit), result + ((nint)_indices[row + at] * _unit), columns);
            }
        }
    }

    public override string ToString() => $"scatter-add {_from} to {_shape}";
}

/// <summary>Indices in the element type, checked and made whole numbers once a run.</summary>
internal sealed class IndexTable<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly string _operation;
    private readonly Shape _shape, _indexed;
    private readonly Place<T> _place;
    private readonly int _axis;
    private readonly int[] _values;

    /// <param name="operation">Its name, for errors.</param>
    /// <param name="shape">Shape of the indices.</param>
    /// <param name="place">Where the indices stand.</param>
    /// <param name="batchAxes">How many of the shape's axes are batch axes.</param>
    /// <param name="axis">Which axis is indexed.</param>
    /// <param name="indexed">Shape of what is indexed.</param>
    /// <exception cref="ArgumentException">The axis has more indices than the element type can tell apart.</exception>
    public IndexTable(string operation, Shape shape, Place<T> place, int batchAxes, int axis, Shape indexed)
    {
        AxisIndex.CheckRange<T>(operation, indexed, axis);
        (_operation, _shape, _place, _axis, _indexed) = (operation, shape, place, axis, indexed);
        _values = new int[shape.Count];
        PerBatch = new Shape(shape.Lengths[batchAxes..]).Count;
    }

    /// <summary>Number of indices for each index of the batch.</summary>
    public int PerBatch { get; }

    /// <summary>Bytes of the whole numbers.</summary>
    public long Bytes => (long)_values.Length * sizeof(int);

    public int this[int position] => _values[position];

    /// <summary>Reads and checks all indices.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not a whole number from 0 to the length less one.</exception>
    public void Read()
    {
        ReadOnlySpan<T> source = _place.Vector.Span.Slice(_place.Offset, _values.Length);
        int length = _indexed[_axis];
        for (int i = 0; i < source.Length; i++)
        {
            int index = AxisIndex.Of(source[i], length);
            _values[i] = index >= 0 ? index : throw AxisIndex.OutOfRange(_operation, double.CreateTruncating(source[i]), _shape, i, _axis, _indexed);
        }
    }
}
