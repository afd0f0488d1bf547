using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <content>Functions of one example over batches.</content>
public static partial class Functions
{
    /// <summary>A function of one example, applied to every example of a batch at once.</summary>
    /// <remarks>
    /// The function is traced once, for one example; each of its operations is then replaced by the one for the whole batch, so that nothing loops.
    /// Gradients taken inside are per example: <c>VectorizedMap(x => GradientOf(Loss(x, θ), θ)[0], batch)</c> has one for each.
    /// A name given inside by <see cref="Named"/> is that of the values of all examples together, [n, ...].
    /// </remarks>
    /// <param name="function">From one example, of the batch's shape without its first axis. It may use other tensors, which are the same for all.</param>
    /// <param name="batch">[n, ...].</param>
    /// <returns>The results, [n, ...].</returns>
    /// <exception cref="ArgumentException">The batch is a scalar, or the function gave null or a tensor of another traced function.</exception>
    public static Tensor VectorizedMap(Func<Tensor, Tensor> function, Tensor batch)
    {
        ArgumentNullException.ThrowIfNull(function);
        return VectorizedMap(x => [function(x[0])], [batch])[0];
    }

    /// <summary>A function of one example of each of several batches, applied to all examples at once.</summary>
    /// <param name="function">From one example of each batch to any number of results.</param>
    /// <param name="batches">[n, ...] each, with the same n.</param>
    /// <returns>The results, [n, ...] each.</returns>
    /// <exception cref="ArgumentException">There is no batch, one is a scalar, their first axes differ, or the function gave null or a tensor of another traced function.</exception>
    public static IReadOnlyList<Tensor> VectorizedMap(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, IReadOnlyList<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
        {
            throw new ArgumentException("'vectorized-map' needs a batch to map over.", nameof(batches));
        }

        for (int i = 0; i < batches.Count; i++)
        {
            Tensor batch = batches[i] ?? throw new ArgumentNullException(nameof(batches), $"Batch {i} of 'vectorized-map' is null.");
            batches[0].Trace.CheckOwns(batch, $"Batch {i} of 'vectorized-map'", nameof(batches));
            if (batch.Shape.Rank == 0)
            {
                throw new ArgumentException($"Batch {i} of 'vectorized-map' has the shape {batch.Shape}: a scalar has no first axis to map over.", nameof(batches));
            }

            if (batch.Shape[0] != batches[0].Shape[0])
            {
                throw new ArgumentException($"The shapes {batches[0].Shape} and {batch.Shape} do not fit 'vectorized-map': the first axes of all batches must be equally long.", nameof(batches));
            }
        }

        Trace trace = batches[0].Trace;
        Tensor[] examples = [.. batches.Select((b, i) => trace.Input($"example{i}", new Shape(b.Shape.Lengths[1..])))];
        IReadOnlyList<Tensor> results = function(examples);
        if (results is null || results.Contains(null!))
        {
            throw new ArgumentException("The function of 'vectorized-map' gave null for its results, or for one of them.", nameof(function));
        }

        for (int i = 0; i < results.Count; i++)
        {
            trace.CheckOwns(results[i], $"Result {i} of the function of 'vectorized-map'", nameof(function));
        }

        // A name given to the value of one example is that of the values of all.
        KeyValuePair<string, Tensor>[] named = trace.NamedDependents(examples);
        Tensor[] mapped = Vectorization.Map([.. results, .. named.Select(n => n.Value)], examples, batches);
        for (int i = 0; i < named.Length; i++)
        {
            trace.Rename(named[i].Key, mapped[results.Count + i]);
        }

        return mapped[..results.Count];
    }
}
