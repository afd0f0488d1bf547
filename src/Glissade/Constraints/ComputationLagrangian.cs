using System.Collections.Immutable;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Constraints;

/// <summary>One intermediate value of a computation, seen as a constraint zᵢ = fᵢ.</summary>
/// <param name="Name">Its name: the first given by <see cref="Functions.Named"/>, else its operation and number, as in <c>tanh#7</c>.</param>
/// <param name="Operation">The primitive fᵢ.</param>
/// <param name="Shape">Shape of zᵢ and of its multiplier λᵢ.</param>
/// <param name="Arguments">Names of what fᵢ is computed from.</param>
public sealed record ComputationConstraint(string Name, string Operation, Shape Shape, ImmutableArray<string> Arguments)
{
    /// <summary>Other names that were given to it: by each of them its value and multiplier are found, too.</summary>
    public ImmutableArray<string> OtherNames { get; init; } = [];

    /// <summary>The constraint as a line: <c>a1 = tanh(add#6)</c>.</summary>
    public override string ToString() => $"{Name} = {Operation}({string.Join(", ", Arguments)})";
}

/// <summary>A loss as a constrained optimisation problem: every intermediate value is a variable, every operation a constraint.</summary>
/// <remarks>
/// <para>
/// L(z, W, λ) = z_L − Σᵢ λᵢᵀ(zᵢ − fᵢ(z, W)) over the intermediate values zᵢ in the order of their computation, z_L the loss, W the function's inputs.
/// Stationarity in λ is the forward pass, zᵢ = fᵢ; stationarity in z is the backward pass, λ_L = 1 and λᵢ = Σⱼ (∂fⱼ/∂zᵢ)ᵀλⱼ, which backpropagation
/// solves from the last to the first; and ∂L/∂W is then the gradient of the loss.
/// LeCun (1988), A Theoretical Framework for Back-Propagation.
/// </para>
/// <para>Belongs to one thread at a time. Computes in double.</para>
/// </remarks>
public sealed class ComputationLagrangian
{
    private readonly TracedFunction _function;
    private readonly Tensor[] _values;
    private readonly Dictionary<Tensor, string> _names;
    private readonly Dictionary<string, Tensor> _named;
    private readonly Func<string, string?> _whyMissing;
    private readonly CompiledFunction<double> _passes, _lagrangian;

    private ComputationLagrangian(TracedFunction function, IReadOnlyDictionary<string, Tensor> given, IReadOnlySet<string> withinSteps)
    {
        _function = function;
        Tensor loss = function.Outputs[0];
        Tensor[] nodes = Graph.Ancestors([loss]);
        HashSet<Tensor> dependent = Graph.Dependents(nodes, function.Inputs);
        _values = [.. nodes.Where(n => dependent.Contains(n) && n.Operation is not Leaf)];
        Tensor[] all = [.. nodes.Concat(function.Inputs).Distinct()];
        (_names, _named) = NamesOf(all, function.Inputs, given);
        Constraints =
        [
            .. _values.Select(v => new ComputationConstraint(_names[v], v.Operation.Name, v.Shape, [.. v.Inputs.Select(i => _names[i])])
            {
                OtherNames = [.. given.Where(g => g.Value == v && g.Key != _names[v]).Select(g => g.Key)],
            }),
        ];

        // Not the dictionaries of the trace, which may grow: what was named when this was made.
        HashSet<string> steps = [.. withinSteps], constants = [.. given.Where(g => all.Contains(g.Value)).Select(g => g.Key)], others = [.. given.Select(g => g.Key)];
        _whyMissing = name =>
            constants.Contains(name) ? "what it names is computed from none of the inputs, so it is no constraint"
            : others.Contains(name) ? "the loss is not computed from what it names"
            : steps.Contains(name) ? "it was given within a step of 'scan' or a function of 'checkpointed', to what is another value in every step; make that a result of the step, and name the result"
            : null;
        _passes = TracePasses(loss).Compile<double>();
        _lagrangian = TraceLagrangian(loss).Compile<double>();
    }

