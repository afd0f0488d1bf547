using System.Collections.Immutable;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <content>Scalars that are computed for each step.</content>
internal sealed partial class CompiledScope<T>
{
    private readonly Dictionary<(string Rule, object Key), Tensor> _shared = [];
    private readonly List<(FlatVector<T> Buffer, Func<long, double> Value)> _scalars = [];
    private readonly List<(FlatVector<T> Buffer, Schedule Rate, Func<long, double, double> Value)> _ownRates = [];
    private readonly List<KeptNumber> _kept = [];
    private readonly List<(FlatVector<T> Buffer, Schedule Rate)> _rates = [], _restrictedRates = [];
    private readonly FlatVector<T> _loss = new(1), _curvatureIsNew = new(1);

    /// <summary>The rule that needs the loss; null if none does.</summary>
    public string? LossReader { get; private set; }

    public ImmutableSortedDictionary<string, double> Counters =>
        _kept.ToImmutableSortedDictionary(k => k.Name, k => k.Value, StringComparer.Ordinal);

    public override Tensor Loss
    {
        get
        {
            LossReader ??= _rule;
            return Global("loss", _loss);
        }
    }

    public override Tensor CurvatureIsNew => _curvature is null ? Curvature : Global("curvature is new", _curvatureIsNew);

    public bool HasLearningRate => _rates.Count + _restrictedRates.Count > 0;

    public override Tensor Scalar(Schedule schedule, string name = "")
    {
        ReportHyperparameter(schedule, name);
        return Scalar(schedule, schedule.ToString(), schedule.At, isConstant: schedule is ConstantSchedule);
    }

    public override Tensor Scalar(string name, Func<long, double> value) => Scalar(name, name, value);

    public override Tensor Scalar(string name, KeptNumber kept, Func<long, double, double> value)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return Scalar(name, name, step => value(step, kept.Value));
    }

    public override Tensor Scalar(string name, Schedule rate, Func<long, double, double> value)
    {
        ArgumentNullException.ThrowIfNull(rate);
        ArgumentNullException.ThrowIfNull(value);
        return Shared(name, () =>
        {
            var buffer = new FlatVector<T>(1);
            _ownRates.Add((buffer, rate, value));
            return _builder.View($"{_rule}/{name}", Shape.Scalar, buffer, 0);
        });
    }

    public override KeptNumber Keep(string name, double start, Func<long, double, double> next) => Keep(name, start, next, isShare: false);

    // A product with the reciprocal: a division for every element would cost more than the rest of the rule.
    public override Tensor Debias(Tensor mean, Schedule beta) => mean * NewBiasCorrection(beta);

    public override Tensor BiasCorrection(Schedule beta) => Shared(("bias-correction", beta), () => NewBiasCorrection(beta));

    public override Tensor LearningRate(Schedule rate, string name = "")
    {
        ReportHyperparameter(rate, name);

        // A scalar of its own: another of the rule's numbers may follow an equal schedule, and that does not bear the factor.
        var buffer = new FlatVector<T>(1);
        List<(FlatVector<T>, Schedule)> rates = IsRestricted ? _restrictedRates : _rates;
        rates.Add((buffer, rate));
        return _builder.View($"{_rule}/learning-rate {_rates.Count + _restrictedRates.Count}: {rate}", Shape.Scalar, buffer, 0);
    }

    public void SetLoss(double loss) => _loss[0] = T.CreateTruncating(loss);

    /// <summary>Computes the scalars and the noise for the step that follows <paramref name="step"/> applied ones.</summary>
    /// <param name="step">Applied steps before this one.</param>
    /// <param name="rateStep">The step for which learning rates are asked.</param>
    /// <param name="rateFactor">What learning rates are multiplied by.</param>
    /// <param name="curvatureIsNew">Whether there is a new estimate of the curvature.</param>
    public void Advance(long step, long rateStep, double rateFactor, bool curvatureIsNew)
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

        foreach ((FlatVector<T> buffer, Schedule rate, Func<long, double, double> value) in _ownRates)
        {
            buffer[0] = T.CreateTruncating(value(step, rateFactor * rate.At(rateStep)));
        }

        _curvatureIsNew[0] = curvatureIsNew ? T.One : T.Zero;
        foreach (KeptNumber kept in _kept)
        {
            kept.Advance(step);
        }

        foreach ((FlatVector<T> buffer, Func<long, double> value) in _scalars)
        {
            buffer[0] = T.CreateTruncating(value(step));
        }

        AdvanceParameters(step, rateStep, factor);
        foreach (NoiseVector<T> noise in _noises)
        {
            noise.Fill(step);
        }
    }

    /// <summary>The part of the learning rate that schedules decide.</summary>
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

    /// <summary>Refuses kept numbers that cannot be.</summary>
    public void CheckKept(IReadOnlyDictionary<string, double> counters)
    {
        foreach (KeptNumber kept in _kept)
        {
            double value = counters[kept.Name];
            if (kept.IsShare ? value is not (>= 0 and <= 1) : !double.IsFinite(value))
            {
                throw new ArgumentException($"The saved counter '{kept.Name}' is {value}; it must be {(kept.IsShare ? "in [0, 1]" : "finite")}.", nameof(counters));
            }
        }
    }

    public void Restore(IReadOnlyDictionary<string, double> counters)
    {
        _haveBegun = false;
        foreach (KeptNumber kept in _kept)
        {
            kept.Value = counters[kept.Name];
        }
    }

    private Tensor NewBiasCorrection(Schedule beta)
    {
        ArgumentNullException.ThrowIfNull(beta);
        string name = $"decay-product-{_kept.Count(k => k.IsShare && k.Name.StartsWith(_rule + ".", StringComparison.Ordinal)) + 1}";
        KeptNumber product = Keep(name, 1, (step, previous) => previous * beta.At(step), isShare: true);
        return Scalar(name, product, (_, p) => 1 / (1 - p));
    }

    private KeptNumber Keep(string name, double start, Func<long, double, double> next, bool isShare)
    {
        ArgumentNullException.ThrowIfNull(next);
        string key = $"{_rule}.{name}";
        if (_kept.Exists(k => k.Name == key))
        {
            throw new ArgumentException($"The rule '{_rule}' keeps two numbers called '{name}'; names must be unique in a rule.", nameof(name));
        }

        var kept = new KeptNumber(key, start, next, isShare);
        _kept.Add(kept);
        return kept;
    }

    /// <summary>The same scalar for the same key in a rule: a schedule, or a name; two schedules may well have one description.</summary>
    private Tensor Scalar(object key, string name, Func<long, double> value, bool isConstant = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Shared(key, () =>
        {
            var buffer = new FlatVector<T>(1);
            if (isConstant)
            {
                buffer[0] = T.CreateTruncating(value(0));
            }
            else
            {
                _scalars.Add((buffer, value));
            }

            return _builder.View($"{_rule}/{name}", Shape.Scalar, buffer, 0);
        });
    }

    /// <summary>What a rule that asks twice gets once.</summary>
    private Tensor Shared(object key, Func<Tensor> make)
    {
        if (!_shared.TryGetValue((_rule, key), out Tensor? tensor))
        {
            tensor = make();
            _shared.Add((_rule, key), tensor);
        }

        return tensor;
    }

    /// <summary>A scalar that is the same for all rules.</summary>
    private Tensor Global(string name, FlatVector<T> buffer)
    {
        if (!_shared.TryGetValue(("", name), out Tensor? tensor))
        {
            tensor = _builder.View(name, Shape.Scalar, buffer, 0);
            _shared.Add(("", name), tensor);
        }

        return tensor;
    }
}
