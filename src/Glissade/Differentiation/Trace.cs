using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>The graph under construction: makes nodes, and gives the same node for the same operation on the same inputs.</summary>
internal sealed class Trace
{
    private readonly Dictionary<Key, Tensor> _nodes = [];
    private readonly OrderedDictionary<string, Tensor> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _namesWithinSteps = new(StringComparer.Ordinal);
    private int _count;

    public Tensor Input(string name, Shape shape) => Add(new Operations.Input(name, _count, shape));

    public Tensor Constant(double value) => Add(new Constant(value));

    public Tensor Constant(ReadOnlySpan<double> values, Shape shape) => values.Length == shape.Count
        ? Add(new ArrayConstant(values.ToArray(), shape))
        : throw new ArgumentException($"The shape {shape} does not fit 'constant' of {values.Length} numbers: it holds {shape.Count}.", nameof(values));

    /// <summary>The values that were given names, in the order in which they were; one value may have several.</summary>
    public IReadOnlyDictionary<string, Tensor> Names => _names;

    /// <summary>Names given to values within the steps of loops, each of which stands for as many values as there are steps.</summary>
    public IReadOnlySet<string> NamesWithinSteps => _namesWithinSteps;

    /// <summary>Calls a value by a name.</summary>
    /// <exception cref="ArgumentException">The name is that of another value.</exception>
    public void Name(Tensor value, string name)
    {
        if (!_names.TryAdd(name, value) && _names[name] != value)
        {
            throw new ArgumentException($"The name '{name}' is that of another value, {_names[name]}; names must be unique in a traced function.", nameof(name));
        }
    }

    /// <summary>The values with names that are computed from any of the sources, all of them nodes from the first source on.</summary>
    public KeyValuePair<string, Tensor>[] NamedDependents(IReadOnlyList<Tensor> sources)
    {
        KeyValuePair<string, Tensor>[] late = [.. _names.Where(n => sources.Count > 0 && n.Value.Id >= sources[0].Id)];
        if (late.Length == 0)
        {
            return late;
        }

        HashSet<Tensor> dependent = Graph.Dependents(Graph.Ancestors(late.Select(n => n.Value)), sources);
        return [.. late.Where(n => dependent.Contains(n.Value))];
    }

    /// <summary>Makes a name that of another value: of the whole batch instead of the one example that it was given to.</summary>
    public void Rename(string name, Tensor value) => _names[name] = value;

    /// <summary>Takes away the names of values within a loop's step; the same step may be traced, and give them, again.</summary>
    /// <param name="placeholders">What stands for carried values and elements in the step.</param>
    public void WithdrawNames(IReadOnlyList<Tensor> placeholders)
    {
        foreach ((string name, _) in NamedDependents(placeholders))
        {
            _names.Remove(name);
            _namesWithinSteps.Add(name);
        }
    }

    /// <summary>The node of an operation on inputs, made if it is new.</summary>
    /// <exception cref="ArgumentException">The inputs come from different traces, or their shapes do not fit.</exception>
    public Tensor Add(Operation operation, params Tensor[] inputs)
    {
        foreach (Tensor input in inputs)
        {
            if (input.Trace != this)
            {
                throw new ArgumentException($"'{operation.Name}' was given tensors of two different traced functions; a function may use only its own inputs and constants.", nameof(inputs));
            }
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
    /// <param name="tensor">The tensor.</param>
    /// <param name="what">What it was given as: how the message begins.</param>
    /// <param name="parameter">The caller's parameter.</param>
    /// <exception cref="ArgumentException">It is one.</exception>
    public void CheckOwns(Tensor tensor, string what, string parameter)
    {
        if (tensor.Trace != this)
        {
            throw new ArgumentException($"{what}, {tensor}, belongs to another traced function; a function may use only its own inputs and constants.", parameter);
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
