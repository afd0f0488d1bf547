using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Gathers, while a chain is traced, its states, scalars and reports, and feeds the scalars at each step.</summary>
internal sealed partial class CompiledScope<T> : RuleScope
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ProgramBuilder<T> _builder;
    private readonly FlatVector<T> _parameters;
    private readonly Tensor _gradient;
    private readonly List<(FlatVector<T> Buffer, Func<long, double> Value)> _scalars = [];
    private readonly Dictionary<(string Rule, object Key), Tensor> _scalarTensors = [];
    private readonly List<Debiasing> _debiasings = [];
    private readonly List<(Tensor Next, FlatVector<T> Vector)> _nextStates = [];
    private readonly List<KeyValuePair<string, FlatVector<T>>> _states = [];
    private readonly List<Tensor> _clippedTensors = [];
    private readonly List<FlatVector<T>> _clipped = [];
    private readonly List<Schedule> _rates = [], _restrictedRates = [];
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);
    private string _rule = "";

    public CompiledScope(ProgramBuilder<T> builder, Tensor traced, FlatVector<T> parameters, Tensor gradient, Layout layout)
        : base(traced, layout) => (_builder, _parameters, _gradient) = (builder, parameters, gradient);

    public IReadOnlyList<KeyValuePair<string, FlatVector<T>>> States => _states;

    public ImmutableSortedDictionary<string, double> Counters =>
        _debiasings.ToImmutableSortedDictionary(d => d.Name, d => d.Product, StringComparer.Ordinal);

    public bool WasClipped
    {
        get
        {
            foreach (FlatVector<T> report in _clipped)
            {
                if (report[0] != T.Zero)
                {
                    return true;
                }
            }

            return false;
        }
    }

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

    public override Tensor Scalar(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return Scalar(schedule, schedule.ToString(), schedule.At);
    }

    public override Tensor Scalar(string name, Func<long, double> value) => Scalar(name, name, value);

    public override Tensor State(string name, Func<Tensor, Tensor> next) => State(name, Parameters.Shape, next);

    // A product with the reciprocal: a division for every element would cost more than the rest of the rule.
    public override Tensor Debias(Tensor mean, Schedule beta) => mean * NewBiasCorrection(beta);

    /// <summary>The state that holds the parameters to evaluate; null for θ itself.</summary>
    public FlatVector<T>? Evaluation { get; private set; }

    public override void ProvideEvaluation(Tensor state) => Evaluation = _nextStates.First(s => s.Next == state).Vector;

    public override void ReportClipped(Tensor clipped) => _clippedTensors.Add(clipped);

    public override void ReportLearningRate(Schedule rate) => (IsRestricted ? _restrictedRates : _rates).Add(rate);

    /// <summary>All segments are pieces of the layout; the table says 1 where the rule applies.</summary>
    internal override Tensor Mask(NamePatterns patterns, bool matching)
    {
        CheckKnown(patterns);
        string name = $"{_rule}/mask {(matching ? "only" : "except")} {patterns}";
        (NamePatterns, bool) key = (patterns, matching);
        if (!_scalarTensors.TryGetValue((_rule, key), out Tensor? mask))
        {
            mask = Segments(name, out FlatVector<T> table, out LayoutEntry[] pieces);
            for (int i = 0; i < pieces.Length; i++)
            {
                table[i] = patterns.Matches(pieces[i].Name) == matching ? T.One : T.Zero;
            }

            _scalarTensors.Add((_rule, key), mask);
        }

        return mask;
    }

    public void DeclareOutputs(int stage)
    {
        foreach ((Tensor next, FlatVector<T> vector) in _nextStates)
        {
            _builder.Output(next, vector, 0, stage);
        }

        foreach (Tensor report in _clippedTensors)
        {
            var buffer = new FlatVector<T>(1);
            _builder.Output(report, buffer, 0, stage);
            _clipped.Add(buffer);
        }
    }

    /// <summary>Sets the scalars for the step that follows <paramref name="step"/> applied ones.</summary>
    public void Advance(long step)
    {
        foreach ((FlatVector<T> buffer, Func<long, double> value) in _scalars)
        {
            buffer[0] = T.CreateTruncating(value(step));
        }

        AdvanceParameters(step);

        foreach (Debiasing debiasing in _debiasings)
        {
            debiasing.Product *= debiasing.Beta.At(step);
            debiasing.Buffer[0] = T.CreateTruncating(1 / (1 - debiasing.Product));
        }
    }

    public double LearningRateAt(long step)
    {
        double rate = 1;
        foreach (Schedule factor in _rates)
        {
            rate *= factor.At(step);
        }

        if (_restrictedRates.Count == 0)
        {
            return rate;
        }

        double greatest = double.NegativeInfinity;
        foreach (Schedule factor in _restrictedRates)
        {
            greatest = Math.Max(greatest, factor.At(step));
        }

        return rate * greatest;
    }

    public void Restore(IReadOnlyDictionary<string, double> counters)
    {
        foreach (Debiasing debiasing in _debiasings)
        {
            debiasing.Product = counters[debiasing.Name];
        }
    }

    /// <summary>The same scalar for the same key in a rule: a schedule, or a name; two schedules may well have one description.</summary>
    private Tensor Scalar(object key, string name, Func<long, double> value)
    {
        if (!_scalarTensors.TryGetValue((_rule, key), out Tensor? scalar))
        {
            (scalar, FlatVector<T> buffer) = NewScalar($"{_rule}/{name}");
            _scalars.Add((buffer, value));
            _scalarTensors.Add((_rule, key), scalar);
        }

        return scalar;
    }

    private (Tensor Scalar, FlatVector<T> Buffer) NewScalar(string name)
    {
        var buffer = new FlatVector<T>(1);
        return (_builder.View(name, Shape.Scalar, buffer, 0), buffer);
    }

    private sealed class Debiasing(string name, Schedule beta, FlatVector<T> buffer)
    {
        public string Name { get; } = name;

        public Schedule Beta { get; } = beta;

        public FlatVector<T> Buffer { get; } = buffer;

        /// <summary>Π β over the applied steps.</summary>
        public double Product { get; set; } = 1;
    }
}
