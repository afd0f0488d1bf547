using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <content>States of any shape, numbers for each parameter, norms that do not overflow.</content>
internal sealed partial class CompiledScope<T>
{
    private readonly List<FlatVector<T>> _copiesOfParameters = [];
    private readonly List<(FlatVector<T> Table, Schedule[] Values, bool AreRates)> _tables = [];
    private bool _haveBegun;

    public override Tensor State(string name, Shape shape, Func<Tensor, Tensor> next, double initial = 0)
    {
        var vector = new FlatVector<T>(shape.Count);
        vector.Span.Fill(T.CreateTruncating(initial));
        return State(name, shape, next, vector);
    }

    public override Tensor StateFromParameters(string name, Func<Tensor, Tensor> next)
    {
        var vector = new FlatVector<T>(Layout.Length);
        _copiesOfParameters.Add(vector);
        return State(name, Parameters.Shape, next, vector);
    }

    public override Tensor PerParameter(string name, Func<string, Schedule> schedule) => PerParameter(name, schedule, areRates: false);

    public override Tensor LearningRates(string name, Func<string, Schedule> schedule)
    {
        Tensor rates = PerParameter(name, schedule, areRates: true);
        foreach (Schedule rate in Layout.Entries.Where(e => e.Length > 0 && Applies(e.Name)).Select(e => schedule(e.Name)).Distinct())
        {
            _restrictedRates.Add((new FlatVector<T>(1), rate));
        }

        return rates;
    }

    public override Tensor Norm(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);

        // The updater measures the gradient anyway, and once more where its squares overflow.
        return x == _gradient ? Global("gradient-norm", _gradientNorm) : MeasuredNorm<T>.Trace(x);
    }

    internal override unsafe double UnitRoundoff => Math.ScaleB(1, sizeof(T) == sizeof(float) ? -24 : -53);

    internal override void CheckKnown(NamePatterns patterns)
    {
        if (patterns.Patterns.FirstOrDefault(p => !Layout.Entries.Any(e => NamePatterns.Matches(p, e.Name))) is { } unknown)
        {
            throw new ArgumentException($"No parameter's name matches '{unknown}', to which '{_rule}' is restricted; the names are {string.Join(", ", Layout.Entries.Select(e => e.Name))}.", nameof(patterns));
        }
    }

    /// <summary>Copies θ where a state begins as it.</summary>
    public void BeginStates()
    {
        foreach (FlatVector<T> copy in _copiesOfParameters)
        {
            _parameters.Span.CopyTo(copy.Span);
        }

        _haveBegun = true;
    }

    /// <summary>Before the first applied step, copies θ where a state begins as it; sets the numbers of each parameter.</summary>
    private void AdvanceParameters(long step, long rateStep, double rateFactor)
    {
        if (step == 0 && !_haveBegun)
        {
            BeginStates();
        }

        foreach ((FlatVector<T> table, Schedule[] values, bool areRates) in _tables)
        {
            for (int i = 0; i < values.Length; i++)
            {
                table[i] = T.CreateTruncating(areRates ? rateFactor * values[i].At(rateStep) : values[i].At(step));
            }
        }
    }

    private Tensor PerParameter(string name, Func<string, Schedule> schedule, bool areRates)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Tensor value = _builder.PerPiece($"{_rule}/{name}", Layout, out FlatVector<T> table, out LayoutEntry[] pieces);
        _tables.Add((table, [.. pieces.Select(e => schedule(e.Name))], areRates));
        return value;
    }

    private Tensor State(string name, Shape shape, Func<Tensor, Tensor> next, FlatVector<T> vector)
    {
        ArgumentNullException.ThrowIfNull(next);
        string key = $"{_rule}.{name}";
        if (_states.Exists(s => s.Key == key))
        {
            throw new ArgumentException($"The rule '{_rule}' has two states called '{name}'; names must be unique in a rule.", nameof(name));
        }

        Tensor previous = _builder.View(key, shape, vector, 0);
        Tensor value = next(previous);
        if (value.Shape != shape)
        {
            throw new ArgumentException($"The state '{key}' has the shape {shape}, but its next value {value.Shape}.", nameof(next));
        }

        _states.Add(new KeyValuePair<string, FlatVector<T>>(key, vector));
        if (value != previous)
        {
            _nextStates.Add((value, vector));
        }

        return value;
    }
}
