using System.Collections.Immutable;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>A function of tensors as a graph: traced once, differentiated as a graph, compiled as often as wanted.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed class TracedFunction
{
    private readonly Lock _tracing;

    private TracedFunction(ImmutableArray<Tensor> inputs, ImmutableArray<Tensor> outputs, Lock tracing)
    {
        Inputs = inputs;
        Outputs = outputs;
        _tracing = tracing;
    }

    /// <summary>The inputs, in order.</summary>
    public ImmutableArray<Tensor> Inputs { get; }

    /// <summary>The outputs, in order.</summary>
    public ImmutableArray<Tensor> Outputs { get; }

    /// <summary>Traces a function of one tensor.</summary>
    /// <param name="shape">Shape of its argument.</param>
    /// <param name="function">The function; called once, with a symbolic argument.</param>
    /// <exception cref="ArgumentException">The function gave no result, or one that belongs to another traced function.</exception>
    public static TracedFunction Of(Shape shape, Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Of([shape], x => [function(x[0])]);
    }

    /// <summary>Traces a function of several tensors with several results.</summary>
    /// <param name="shapes">Shape of each argument.</param>
    /// <param name="function">The function; called once, with symbolic arguments.</param>
    /// <exception cref="ArgumentException">The function has no argument, gave no result, or gave one that belongs to another traced function.</exception>
    public static TracedFunction Of(IReadOnlyList<Shape> shapes, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        ArgumentNullException.ThrowIfNull(function);
        if (shapes.Count == 0)
        {
            throw new ArgumentException("A function needs at least one argument.", nameof(shapes));
        }

        var trace = new Trace();
        ImmutableArray<Tensor> inputs = [.. shapes.Select((shape, i) => trace.Input($"x{i}", shape))];
        IReadOnlyList<Tensor>? results = function(inputs);
        if (results is null || results.Count == 0 || results.Contains(null!))
        {
            throw new ArgumentException(
                results is null || results.Count == 0 ? "The function gave no result." : $"The function gave null for result {results.ToList().IndexOf(null!)} of {results.Count}.", nameof(function));
        }

        ImmutableArray<Tensor> outputs = [.. results];
        for (int i = 0; i < outputs.Length; i++)
        {
            trace.CheckOwns(outputs[i], $"Result {i} of the function", nameof(function));
        }

        return new TracedFunction(inputs, outputs, new Lock());
    }

    /// <summary>The function that gives the first output, a scalar, after it its gradient by inputs, and after these the other outputs.</summary>
    /// <param name="inputs">The inputs to differentiate by, by their indices and in the order in which their gradients are wanted; none means all.</param>
    /// <returns>A function of all inputs, with 1 + the number of gradients + the number of other outputs results.</returns>
    /// <exception cref="ArgumentException">The first output is no scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no input of an index.</exception>
    public TracedFunction WithGradient(params ReadOnlySpan<int> inputs)
    {
        foreach (int input in inputs)
        {
            if ((uint)input >= (uint)Inputs.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(inputs), input, $"The function has {Inputs.Length} inputs, so the index of one must be from 0 to {Inputs.Length - 1}, not {input}.");
            }
        }

        Tensor[] by = inputs.IsEmpty ? [.. Inputs] : [.. inputs.ToArray().Select(i => Inputs[i])];
        lock (_tracing)
        {
            return new TracedFunction(Inputs, [Outputs[0], .. Gradient.Of(Outputs[0], by), .. Outputs[1..]], _tracing);
        }
    }

    /// <summary>Runs something that adds nodes to this function's trace.</summary>
    internal TResult Extend<TResult>(Func<Trace, TResult> action)
    {
        lock (_tracing)
        {
            return action(Inputs[0].Trace);
        }
    }
}
