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
    private readonly Layout _layout;
    private readonly FlatVector<T>? _curvature;
    private readonly List<(Tensor Next, FlatVector<T> Vector)> _nextStates = [];
    private readonly List<KeyValuePair<string, FlatVector<T>>> _states = [];
    private readonly List<NoiseVector<T>> _noises = [];
    private readonly List<string> _averages = [];
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);
    private string _rule = "";

    public CompiledScope(ProgramBuilder<T> builder, Tensor parameters, Layout layout, FlatVector<T>? curvature)
        : base(parameters)
    {
        _builder = builder;
        _layout = layout;
        _curvature = curvature;
    }

    public IReadOnlyList<KeyValuePair<string, FlatVector<T>>> States => _states;

    /// <summary>The state that is an average of θ, or null; the last of several.</summary>
    public FlatVector<T>? Average => _averages.Count == 0 ? null : _states.Find(s => s.Key == _averages[^1]).Value;

    /// <summary>Begins a rule; the second of a name is called <c>name-2</c>.</summary>
    public void Enter(string rule)
    {
        _rule = rule;
        for (int n = 2; !_rules.Add(_rule); n++)
        {
            _rule = $"{rule}-{n}";
        }
    }

    public override Tensor Curvature
    {
        get
        {
            FlatVector<T> vector = _curvature ?? throw new ArgumentException(
                $"The rule '{_rule}' needs estimates of the diagonal of the Hessian: give the chain's Compile a vector for them, fill it and set the updater's CurvatureIsNew.", "curvature");
            return Shared("curvature", () => _builder.View("curvature", Parameters.Shape, vector, 0));
        }
    }

    public override Tensor Noise(ulong seed) => Shared(("noise", seed), () =>
    {
        var noise = new NoiseVector<T>(_layout.Length, seed, _rule);
        _noises.Add(noise);
        return _builder.View($"{_rule}/noise", Parameters.Shape, noise.Vector, 0);
    });

    public override Tensor State(string name, Func<Tensor, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        string key = $"{_rule}.{name}";
        if (_states.Exists(s => s.Key == key))
        {
            throw new ArgumentException($"The rule '{_rule}' has two states called '{name}'; names must be unique in a rule.", nameof(name));
        }

        var vector = new FlatVector<T>(_layout.Length);
        Tensor previous = _builder.View(key, Parameters.Shape, vector, 0);
        Tensor value = next(previous);
        _states.Add(new KeyValuePair<string, FlatVector<T>>(key, vector));
        _nextStates.Add((value, vector));
        return value;
    }

    public override void ReportAverage(string state) => _averages.Add($"{_rule}.{state}");

    /// <summary>All segments are pieces of the layout; the table says 1 where the rule applies.</summary>
    internal override Tensor Mask(NamePatterns patterns, bool matching)
    {
        if (patterns.Patterns.FirstOrDefault(p => !_layout.Entries.Any(e => NamePatterns.Matches(p, e.Name))) is { } unknown)
        {
            throw new ArgumentException($"No parameter's name matches '{unknown}', to which '{_rule}' is restricted; the names are {string.Join(", ", _layout.Entries.Select(e => e.Name))}.", nameof(patterns));
        }

        string name = $"{_rule}/mask {(matching ? "only" : "except")} {patterns}";
        return Shared((patterns, matching), () =>
        {
            LayoutEntry[] pieces = [.. _layout.Entries.Where(e => e.Length > 0)];
            Tensor mask = _builder.Segments(name, [.. pieces.Select(e => e.Offset + e.Length)], out FlatVector<T> table);
            for (int i = 0; i < pieces.Length; i++)
            {
                table[i] = patterns.Matches(pieces[i].Name) == matching ? T.One : T.Zero;
            }

            return mask;
        });
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
