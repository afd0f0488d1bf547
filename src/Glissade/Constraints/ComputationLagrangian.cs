using System.Collections.Immutable;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Constraints;

/// <summary>One intermediate value of a computation, seen as a constraint zᵢ = fᵢ.</summary>
/// <param name="Name">Its name: as given by <see cref="Functions.Named"/>, else its operation and number, as in <c>tanh#7</c>.</param>
/// <param name="Operation">The primitive fᵢ.</param>
/// <param name="Shape">Shape of zᵢ and of its multiplier λᵢ.</param>
/// <param name="Arguments">Names of what fᵢ is computed from.</param>
public sealed record ComputationConstraint(string Name, string Operation, Shape Shape, ImmutableArray<string> Arguments)
{
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
    private readonly CompiledFunction<double> _passes, _lagrangian;

    private ComputationLagrangian(TracedFunction function, IReadOnlyDictionary<string, Tensor> given)
    {
        _function = function;
        Tensor loss = function.Outputs[0];
        Tensor[] nodes = Graph.Ancestors([loss]);
        HashSet<Tensor> dependent = Graph.Dependents(nodes, function.Inputs);
        _values = [.. nodes.Where(n => dependent.Contains(n) && n.Operation is not Leaf)];
        _names = nodes.Concat(function.Inputs).Distinct().ToDictionary(n => n, n => n.Operation is Differentiation.Operations.Input or Constant ? n.Operation.Name : $"{n.Operation.Name}#{n.Id}");
        foreach ((string name, Tensor value) in given.Where(g => _names.ContainsKey(g.Value)))
        {
            if (_names.FirstOrDefault(n => n.Value == name && n.Key != value && n.Key.Operation is not Constant) is { Key: { } other })
            {
                throw new ArgumentException($"The name '{name}', given to {value}, is also that of {other}; choose another.", nameof(given));
            }

            _names[value] = name;
        }

        Constraints = [.. _values.Select(v => new ComputationConstraint(_names[v], v.Operation.Name, v.Shape, [.. v.Inputs.Select(i => _names[i])]))];
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

        return function.Extend(trace => new ComputationLagrangian(function, trace.Names));
    }

    /// <summary>Solves the system for given inputs, forwards for the values and backwards for the multipliers, and measures what is left of it.</summary>
    /// <param name="inputs">The numbers of each input.</param>
    /// <exception cref="ArgumentException">The number of inputs, or the length of one, is another.</exception>
    public LagrangianPoint At(params IReadOnlyList<double[]> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != _function.Inputs.Length)
        {
            throw new ArgumentException($"The function has {_function.Inputs.Length} inputs, but {inputs.Count} were given.", nameof(inputs));
        }

        for (int i = 0; i < inputs.Count; i++)
        {
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
        Dictionary<string, int> index = _values.Select((v, i) => (_names[v], i)).ToDictionary(p => p.Item1, p => p.i, StringComparer.Ordinal);
        return new LagrangianPoint(
            _lagrangian.Outputs[0][0],
            residuals,
            index.ToImmutableSortedDictionary(p => p.Key, p => _passes.Outputs[p.Value].Span.ToArray(), StringComparer.Ordinal),
            index.ToImmutableSortedDictionary(p => p.Key, p => _passes.Outputs[count + p.Value].Span.ToArray(), StringComparer.Ordinal),
            [.. byInputs]);
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

/// <summary>What is left of the conditions of Karush, Kuhn and Tucker, each as the greatest absolute element; all are zero to rounding; NaN where the computation gave NaN.</summary>
/// <param name="Feasibility">‖∂L/∂λ‖∞ = ‖z − f‖∞: whether the values are those that the operations compute.</param>
/// <param name="Stationarity">‖∂L/∂z‖∞: whether the multipliers balance at every intermediate value.</param>
/// <param name="GradientDifference">‖∂L/∂W − ∇loss‖∞: whether the Lagrangian's derivative by the inputs is the gradient that backpropagation gives.</param>
public sealed record KktResiduals(double Feasibility, double Stationarity, double GradientDifference);

/// <summary>The solved system at given inputs: values, multipliers, and what is left of the conditions.</summary>
public sealed class LagrangianPoint
{
    private readonly ImmutableSortedDictionary<string, double[]> _values, _multipliers;

    internal LagrangianPoint(
        double lagrangian, KktResiduals residuals, ImmutableSortedDictionary<string, double[]> values, ImmutableSortedDictionary<string, double[]> multipliers, ImmutableArray<double[]> gradient) =>
        (Lagrangian, Residuals, _values, _multipliers, Gradient) = (lagrangian, residuals, values, multipliers, gradient);

    /// <summary>L(z, W, λ), which is the loss where all constraints hold.</summary>
    public double Lagrangian { get; }

    /// <summary>What is left of the conditions.</summary>
    public KktResiduals Residuals { get; }

    /// <summary>∂L/∂W for each input: the gradient of the loss.</summary>
    public ImmutableArray<double[]> Gradient { get; }

    /// <summary>Names of the intermediate values.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>An intermediate value zᵢ.</summary>
    /// <param name="name">As in <see cref="ComputationLagrangian.Constraints"/>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public ReadOnlySpan<double> Value(string name) => Find(_values, name);

    /// <summary>The multiplier λᵢ of the constraint zᵢ = fᵢ: the derivative of the loss by zᵢ, its adjoint.</summary>
    /// <param name="name">As in <see cref="ComputationLagrangian.Constraints"/>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public ReadOnlySpan<double> Multiplier(string name) => Find(_multipliers, name);

    private static double[] Find(ImmutableSortedDictionary<string, double[]> numbers, string name) => numbers.TryGetValue(name, out double[]? found)
        ? found
        : throw new KeyNotFoundException($"The computation has no value '{name}'; it has {string.Join(", ", numbers.Keys)}.");
}
