using Glissade.Differentiation;

namespace Glissade.Learning.Networks;

/// <summary>What a layer may use while it is traced: its parameters, what it is traced for, and its states.</summary>
public sealed class LayerScope
{
    private readonly BuiltLayer _layer;
    private readonly NetworkPass _pass;
    private readonly int _firstState;

    internal LayerScope(BuiltLayer layer, IReadOnlyList<Tensor> parameters, NetworkPass pass, int firstState) =>
        (_layer, Parameters, _pass, _firstState) = (layer, parameters, pass, firstState);

    /// <summary>The layer's parameters, in the order in which it declares them.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>What the network is computed for.</summary>
    public NetworkPurpose Purpose => _pass.Purpose;

    /// <summary>A state as it was before the batch.</summary>
    /// <param name="name">Its name within the layer.</param>
    /// <exception cref="ArgumentException">The layer declares no such state.</exception>
    public Tensor State(string name) => _pass.Before[IndexOf(name)];

    /// <summary>Says what a state becomes by the batch. An element that would not be finite stays as it was.</summary>
    /// <param name="name">Its name within the layer.</param>
    /// <param name="next">The state after the batch, of its shape.</param>
    /// <exception cref="ArgumentException">The layer declares no such state, or it has another shape.</exception>
    /// <exception cref="InvalidOperationException">The network is traced to be evaluated, which changes no state.</exception>
    public void Become(string name, Tensor next)
    {
        ArgumentNullException.ThrowIfNull(next);
        int index = IndexOf(name);
        Tensor before = _pass.Before[index];
        if (Purpose == NetworkPurpose.Evaluation)
        {
            throw new InvalidOperationException($"The state '{name}' of '{_layer.Name}' cannot change while the network is evaluated.");
        }

        _pass[index] = next.Shape == before.Shape
            ? Functions.FiniteOr(next, before)
            : throw new ArgumentException($"The state '{name}' of '{_layer.Name}' has the shape {before.Shape}, but {next.Shape} was to take its place.", nameof(next));
    }

    /// <summary>Lets a state follow what is measured of each batch: s ← (1−c)s + cx.</summary>
    /// <remarks>c is the momentum in training, and 1/k for the k-th batch where the states are measured anew, so that they become the mean over the batches.</remarks>
    /// <param name="name">The state's name within the layer.</param>
    /// <param name="measured">x, of the state's shape.</param>
    /// <param name="momentum">The share of a batch in training, in (0, 1].</param>
    /// <exception cref="ArgumentException">The layer declares no such state, or it has another shape.</exception>
    /// <exception cref="InvalidOperationException">The network is traced to be evaluated, which changes no state.</exception>
    public void Follow(string name, Tensor measured, double momentum)
    {
        ArgumentNullException.ThrowIfNull(measured);
        Become(name, Functions.Blend(State(name), measured, _pass.MeasuredShare ?? measured.Trace.Constant(momentum)));
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < _layer.States.Length; i++)
        {
            if (_layer.States[i].Name == name)
            {
                return _firstState + i;
            }
        }

        throw new ArgumentException($"The layer '{_layer.Name}' has no state '{name}'; it has {(_layer.States.IsEmpty ? "none" : string.Join(", ", _layer.States.Select(s => s.Name)))}.", nameof(name));
    }
}
