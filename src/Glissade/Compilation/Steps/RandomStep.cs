using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>The first numbers of streams whose indices are given at run time; threads share them, each beginning at the position of its part.</summary>
internal sealed class RandomStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ChunkElements = 1 << 13;

    private readonly RandomDraw _draw;
    private readonly Shape _shape, _indexShape;
    private readonly Place<T> _source, _destination;
    private readonly long[] _indices;
    private readonly int _count;
    private readonly Chunks _numbers, _together;
    private readonly uint _wordsPerNumber;
    private readonly T _first, _second;
    private readonly RandomStream?[] _streams = new RandomStream?[ComputePool.MaximumThreads];

    public RandomStep(Tensor node, RandomDraw draw, Func<Tensor, Place<T>> placeOf)
    {
        (_draw, _shape, _indexShape) = (draw, node.Shape, node.Inputs[0].Shape);
        (_source, _destination) = (placeOf(node.Inputs[0]), placeOf(node));
        _indices = new long[_indexShape.Count];
        _count = draw.Shape.Count;
        (_first, _second) = (T.CreateTruncating(draw.First), T.CreateTruncating(draw.Second));
        if (draw.Normal ? !T.IsFinite(_first) || !T.IsFinite(_second) : !T.IsFinite(_second - _first))
        {
            throw new ArgumentOutOfRangeException(
                nameof(draw), $"The numbers {draw.First} and {draw.Second} of '{draw.Name}' of shape {draw.Shape}{(draw.Normal ? "" : ", and their distance,")} must be finite in the element type; compile to double.");
        }

        _wordsPerNumber = RandomStream.WordsPerNumber<T>(draw.Normal);

        // One long stream is cut, of many short ones several are taken together.
        _numbers = new Chunks(_count, ChunkElements);
        _together = new Chunks(_indices.Length, _numbers.Count > 1 ? 1 : Math.Max(1, ChunkElements / Math.Max(1, _count)));
        _streams[0] = RandomStream.Of(draw.Seed, draw.Purpose);
    }

    /// <summary>One for each number that is drawn.</summary>
    public override double Flops => _shape.Count;

    public override long WorkspaceBytes => (long)_indices.Length * sizeof(long);

    public override void Run()
    {
        ReadIndices();
        if (_shape.Count > 0)
        {
            ComputePool.Run(this, _numbers.Count * _together.Count);
        }
    }

    public void RunChunk(int chunk, int worker)
    {
        RandomStream stream = _streams[worker] ??= RandomStream.Of(_draw.Seed, _draw.Purpose);
        (int first, int end) = _together[chunk / _numbers.Count];
        (int start, int endNumber) = _numbers[chunk % _numbers.Count];
        for (int i = first; i < end; i++)
        {
            Span<T> numbers = _destination.Vector.Span.Slice(_destination.Offset + (i * _count) + start, endNumber - start);
            stream.MoveTo(_indices[i], (ulong)start * _wordsPerNumber);
            if (_draw.Normal)
            {
                stream.FillNormal(numbers, _first, _second);
            }
            else
            {
                stream.FillUniform(numbers, _first, _second);
            }
        }
    }

    public override string ToString() => $"{_draw.Name} {_shape}";

    /// <summary>The streams that the numbers of the input name.</summary>
    private void ReadIndices()
    {
        ReadOnlySpan<T> source = _source.Vector.Span.Slice(_source.Offset, _indices.Length);
        for (int i = 0; i < source.Length; i++)
        {
            long index = long.CreateSaturating(source[i]);
            if (T.CreateTruncating(index) != source[i] || index is long.MinValue or long.MaxValue)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(index), source[i], $"'{_draw.Name}': the index {source[i]} at element {i} of the indices {_indexShape} must be a whole number above −2⁶³ and below 2⁶³.");
            }

            _indices[i] = index;
        }
    }
}
