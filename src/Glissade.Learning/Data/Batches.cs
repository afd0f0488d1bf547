using Glissade.Numerics;

namespace Glissade.Learning.Data;

/// <summary>Hands out a data set batch by batch, every row once an epoch, in an order of its own for each epoch.</summary>
/// <remarks>
/// Which rows a batch holds is a pure function of (seed, epoch, batch), so a run may resume anywhere by asking for the same numbers.
/// Copying a batch allocates nothing, but for the first of an epoch, which makes a random stream to put the rows in order. One thread at a time, because the order of the last epoch asked for is kept.
/// </remarks>
public sealed class Batches
{
    private readonly Dataset _data;
    private readonly int[] _order;
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private long _orderedEpoch = -1;

    /// <summary>Batches of a data set.</summary>
    /// <param name="data">The data set, of at least one row.</param>
    /// <param name="size">Rows of a batch, above 0; the last batch of an epoch has fewer if they do not divide the rows.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="shuffle">False to keep the order of the data set, as for evaluation.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not above 0.</exception>
    /// <exception cref="ArgumentException">The data set is empty.</exception>
    public Batches(Dataset data, int size, ulong seed, bool shuffle = true)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (data.Count == 0)
        {
            throw new ArgumentException("The data set has no rows.", nameof(data));
        }

        _data = data;
        _seed = seed;
        _shuffle = shuffle;
        _order = new int[data.Count];
        Size = size;
        CountPerEpoch = (int)(((long)data.Count + size - 1) / size);
    }

    /// <summary>Rows of a full batch.</summary>
    public int Size { get; }

    /// <summary>Number of batches in an epoch, the last and perhaps smaller one included.</summary>
    public int CountPerEpoch { get; }

    /// <summary>The rows of a batch, as indices into the data set. Valid until another epoch is asked for.</summary>
    /// <param name="epoch">Epoch from 0.</param>
    /// <param name="batch">Batch from 0 to <see cref="CountPerEpoch"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch or batch.</exception>
    public ReadOnlySpan<int> Rows(long epoch, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        if ((uint)batch >= (uint)CountPerEpoch)
        {
            throw new ArgumentOutOfRangeException(nameof(batch), batch, $"A batch must be from 0 to {CountPerEpoch - 1}, not {batch}.");
        }

        if (epoch != _orderedEpoch)
        {
            Order(epoch);
        }

        int start = (int)((long)batch * Size);
        return _order.AsSpan(start, Math.Min(Size, _order.Length - start));
    }

    /// <summary>Copies a batch of a classification data set.</summary>
    /// <param name="epoch">Epoch from 0.</param>
    /// <param name="batch">Batch from 0 to <see cref="CountPerEpoch"/>−1.</param>
    /// <param name="features">Takes the rows of features one after another; room beyond the batch is left as it was.</param>
    /// <param name="classes">Takes the class index of each row; room beyond the batch is left as it was.</param>
    /// <returns>The true number of rows: <see cref="Size"/>, or fewer for the last batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch or batch.</exception>
    /// <exception cref="ArgumentException">A span is too short for the batch.</exception>
    /// <exception cref="InvalidOperationException">The data set has values instead of classes.</exception>
    public int Copy(long epoch, int batch, Span<float> features, Span<int> classes)
    {
        RequireKind(TargetKind.Classification);
        ReadOnlySpan<int> rows = CopyFeatures(epoch, batch, features);
        CopyTargets(rows, _data.Classes, classes, nameof(classes));
        return rows.Length;
    }

    /// <summary>Copies a batch of a regression data set.</summary>
    /// <param name="epoch">Epoch from 0.</param>
    /// <param name="batch">Batch from 0 to <see cref="CountPerEpoch"/>−1.</param>
    /// <param name="features">Takes the rows of features one after another; room beyond the batch is left as it was.</param>
    /// <param name="values">Takes the value of each row; room beyond the batch is left as it was.</param>
    /// <returns>The true number of rows: <see cref="Size"/>, or fewer for the last batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch or batch.</exception>
    /// <exception cref="ArgumentException">A span is too short for the batch.</exception>
    /// <exception cref="InvalidOperationException">The data set has classes instead of values.</exception>
    public int Copy(long epoch, int batch, Span<float> features, Span<float> values)
    {
        RequireKind(TargetKind.Regression);
        ReadOnlySpan<int> rows = CopyFeatures(epoch, batch, features);
        CopyTargets(rows, _data.Values, values, nameof(values));
        return rows.Length;
    }

    /// <summary>Copies a batch with its targets as numbers, whatever their kind: class indices or values.</summary>
    /// <param name="epoch">Epoch from 0.</param>
    /// <param name="batch">Batch from 0 to <see cref="CountPerEpoch"/>−1.</param>
    /// <param name="features">Takes the rows of features one after another; room beyond the batch is left as it was.</param>
    /// <param name="targets">Takes the target of each row; room beyond the batch is left as it was.</param>
    /// <returns>The true number of rows: <see cref="Size"/>, or fewer for the last batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch or batch.</exception>
    /// <exception cref="ArgumentException">A span is too short for the batch.</exception>
    public int CopyNumbers(long epoch, int batch, Span<float> features, Span<float> targets)
    {
        if (_data.Kind == TargetKind.Regression)
        {
            return Copy(epoch, batch, features, targets);
        }

        ReadOnlySpan<int> rows = CopyFeatures(epoch, batch, features);
        for (int i = 0; i < rows.Length; i++)
        {
            targets[i] = _data.Classes[rows[i]];
        }

        return rows.Length;
    }

    // From the identity each time, else the order would depend on which epochs came before.
    private void Order(long epoch)
    {
        for (int row = 0; row < _order.Length; row++)
        {
            _order[row] = row;
        }

        if (_shuffle)
        {
            RandomStream.Of(_seed, "batches", epoch).Shuffle(_order.AsSpan());
        }

        _orderedEpoch = epoch;
    }

    private ReadOnlySpan<int> CopyFeatures(long epoch, int batch, Span<float> features)
    {
        ReadOnlySpan<int> rows = Rows(epoch, batch);
        int width = _data.FeatureCount;
        if (features.Length < (long)rows.Length * width)
        {
            throw new ArgumentException($"The batch has {rows.Length} rows of {width} features, {(long)rows.Length * width} numbers, but there is room for {features.Length}.", nameof(features));
        }

        ReadOnlySpan<float> all = _data.Features;
        for (int i = 0; i < rows.Length; i++)
        {
            all.Slice(rows[i] * width, width).CopyTo(features[(i * width)..]);
        }

        return rows;
    }

    private static void CopyTargets<T>(ReadOnlySpan<int> rows, ReadOnlySpan<T> all, Span<T> targets, string parameter)
    {
        if (targets.Length < rows.Length)
        {
            throw new ArgumentException($"The batch has {rows.Length} rows, but there is room for {targets.Length} targets.", parameter);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            targets[i] = all[rows[i]];
        }
    }

    private void RequireKind(TargetKind kind)
    {
        if (_data.Kind != kind)
        {
            throw new InvalidOperationException($"The target '{_data.TargetName}' is for {_data.Kind}, but targets for {kind} were asked for.");
        }
    }
}
