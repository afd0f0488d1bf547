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
    public static TracedFunction Of(Shape shape, Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Of([shape], x => [function(x[0])]);
    }

    /// <summary>Traces a function of several tensors with several results.</summary>
    /// <param name="shapes">Shape of each argument.</param>
    /// <param name="function">The function; called once, with symbolic arguments.</param>
    /// <exception cref="ArgumentException">The function has no argument, or no result.</exception>
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
        ImmutableArray<Tensor> outputs = [.. function(inputs)];
        if (outputs.IsEmpty || outputs.Contains(null!))
        {
            throw new ArgumentException("The function gave no result.", nameof(function));
        }

        foreach (Tensor output in outputs)
        {
            trace.CheckOwns(output, "the result of a traced function");
        }

        return new TracedFunction(inputs, outputs, new Lock());
    }

    /// <summary>The function that gives the first output, a scalar, and after it its gradient by each input.</summary>
    /// <exception cref="ArgumentException">The first output is no scalar.</exception>
    public TracedFunction WithGradient()
    {
        lock (_tracing)
        {
            return new TracedFunction(Inputs, [Outputs[0], .. Gradient.Of(Outputs[0], Inputs)], _tracing);
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
