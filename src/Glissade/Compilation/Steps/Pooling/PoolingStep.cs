using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A number for each window of images, or of two tensors alike; rows of windows, which threads share.</summary>
internal sealed unsafe class PoolingStep<T, TKernel> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
    where TKernel : struct, IPoolingKernel
{
    private const int ChunkElements = 1 << 15;

    private readonly PoolingRows<T> _rows;
    private readonly Chunks _chunks;
    private readonly string _text;

    public PoolingStep(Tensor node, WindowGeometry geometry, Func<Tensor, Place<T>> placeOf)
    {
        var w = new WindowNumbers(geometry, node.Inputs[0].Shape);
        _rows = new PoolingRows<T>(w, placeOf(node.Inputs[0]), node.Inputs.Length > 1 ? placeOf(node.Inputs[1]) : null, placeOf(node), adds: false, joins: true);
        _text = $"{node.Operation.Name} {node.Inputs[0].Shape} → {node.Shape}";
        Flops = (double)node.Shape.Count * w.KernelRows * w.KernelColumns;
        int lines = node.Shape.Count == 0 ? 0 : w.Images * w.Rows;
        _chunks = new Chunks(lines, (int)Math.Clamp(ChunkElements * (double)lines / Math.Max(1, Flops), 1, Math.Max(1, lines)));
    }

    /// <summary>Each element of a window as one, those with padding included.</summary>
    public override double Flops { get; }

    public override void Run() => ComputePool.Run(this, _chunks.Count);

    public void RunChunk(int chunk, int worker)
    {
        (int first, int end) = _chunks[chunk];
        for (int line = first; line < end; line++)
        {
            (int image, int row) = Math.DivRem(line, _rows.Numbers.Rows);
            _rows.Run<TKernel>(image, row, 0, _rows.Numbers.Height);
        }
    }

    public override string ToString() => _text;
}
