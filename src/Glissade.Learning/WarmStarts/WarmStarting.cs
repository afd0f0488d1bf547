using System.Collections.Immutable;
using Glissade.Learning.Networks;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Learning.WarmStarts;

/// <summary>Lays what was saved beside a run, thing by thing.</summary>
internal sealed class WarmStarting
{
    // What belongs to the run and not to the parameters: steps half gathered, and what the run itself puts on the rate.
    private const string Accumulated = "accumulate.";

    private readonly Layout _layout, _stateLayout;
    private readonly Updater<float> _updater;
    private readonly WarmStartSource _source;
    private readonly Layout? _savedLayout;
    private readonly ImmutableArray<WarmStartSource.Piece> _savedParameters, _savedStates;
    private readonly List<WarmStartItem> _matched = [], _missing = [], _leftOver = [], _otherShape = [], _notWanted = [];
    private readonly List<Action> _parameterCopies = [], _stateCopies = [];
    private readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);

    private WarmStarting(BuiltNetwork network, Updater<float> updater, FlatVector<float>? layerStates, WarmStartSource source, WarmStartPolicy? policy)
    {
        (_layout, _stateLayout, _updater, _source) = (network.Layout, network.StateLayout, updater, source);

        // Without an order of names, what has the name of a state of this run is one, and that of this run holds if the parameters are the same.
        bool IsState(WarmStartSource.Piece piece) => source.Layout is null && _stateLayout.Entries.Any(e => e.Name == piece.Name);
        _savedParameters = [.. source.Parameters.Where(p => !IsState(p))];
        _savedStates = [.. source.LayerStates, .. source.Parameters.Where(IsState)];
        _savedLayout = source.Layout ?? (IsSame(_savedParameters, _layout) ? _layout : null);
        var patterns = new NamePatterns(policy?.Parameters ?? ["*"]);
        LayParameters(patterns);
        LayLayerStates(patterns, layerStates);
        LayVectors(patterns, policy?.State ?? true);
        LayNumbers(policy);
    }

    public WarmStartReport Report => new([.. _matched], [.. _missing], [.. _leftOver], [.. _otherShape], [.. _notWanted]);

    /// <summary>What fits, without taking it.</summary>
    /// <param name="network">The run's parameters and states of layers.</param>
    /// <param name="updater">The run's chain.</param>
    /// <param name="source">What was saved.</param>
    /// <param name="policy">What is taken of it; null for all that is saved, the run's own numbers included.</param>
    public static WarmStartReport Compare(BuiltNetwork network, Updater<float> updater, WarmStartSource source, WarmStartPolicy? policy = null) =>
        new WarmStarting(network, updater, null, source, policy).Report;

    /// <summary>Takes what fits.</summary>
    /// <exception cref="ArgumentException">No parameter fits.</exception>
    public static WarmStartReport Take(BuiltNetwork network, Updater<float> updater, FlatVector<float> layerStates, WarmStartSource source, WarmStartPolicy policy)
    {
        var starting = new WarmStarting(network, updater, layerStates, source, policy);
        if (starting._parameterCopies.Count == 0)
        {
            throw new ArgumentException($"Nothing of {source.Name} is a parameter of this run that is to be taken: {starting.Report.OnOneLine()}.", nameof(source));
        }

        starting._parameterCopies.ForEach(copy => copy());
        updater.Restore(updater.Counters.SetItems(starting._numbers));

        // Before states are taken: those that begin as θ begin as the new one.
        updater.BeginStates();
        starting._stateCopies.ForEach(copy => copy());
        return starting.Report;
    }

    private void LayParameters(NamePatterns patterns)
    {
        foreach (LayoutEntry own in _layout.Entries)
        {
            WarmStartSource.Piece? saved = _savedParameters.FirstOrDefault(p => p.Name == own.Name);
            if (Lay(WarmStartKind.Parameter, own.Name, own.Shape, saved?.Shape, patterns.Matches(own.Name)))
            {
                _parameterCopies.Add(() => saved!.Values.CopyTo(_updater.Parameters.Span[own.Offset..]));
            }
        }

        _leftOver.AddRange(_savedParameters.Where(p => !_layout.Entries.Any(e => e.Name == p.Name)).Select(p => new WarmStartItem(WarmStartKind.Parameter, p.Name, null, p.Shape)));
    }

    private void LayLayerStates(NamePatterns patterns, FlatVector<float>? layerStates)
    {
        foreach (LayoutEntry own in _stateLayout.Entries)
        {
            WarmStartSource.Piece? saved = _savedStates.FirstOrDefault(p => p.Name == own.Name);
            if (Lay(WarmStartKind.LayerState, own.Name, own.Shape, saved?.Shape, patterns.Matches(own.Name)) && layerStates is not null)
            {
                _stateCopies.Add(() => saved!.Values.CopyTo(layerStates.Span[own.Offset..]));
            }
        }

        _leftOver.AddRange(_savedStates.Where(p => !_stateLayout.Entries.Any(e => e.Name == p.Name)).Select(p => new WarmStartItem(WarmStartKind.LayerState, p.Name, null, p.Shape)));
    }

    private void LayVectors(NamePatterns patterns, bool wanted)
    {
        foreach ((string name, FlatVector<float> own) in _updater.State)
        {
            WarmStartSource.Piece? saved = _source.Vectors.FirstOrDefault(v => v.Name == name);
            bool belongsToRun = name.StartsWith(Accumulated, StringComparison.Ordinal);
            if (saved is not null && own.Length == _layout.Length && _savedLayout is not null && saved.Values.Length == _savedLayout.Length && !belongsToRun)
            {
                LaySlices(name, own, saved, patterns, wanted);
            }
            else if (Lay(WarmStartKind.State, name, new Shape(own.Length), saved?.Shape, wanted && !belongsToRun && (_savedLayout is null || IsSame(_savedParameters, _layout))))
            {
                _stateCopies.Add(() => saved!.Values.CopyTo(own.Span));
            }
        }

        _leftOver.AddRange(_source.Vectors.Where(v => !_updater.State.Any(s => s.Key == v.Name)).Select(v => new WarmStartItem(WarmStartKind.State, v.Name, null, v.Shape)));
    }

    private void LaySlices(string name, FlatVector<float> own, WarmStartSource.Piece saved, NamePatterns patterns, bool wanted)
    {
        foreach (LayoutEntry entry in _layout.Entries)
        {
            LayoutEntry? other = _savedLayout!.Entries.FirstOrDefault(e => e.Name == entry.Name);
            if (Lay(WarmStartKind.State, $"{name}/{entry.Name}", entry.Shape, other?.Shape, wanted && patterns.Matches(entry.Name)))
            {
                _stateCopies.Add(() => saved.Values.AsSpan(other!.Offset, other.Length).CopyTo(own.Span[entry.Offset..]));
            }
        }

        _leftOver.AddRange(_savedLayout!.Entries.Where(e => !_layout.Entries.Any(o => o.Name == e.Name)).Select(e => new WarmStartItem(WarmStartKind.State, $"{name}/{e.Name}", null, e.Shape)));
    }

    private void LayNumbers(WarmStartPolicy? policy)
    {
        ImmutableSortedDictionary<string, double> counters = _updater.Counters;
        foreach (string name in counters.Keys)
        {
            bool wanted = policy is null || name switch
            {
                Updater<float>.StepsCounter => policy.Steps,
                Updater<float>.FactorCounter => false,
                _ => policy.State && !name.StartsWith(Accumulated, StringComparison.Ordinal) && HasMatchedState(name[..(name.IndexOf('.', StringComparison.Ordinal) + 1)]),
            };
            if (Lay(WarmStartKind.Number, name, Shape.Scalar, _source.Numbers.ContainsKey(name) ? Shape.Scalar : null, wanted))
            {
                _numbers[name] = _source.Numbers[name];
            }
        }

        _leftOver.AddRange(_source.Numbers.Keys.Where(k => !counters.ContainsKey(k)).Select(k => new WarmStartItem(WarmStartKind.Number, k, null, Shape.Scalar)));
    }

    /// <summary>Numbers go with the vectors of their rule: a moment of zeros must still be freed of its bias.</summary>
    private bool HasMatchedState(string rule) => _matched.Exists(i => i.Kind == WarmStartKind.State && i.Name.StartsWith(rule, StringComparison.Ordinal));

    private bool Lay(WarmStartKind kind, string name, Shape own, Shape? saved, bool wanted)
    {
        bool fits = saved == own;
        List<WarmStartItem> list = saved is null ? _missing : !fits ? _otherShape : wanted ? _matched : _notWanted;
        list.Add(new WarmStartItem(kind, name, own, saved));
        return fits && wanted;
    }

    private static bool IsSame(ImmutableArray<WarmStartSource.Piece> parameters, Layout layout) =>
        parameters.Length == layout.Entries.Length && layout.Entries.All(e => parameters.Any(p => p.Name == e.Name && p.Shape == e.Shape));
}
