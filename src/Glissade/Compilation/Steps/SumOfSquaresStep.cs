using System.Numerics;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Steps;

/// <summary>Sums the squares of values wherever they stand; matrix products among them have summed theirs by column when they stored them.</summary>
/// <remarks>
/// Values that stand one behind another are read as one. Parts of them are summed in the element type, the parts in double and in order, so the bits
/// do not depend on the number of threads.
/// </remarks>
internal sealed unsafe class SumOfSquaresStep<T> : Step<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of a part that one thread reads, and of a part of it that is summed in the element type.</summary>
    private const int ChunkElements = 1 << 16, BlockElements = 1 << 12;

    private readonly (Place<T> Place, int Count)[] _chunks, _columns;
    private readonly Place<T> _result;
    private readonly FlatVector<T> _columnSums;
    private readonly double[] _partial;
    private readonly bool _isShared;

    /// <summary>Makes the step, and tells the products to do their part.</summary>
    /// <param name="node">The operation on all values.</param>
    /// <param name="productOf">The step of a value that is a product and may sum its squares; null for none.</param>
    /// <param name="placeOf">Where values stand.</param>
    public SumOfSquaresStep(Tensor node, Func<Tensor, MatrixProductStep<T>?> productOf, Func<Tensor, Place<T>> placeOf)
    {
        _result = placeOf(node);
        var values = new List<(Place<T>, int)>();
        var products = new List<MatrixProductStep<T>>();
        long read = 0;
        foreach (Tensor value in node.Inputs)
        {
            if (productOf(value) is { SquaresLength: > 0 } product)
            {
                products.Add(product);
                continue;
            }

            Add(values, placeOf(value), value.Shape.Count);
            read += (long)value.Shape.Count * sizeof(T);
        }

        (_columnSums, _columns) = Columns(products);
        _chunks = [.. values.SelectMany(v => Cut(v.Item1, v.Item2, ChunkElements))];
        _partial = new double[_chunks.Length];
        _isShared = Array.Exists(_chunks, c => c.Count == ChunkElements);
        Flops = (read / sizeof(T)) + _columnSums.Length;
        string made = products.Count == 0 ? "" : $", {products.Count} of them by their products";
        Description = new StepDescription(
            node.Operation.Name, $"{node.Inputs.Length} values{made} → []", "", read + ((long)_columnSums.Length * sizeof(T)), sizeof(T), Flops);
    }

    public override double Flops { get; }

    public override long WorkspaceBytes => ((long)_columnSums.Length * sizeof(T)) + ((long)_partial.Length * sizeof(double));

    public override void Run()
    {
        if (_isShared)
        {
            ComputePool.Run(this, _chunks.Length);
        }
        else
        {
            for (int chunk = 0; chunk < _chunks.Length; chunk++)
            {
                RunChunk(chunk, 0);
            }
        }

        double total = 0;
        foreach (double part in _partial)
        {
            total += part;
        }

        foreach ((Place<T> place, int count) in _columns)
        {
            total += double.CreateTruncating(ReductionKernels<T>.Sum(place.Pointer, count));
        }

        *_result.Pointer = T.CreateTruncating(total);
    }

    public void RunChunk(int chunk, int worker)
    {
        (Place<T> place, int count) = _chunks[chunk];
        _partial[chunk] = Of(place.Pointer, count);
    }

    public override string ToString() => $"sum-of-squares of {_partial.Length} parts and {_columnSums.Length} columns";

    /// <summary>Σ of the squares of so many elements, in double; infinite where the squares are too great for the element type.</summary>
    public static double Of(T* x, int count)
    {
        double total = 0;
        var blocks = new Chunks(count, BlockElements);
        for (int block = 0; block < blocks.Count; block++)
        {
            (int first, int end) = blocks[block];
            total += double.CreateTruncating(ReductionKernels<T>.SumOfSquares(x + first, end - first));
        }

        return total;
    }

    /// <summary>Gives each product a place for the sums of its columns; one that is asked for twice counts twice.</summary>
    private static (FlatVector<T> Sums, (Place<T>, int)[] Parts) Columns(List<MatrixProductStep<T>> products)
    {
        MatrixProductStep<T>[] distinct = [.. products.Distinct()];
        var sums = new FlatVector<T>(distinct.Sum(p => p.SquaresLength));
        var places = new Dictionary<MatrixProductStep<T>, Place<T>>();
        int offset = 0;
        foreach (MatrixProductStep<T> product in distinct)
        {
            places.Add(product, new Place<T>(sums, offset));
            product.SumSquares(places[product]);
            offset += product.SquaresLength;
        }

        var parts = new List<(Place<T>, int)>();
        foreach (MatrixProductStep<T> product in products)
        {
            Add(parts, places[product], product.SquaresLength);
        }

        return (sums, [.. parts.SelectMany(p => Cut(p.Item1, p.Item2, BlockElements))]);
    }

    /// <summary>Adds a part, as more of the last one where it stands behind that.</summary>
    private static void Add(List<(Place<T> Place, int Count)> parts, Place<T> place, int count)
    {
        if (parts.Count > 0 && parts[^1] is var last && last.Place.Shift(last.Count) == place)
        {
            parts[^1] = (last.Place, last.Count + count);
        }
        else if (count > 0)
        {
            parts.Add((place, count));
        }
    }

    private static IEnumerable<(Place<T>, int)> Cut(Place<T> place, int count, int length) =>
        Enumerable.Range(0, new Chunks(count, length).Count).Select(i => (place.Shift(i * length), Math.Min(length, count - (i * length))));
}
