using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>The graph under construction: makes nodes, and gives the same node for the same operation on the same inputs.</summary>
internal sealed class Trace
{
    private readonly Dictionary<Key, Tensor> _nodes = [];
    private readonly Dictionary<string, Tensor> _names = new(StringComparer.Ordinal);
    private int _count;

    public Tensor Input(string name, Shape shape) => Add(new Operations.Input(name, _count, shape));

    public Tensor Constant(double value) => Add(new Constant(value));

    public Tensor Constant(ReadOnlySpan<double> values, Shape shape) => values.Length == shape.Count
        ? Add(new ArrayConstant(values.ToArray(), shape))
        : throw new ArgumentException($"The shape {shape} does not fit 'constant' of {values.Length} numbers: it holds {shape.Count}.", nameof(values));

    /// <summary>The values that were given names.</summary>
    public IReadOnlyDictionary<string, Tensor> Names => _names;

    /// <summary>Calls a value by a name.</summary>
    /// <exception cref="ArgumentException">The name is that of another value.</exception>
    public void Name(Tensor value, string name)
    {
        if (!_names.TryAdd(name, value) && _names[name] != value)
        {
            throw new ArgumentException($"The name '{name}' is that of another value, {_names[name]}; names must be unique in a traced function.", nameof(name));
        }
    }

    /// <summary>The node of an operation on inputs, made if it is new.</summary>
    /// <exception cref="ArgumentException">The inputs come from different traces, or their shapes do not fit.</exception>
    public Tensor Add(Operation operation, params Tensor[] inputs)
    {
        foreach (Tensor input in inputs)
        {
            CheckOwns(input, operation.Name);
        }

        var key = new Key(operation, inputs);
        if (!_nodes.TryGetValue(key, out Tensor? node))
        {
            node = new Tensor(this, _count++, operation, inputs, operation.ShapeOf(inputs));
            _nodes.Add(key, node);
        }

        return node;
    }

    /// <summary>Refuses a tensor of another trace.</summary>
    /// <exception cref="ArgumentException">It is one.</exception>
    public void CheckOwns(Tensor tensor, string user)
    {
        if (tensor.Trace != this)
        {
            throw new ArgumentException($"'{user}' was given tensors of two different traced functions; a function may use only its own inputs and constants.", nameof(tensor));
        }
    }

    private readonly struct Key(Operation operation, Tensor[] inputs) : IEquatable<Key>
    {
        private readonly Operation _operation = operation;
        private readonly Tensor[] _inputs = inputs;

        public bool Equals(Key other) => _operation.Equals(other._operation) && _inputs.AsSpan().SequenceEqual(other._inputs);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(_operation);
            foreach (Tensor input in _inputs)
            {
                hash.Add(input.Id);
            }

            return hash.ToHashCode();
        }
    }
}