    /// <summary>The constraints, in the order of computation; the last is the loss.</summary>
    public ImmutableArray<ComputationConstraint> Constraints { get; }

    /// <summary>The Lagrangian of a function's first output.</summary>
    /// <param name="function">Its first output is a scalar: the loss.</param>
    /// <exception cref="ArgumentException">The first output is no scalar, or depends on no input, or a given name is that of another value.</exception>
    public static ComputationLagrangian Of(TracedFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        Tensor loss = function.Outputs[0];
        if (loss.Shape.Rank != 0)
        {
            throw new ArgumentException($"Only a scalar is a loss, but the first output has the shape {loss.Shape}; reduce it first, with Sum or Mean.", nameof(function));
        }

        if (loss.Operation is Leaf || !Graph.Dependents(Graph.Ancestors([loss]), function.Inputs).Contains(loss))
        {
            throw new ArgumentException("The first output is computed from none of the inputs: there is no constraint to look at.", nameof(function));
        }

        return function.Extend(trace => new ComputationLagrangian(function, trace.Names, trace.NamesWithinSteps));
    }

    /// <summary>Solves the system for given inputs, forwards for the values and backwards for the multipliers, and measures what is left of it.</summary>
    /// <param name="inputs">The numbers of each input.</param>
    /// <exception cref="ArgumentException">The number of inputs, or the length of one, is another, or one is null.</exception>
    public LagrangianPoint At(params IReadOnlyList<double[]> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != _function.Inputs.Length)
        {
            throw new ArgumentException($"The function has {_function.Inputs.Length} inputs, but {inputs.Count} were given.", nameof(inputs));
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] is null)
            {
                throw new ArgumentNullException(nameof(inputs), $"The numbers of input '{_names[_function.Inputs[i]]}', of the shape {_function.Inputs[i].Shape}, are null.");
            }

            if (inputs[i].Length != _function.Inputs[i].Shape.Count)
            {
                throw new ArgumentException($"Input '{_names[_function.Inputs[i]]}' has the shape {_function.Inputs[i].Shape}, but {inputs[i].Length} numbers were given.", nameof(inputs));
            }

            inputs[i].CopyTo(_passes.Inputs[i].Span);
            inputs[i].CopyTo(_lagrangian.Inputs[i].Span);
        }

        _passes.Run();
        int count = _values.Length;
        for (int i = 0; i < 2 * count; i++)
        {
            _passes.Outputs[i].Span.CopyTo(_lagrangian.Inputs[inputs.Count + i].Span);
        }

        _lagrangian.Run();
        double[][] gradient = [.. Enumerable.Range(0, inputs.Count).Select(i => _passes.Outputs[(2 * count) + i].Span.ToArray())];
        double[][] byInputs = [.. Enumerable.Range(0, inputs.Count).Select(i => _lagrangian.Outputs[1 + i].Span.ToArray())];
        double Greatest(int first) => GreatestOf(Enumerable.Range(first, count).SelectMany(o => _lagrangian.Outputs[o].Span.ToArray()));
        var residuals = new KktResiduals(
            Greatest(1 + inputs.Count + count),
            Greatest(1 + inputs.Count),
            GreatestOf(gradient.Zip(byInputs).SelectMany(p => p.First.Zip(p.Second, (x, y) => x - y))));
        var numbers = new Dictionary<Tensor, (double[] Value, double[] Multiplier)>();
        for (int i = 0; i < count; i++)
        {
            numbers.Add(_values[i], (_passes.Outputs[i].Span.ToArray(), _passes.Outputs[count + i].Span.ToArray()));
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            numbers.Add(_function.Inputs[i], ([.. inputs[i]], byInputs[i]));
        }

        return new LagrangianPoint(
            _lagrangian.Outputs[0][0],
            residuals,
            _named.Where(n => numbers.ContainsKey(n.Value)).ToImmutableSortedDictionary(n => n.Key, n => numbers[n.Value], StringComparer.Ordinal),
            [.. byInputs],
            _whyMissing);
    }

    /// <summary>What to call each node, and which node each name means: an input's own name, those that were given, and a number for whatever has none.</summary>
    /// <exception cref="ArgumentException">A name was given to one value, and is the own name of another.</exception>
    private static (Dictionary<Tensor, string> Names, Dictionary<string, Tensor> Named) NamesOf(Tensor[] nodes, ImmutableArray<Tensor> inputs, IReadOnlyDictionary<string, Tensor> given)
    {
        var names = new Dictionary<Tensor, string>();
        var named = inputs.ToDictionary(i => i.Operation.Name, StringComparer.Ordinal);
        foreach ((string name, Tensor value) in given.Where(g => Array.IndexOf(nodes, g.Value) >= 0))
        {
            Claim(name, value, value);
            names.TryAdd(value, name);
        }

        foreach (Tensor node in nodes.Where(n => !names.ContainsKey(n)))
        {
            bool hasOwnName = node.Operation is Differentiation.Operations.Input or Constant;
            names.Add(node, hasOwnName ? node.Operation.Name : $"{node.Operation.Name}#{node.Id}");
            if (!hasOwnName && given.TryGetValue(names[node], out Tensor? other))
            {
                Claim(names[node], node, other);
            }

            if (!hasOwnName)
            {
                named[names[node]] = node;
            }
        }

        return (names, named);

        void Claim(string name, Tensor value, Tensor givenTo)
        {
            if (named.TryGetValue(name, out Tensor? holder) && holder != value)
            {
                Tensor other = holder == givenTo ? value : holder;
                throw new ArgumentException($"The name '{name}', given to {givenTo}, is also that of {other}; choose another.");
            }

            named[name] = value;
        }
    }

    /// <summary>All values, all multipliers as backpropagation finds them, and the gradient.</summary>
    private TracedFunction TracePasses(Tensor loss) => TracedFunction.Of([.. _function.Inputs.Select(i => i.Shape)], x =>
    {
        Dictionary<Tensor, Tensor> own = _function.Inputs.Zip(x).ToDictionary(p => p.First, p => p.Second);
        Tensor[] values = Graph.Transplant(_values, own, x[0].Trace);
        Tensor result = values[Array.IndexOf(_values, loss)];
        Dictionary<Tensor, Tensor> adjoints = Gradient.Adjoints([result], [x[0].Trace.Constant(1)], x);
        Tensor AdjointOf(Tensor value) => Functions.BroadcastTo(adjoints.GetValueOrDefault(value) ?? x[0].Trace.Constant(0), value.Shape);
        return [.. values, .. values.Select(AdjointOf), .. x.Select(AdjointOf)];
    });

    /// <summary>The greatest absolute value, NaN if any is: a computation that gave NaN fulfils no condition.</summary>
    private static double GreatestOf(IEnumerable<double> numbers) => numbers.Aggregate(0.0, (greatest, x) => Math.Max(greatest, Math.Abs(x)));

    /// <summary>L with every value and every multiplier an input of its own, and its derivatives by inputs, values and multipliers.</summary>
    private TracedFunction TraceLagrangian(Tensor loss)
    {
        int inputs = _function.Inputs.Length, count = _values.Length;
        return TracedFunction.Of([.. _function.Inputs.Concat(_values).Concat(_values).Select(t => t.Shape)], x =>
        {
            Trace trace = x[0].Trace;
            Tensor[] z = [.. x.Skip(inputs).Take(count)], multipliers = [.. x.Skip(inputs + count)];
            Dictionary<Tensor, Tensor> own = _function.Inputs.Concat(_values).Zip(x).ToDictionary(p => p.First, p => p.Second);
            Tensor lagrangian = z[Array.IndexOf(_values, loss)];
            for (int i = 0; i < count; i++)
            {
                Tensor computed = trace.Add(_values[i].Operation, Graph.Transplant(_values[i].Inputs, own, trace));
                lagrangian -= Functions.Dot(multipliers[i], z[i] - computed);
            }

            return [lagrangian, .. Gradient.Of(lagrangian, [.. x.Take(inputs), .. z, .. multipliers])];
        });
    }
}
