using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Gathers, while a chain is traced, its states, scalars and reports, and feeds the scalars at each step.</summary>
internal sealed class CompiledScope<T> : RuleScope
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ProgramBuilder<T> _builder;
    private readonly Layout _layout;
    private readonly List<(FlatVector<T> Buffer, Func<long, double> Value)> _scalars = [];
    private readonly Dictionary<(string Rule, object Key), Tensor> _scalarTensors = [];
    private readonly List<Debiasing> _debiasings = [];
    private readonly List<(Tensor Next, FlatVector<T> Vector)> _nextStates = [];
    private readonly List<KeyValuePair<string, FlatVector<T>>> _states = [];
    private readonly List<Tensor> _clippedTensors = [];
    private readonly List<FlatVector<T>> _clipped = [];
    private readonly List<(FlatVector<T> Buffer, Schedule Rate)> _rates = [], _restrictedRates = [];
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);
    private string _rule = "";

    public CompiledScope(ProgramBuilder<T> builder, Tensor parameters, Layout layout)
        : base(parameters)
    {
        _builder = builder;
        _layout = layout;
    }

    public IReadOnlyList<KeyValuePair<string, FlatVector<T>>> States => _states;

    public ImmutableSortedDictionary<string, double> Counters =>
        _debiasings.ToImmutableSortedDictionary(d => d.Name, d => d.Product, StringComparer.Ordinal);

    /// <summary>Π β of the mean that was declared last, which is that of the average.</summary>
    public double LastDecayProduct => _debiasings[^1].Product;

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
    public void Enter(string rule)
    {
        _rule = rule;
        for (int n = 2; !_rules.Add(_rule); n++)
        {
            _rule = $"{rule}-{n}";
        }
    }

    public override Tensor Scalar(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return Scalar(schedule, schedule.ToString(), schedule.At);
    }

    public override Tensor Scalar(string name, Func<long, double> value) => Scalar(name, name, value);

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

    public override Tensor Debias(Tensor mean, Schedule beta)
    {
        string name = $"{_rule}.decay-product-{_debiasings.Count(d => d.Name.StartsWith(_rule + ".", StringComparison.Ordinal)) + 1}";
        (Tensor scalar, FlatVector<T> buffer) = NewScalar(name);
        _debiasings.Add(new Debiasing(name, beta, buffer));

        // A product with the reciprocal: a division for every element would cost more than the rest of the rule.
        return mean * scalar;
    }

    public override void ReportClipped(Tensor clipped) => _clippedTensors.Add(clipped);

    public override Tensor LearningRate(Schedule rate)
    {
        ArgumentNullException.ThrowIfNull(rate);

        // A scalar of its own: another of the rule's numbers may follow an equal schedule, and that does not bear the factor.
        (Tensor scalar, FlatVector<T> buffer) = NewScalar($"{_rule}/learning-rate {_rates.Count + _restrictedRates.Count + 1}: {rate}");
        (IsRestricted ? _restrictedRates : _rates).Add((buffer, rate));
        return scalar;
    }

    /// <summary>All segments are pieces of the layout; the table says 1 where the rule applies.</summary>
    internal override Tensor Mask(NamePatterns patterns, bool matching)
    {
        if (patterns.Patterns.FirstOrDefault(p => !_layout.Entries.Any(e => NamePatterns.Matches(p, e.Name))) is { } unknown)
        {
            throw new ArgumentException($"No parameter's name matches '{unknown}', to which '{_rule}' is restricted; the names are {string.Join(", ", _layout.Entries.Select(e => e.Name))}.", nameof(patterns));
        }

        string name = $"{_rule}/mask {(matching ? "only" : "except")} {patterns}";
        (NamePatterns, bool) key = (patterns, matching);
        if (!_scalarTensors.TryGetValue((_rule, key), out Tensor? mask))
        {
            LayoutEntry[] pieces = [.. _layout.Entries.Where(e => e.Length > 0)];
            mask = _builder.Segments(name, [.. pieces.Select(e => e.Offset + e.Length)], out FlatVector<T> table);
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

    public bool HasLearningRate => _rates.Count + _restrictedRates.Count > 0;

    /// <summary>Sets the scalars for the step that follows <paramref name="step"/> applied ones; learning rates as at <paramref name="rateStep"/>.</summary>
    public void Advance(long step, long rateStep, double rateFactor)
    {
        double factor = rateFactor;
        foreach ((FlatVector<T> buffer, Schedule rate) in _rates)
        {
            buffer[0] = T.CreateTruncating(factor * rate.At(rateStep));
            factor = 1;
        }

        foreach ((FlatVector<T> buffer, Schedule rate) in _restrictedRates)
        {
            buffer[0] = T.CreateTruncating(factor * rate.At(rateStep));
        }

        foreach ((FlatVector<T> buffer, Func<long, double> value) in _scalars)
        {
            buffer[0] = T.CreateTruncating(value(step));
        }

        foreach (Debiasing debiasing in _debiasings)
        {
            debiasing.Product *= debiasing.Beta.At(step);
            debiasing.Buffer[0] = T.CreateTruncating(1 / (1 - debiasing.Product));
        }
    }

    public double LearningRateAt(long step, double rateFactor)
    {
        double rate = HasLearningRate ? rateFactor : 1;
        foreach ((_, Schedule factor) in _rates)
        {
            rate *= factor.At(step);
        }

        if (_restrictedRates.Count == 0)
        {
            return rate;
        }

        double greatest = double.NegativeInfinity;
        foreach ((_, Schedule factor) in _restrictedRates)
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
