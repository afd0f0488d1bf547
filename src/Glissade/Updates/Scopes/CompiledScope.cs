using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>Gathers, while a chain is traced, its states, scalars and reports, and feeds the scalars at each step.</summary>
internal sealed partial class CompiledScope<T> : RuleScope
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ProgramBuilder<T> _builder;
    private readonly FlatVector<T> _parameters;
    private readonly Tensor _gradient;
    private readonly FlatVector<T> _gradientNorm;
    private readonly FlatVector<T>? _curvature;
    private readonly List<(Tensor Next, FlatVector<T> Vector)> _nextStates = [];
    private readonly List<KeyValuePair<string, FlatVector<T>>> _states = [];
    private readonly List<NoiseVector<T>> _noises = [];
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);
    private string _rule = "";

    public CompiledScope(ProgramBuilder<T> builder, Tensor traced, FlatVector<T> parameters, Tensor gradient, FlatVector<T> gradientNorm, Layout layout, FlatVector<T>? curvature)
        : base(traced, layout)
    {
        (_builder, _parameters, _gradient, _gradientNorm, _curvature) = (builder, parameters, gradient, gradientNorm, curvature);
        Evaluated = new EvaluatedParameters<T>(layout);
    }

    public IReadOnlyList<KeyValuePair<string, FlatVector<T>>> States => _states;

    /// <summary>The states that hold the parameters to evaluate.</summary>
    public EvaluatedParameters<T> Evaluated { get; }

    /// <summary>Begins a rule; the second of a name is called <c>name-2</c>.</summary>
    /// <returns>What it is called.</returns>
    public string Enter(string rule)
    {
        _rule = rule;
        for (int n = 2; !_rules.Add(_rule); n++)
        {
            _rule = $"{rule}-{n}";
        }

        return _rule;
    }

    public override Tensor Curvature
    {
        get
        {
            FlatVector<T> vector = _curvature ?? throw new ArgumentException(
                $"The rule '{_rule}' needs estimates of the diagonal of the Hessian and does not say which: let it override Curvature, or give the chain's Compile a vector for them, fill it and set the updater's CurvatureIsNew.", "curvature");
            return Shared("curvature", () => _builder.View("curvature", Parameters.Shape, vector, 0));
        }
    }

    public override Tensor Noise(ulong seed) => Shared(("noise", seed), () =>
    {
        var noise = new NoiseVector<T>(Layout.Length, seed, _rule);
        _noises.Add(noise);
        return _builder.View($"{_rule}/noise", Parameters.Shape, noise.Vector, 0);
    });

    public override Tensor State(string name, Func<Tensor, Tensor> next) => State(name, Parameters.Shape, next);

    public override void ProvideEvaluation(Tensor state)
    {
        FlatVector<T>? vector = _nextStates.Find(s => s.Next == state).Vector;
        if (vector is null || vector.Length != Layout.Length)
        {
            throw new ArgumentException($"What '{_rule}' gives to be evaluated is no state of the length of θ.", nameof(state));
        }

        Evaluated.Set(Applies, vector, _rule);
    }

    internal override void EvaluateParameters() => Evaluated.Set(Applies, null, _rule);

    internal override void RequireOwnEvaluation(string because)
    {
        if (Evaluated.Holder(Applies) is { } held)
        {
            throw new ArgumentException($"'{_rule}' stands behind '{held.Rule}', which keeps what is evaluated of '{held.Parameter}' beside θ: {because}.");
        }
    }

    /// <summary>All segments are pieces of the layout; the table says 1 where the rule applies.</summary>
    internal override Tensor Mask(NamePatterns patterns, bool matching)
    {
        CheckKnown(patterns);
        string name = $"{_rule}/mask {(matching ? "only" : "except")} {patterns}";
        return Shared((patterns, matching), () => _builder.Mask(name, Layout, patterns, matching));
    }

    public void DeclareOutputs(int stage)
    {
        foreach ((Tensor next, FlatVector<T> vector) in _nextStates)
        {
            _builder.Output(next, vector, 0, stage);
        }

        foreach (Report report in _reports)
        {
            report.Buffer = new FlatVector<T>(1);
            _builder.Output(report.Value, report.Buffer, 0, stage);
        }
    }
}
