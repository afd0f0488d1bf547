using System.Collections.Immutable;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Learning.Networks;

/// <summary>Layers in order, as a recipe that does not yet know the shape of its input.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed class Network
{
    private Network(ImmutableArray<Layer> layers) => Layers = layers;

    /// <summary>The layers, from the input to the output.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>A network of layers.</summary>
    /// <param name="layers">From the input to the output.</param>
    public static Network Of(params IEnumerable<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return new Network([.. layers]);
    }

    /// <summary>The network for examples of a shape: with names, shapes and places of all parameters.</summary>
    /// <param name="input">The shape of one example, without the batch's axis.</param>
    /// <exception cref="ArgumentException">A layer does not take what comes before it; the message names both.</exception>
    public BuiltNetwork Build(Shape input) => new(this, input);
}

/// <summary>A layer of a built network.</summary>
/// <param name="Layer">The recipe.</param>
/// <param name="Name">Its name in the network, such as <c>dense1</c>; the prefix of its parameters' names.</param>
/// <param name="Output">The shape of one example after it.</param>
/// <param name="Parameters">Its parameters, as they were declared.</param>
/// <param name="States">Its states, as they were declared.</param>
public sealed record BuiltLayer(Layer Layer, string Name, Shape Output, ImmutableArray<LayerParameter> Parameters, ImmutableArray<LayerState> States)
{
    /// <summary>Number of the layer's parameters.</summary>
    public int ParameterCount => Parameters.Sum(p => p.Shape.Count);
}

/// <summary>A network whose shapes are known: a function of a batch, of the parameters and of the states of layers, which stand in a flat vector each.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed class BuiltNetwork
{
    internal BuiltNetwork(Network network, Shape input)
    {
        InputShape = input;
        var layers = ImmutableArray.CreateBuilder<BuiltLayer>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            Layer layer = network.Layers[i];
            Layer? next = i + 1 < network.Layers.Length ? network.Layers[i + 1] : null;
            int number = counts[layer.Name] = counts.GetValueOrDefault(layer.Name) + 1;
            Shape output;
            try
            {
                output = layer.OutputShape(input);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"Layer {i + 1} of the network ({layer}) does not fit what comes before it: {e.Message}", nameof(network), e);
            }

            layers.Add(new BuiltLayer(layer, $"{layer.Name}{number}", output, [.. layer.Parameters(input, next)], [.. layer.States(input)]));
            LeastBatch = Math.Max(LeastBatch, layer.LeastBatch(input));
            input = output;
        }

        Layers = layers.ToImmutable();
        OutputShape = input;
        Layout = new Layout(Layers.SelectMany(l => l.Parameters.Select(p => ($"{l.Name}.{p.Name}", p.Shape))));
        StateLayout = new Layout(Layers.SelectMany(l => l.States.Select(s => ($"{l.Name}.{s.Name}", s.Shape))));
        if (StateLayout.Entries.FirstOrDefault(s => Layout.Entries.Any(p => p.Name == s.Name)) is { } twice)
        {
            throw new ArgumentException($"'{twice.Name}' is both a parameter and a state; in files they stand side by side, so their names must differ.", nameof(network));
        }
    }

    /// <summary>The layers, from the input to the output.</summary>
    public ImmutableArray<BuiltLayer> Layers { get; }

    /// <summary>The shape of one example.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of the output for one example.</summary>
    public Shape OutputShape { get; }

    /// <summary>Names, shapes and places of the parameters.</summary>
    public Layout Layout { get; }

    /// <summary>Names, shapes and places of the states that layers keep from batch to batch, in a flat vector of their own; of length 0 where none keeps any.</summary>
    public Layout StateLayout { get; }

    /// <summary>Examples that a batch must have for the states of all layers to follow it; 1 where none keeps any.</summary>
    public int LeastBatch { get; } = 1;

    /// <summary>The parameters at the start of training.</summary>
    /// <param name="seed">The run's seed; each parameter has a random stream of its own, keyed by it and the parameter's name.</param>
    public FlatVector<float> Initialize(ulong seed)
    {
        var theta = new FlatVector<float>(Layout.Length);
        int piece = 0;
        foreach (LayerParameter parameter in Layers.SelectMany(l => l.Parameters))
        {
            LayoutEntry entry = Layout.Entries[piece++];
            parameter.Start.Fill(theta.Span.Slice(entry.Offset, entry.Length), parameter.FanIn, parameter.FanOut, RandomStream.Of(seed, "initialize " + entry.Name));
        }

        return theta;
    }

    /// <summary>The states of layers before the first batch.</summary>
    public FlatVector<float> InitializeStates()
    {
        var states = new FlatVector<float>(StateLayout.Length);
        int piece = 0;
        foreach (LayerState state in Layers.SelectMany(l => l.States))
        {
            LayoutEntry entry = StateLayout.Entries[piece++];
            states.Span.Slice(entry.Offset, entry.Length).Fill(state.Start);
        }

        return states;
    }

    /// <summary>The output for a batch, of a network whose layers keep no states.</summary>
    /// <param name="x">A batch of examples: [batch, ...].</param>
    /// <param name="parameters">The parameters in the layout's order.</param>
    /// <exception cref="ArgumentException">A layer keeps states.</exception>
    public Tensor Trace(Tensor x, IReadOnlyList<Tensor> parameters) => Trace(x, parameters, NetworkPass.Evaluation());

    /// <summary>The output for a batch.</summary>
    /// <param name="x">A batch of examples: [batch, ...].</param>
    /// <param name="parameters">The parameters in the layout's order.</param>
    /// <param name="pass">What for, with the states of layers before the batch; afterwards it has those after it.</param>
    /// <exception cref="ArgumentException">The states are not those of <see cref="StateLayout"/>.</exception>
    public Tensor Trace(Tensor x, IReadOnlyList<Tensor> parameters, NetworkPass pass) => Trace(x, parameters, pass, (_, output) => output);

    /// <summary>The output for a batch, with something done to the output of each layer.</summary>
    internal Tensor Trace(Tensor x, IReadOnlyList<Tensor> parameters, NetworkPass pass, Func<Layer, Tensor, Tensor> after)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(pass);
        pass.Check(StateLayout);
        int used = 0, states = 0;
        foreach (BuiltLayer layer in Layers)
        {
            var scope = new LayerScope(layer, [.. parameters.Skip(used).Take(layer.Parameters.Length)], pass, states);
            x = after(layer.Layer, layer.Layer.Trace(x, scope));
            used += layer.Parameters.Length;
            states += layer.States.Length;
        }

        return x;
    }
}
