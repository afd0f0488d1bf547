using System.Numerics;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>A vector of standard normal numbers that is filled anew for each step, by many threads.</summary>
/// <remarks>Element i is draw i of the stream (seed, purpose, step): chunks begin at the position where one thread would have come to.</remarks>
internal sealed class NoiseVector<T> : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int ChunkLength = 4096;

    // A normal number takes two words of the stream.
    private const int WordsPerDraw = 2;

    private readonly Chunks _chunks;
    private readonly RandomStream[] _streams;
    private long _step;

    public NoiseVector(int length, ulong seed, string purpose)
    {
        Vector = new FlatVector<T>(length);
        _chunks = new Chunks(length, ChunkLength);
        _streams = [.. Enumerable.Range(0, _chunks.Count).Select(_ => RandomStream.Of(seed, purpose))];
    }

    public FlatVector<T> Vector { get; }

    public void Fill(long step)
    {
        _step = step;
        ComputePool.Run(this, _streams.Length);
    }

    public void RunChunk(int chunk, int worker)
    {
        (int start, int end) = _chunks[chunk];
        Span<T> part = Vector.Span[start..end];
        RandomStream stream = _streams[chunk];
        stream.MoveTo(_step, (ulong)start * WordsPerDraw);
        stream.FillNormal(part, T.Zero, T.One);
    }
}
