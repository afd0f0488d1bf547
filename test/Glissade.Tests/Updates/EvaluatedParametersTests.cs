using Glissade.Averaging;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>What is evaluated and kept where rules that keep an average of their own have but some of the parameters.</summary>
public sealed class EvaluatedParametersTests
{
    private static readonly Layout Pieces = new(("a", new Shape(2)), ("nothing", new Shape(0)), ("b", new Shape(3)));

    private static readonly Dictionary<string, Chain> Averaging = new()
    {
        ["schedule-free"] = Optimizers.ScheduleFreeSgd(0.1),
        ["averaged-descent"] = Optimizers.AveragedDescent(0.1, averageFrom: 0),
    };

    public static TheoryData<string> Names() => [.. Averaging.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void OfAGroupOnlyItsOwnParametersAreAveraged(string name)
    {
        (Updater<double> mixed, _) = Run(Groups.Of(Optimizers.Sgd(0.1), ("a", Averaging[name])));
        (Updater<double> alone, _) = Run(Averaging[name]);
        (double[] evaluated, double[] averaged) = (Evaluated(mixed), Evaluated(alone));
        Assert.Equal(averaged[..2], evaluated[..2]);
        Assert.Equal(mixed.Parameters.Span[2..].ToArray(), evaluated[2..]);
        Assert.NotEqual(mixed.Parameters.Span[..2].ToArray(), evaluated[..2]);
    }

    [Fact]
    public void TwoGroupsEachHaveTheirOwnAverage()
    {
        (Updater<double> mixed, _) = Run(Groups.Of(Optimizers.ScheduleFreeSgd(0.02), ("a", Optimizers.ScheduleFreeSgd(0.1))));
        double[] evaluated = Evaluated(mixed);
        Assert.Equal(Evaluated(Run(Optimizers.ScheduleFreeSgd(0.1)).Updater)[..2], evaluated[..2]);
        Assert.Equal(Evaluated(Run(Optimizers.ScheduleFreeSgd(0.02)).Updater)[2..], evaluated[2..]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsFrozenIsEvaluatedAsItIs(string name)
    {
        (Updater<double> updater, double[] start) = Run(Averaging[name].Then(Freeze.Of("a")));
        double[] evaluated = Evaluated(updater);
        Assert.Equal(start[..2], evaluated[..2]);
        Assert.Equal(Evaluated(Run(Averaging[name]).Updater)[2..], evaluated[2..]);
        using (updater.UseAverage())
        {
            Assert.Equal(evaluated, updater.Parameters.Span.ToArray());
        }
    }

    [Fact]
    public void WhatThawsStandsBeforeTheAverage()
    {
        UpdateRule thaw = Freeze.Until(5, "a");
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Run(Optimizers.ScheduleFreeSgd(0.1).Then(thaw)));
        Assert.Equal("'freeze' stands behind 'schedule-free', which keeps what is evaluated of 'a' beside θ: what thaws must stand before it, or its average moves on alone.", refused.Message);

        (Updater<double> updater, double[] start) = Run(Chain.Of([thaw, .. Optimizers.ScheduleFreeSgd(0.1).Rules]), steps: 5);
        Assert.Equal(start[..2], Evaluated(updater)[..2]);
        Assert.Equal(start[..2], updater.Parameters.Span[..2].ToArray());
        (updater, _) = Run(Chain.Of([thaw, .. Optimizers.ScheduleFreeSgd(0.1).Rules]), steps: 6);
        Assert.NotEqual(start[..2], Evaluated(updater)[..2]);
    }

    [Fact]
    public void AnAverageThatWasAskedForIsOfAllParameters()
    {
        Chain chain = Groups.Of(Optimizers.Sgd(0.1), ("a", Optimizers.ScheduleFreeSgd(0.1))).Then(Freeze.Of("nothing"));
        (Updater<double> updater, _) = Run(chain, TargetParameters.Hard(5), steps: 9);
        Assert.Equal(Run(chain, steps: 5).Updater.Parameters.Span.ToArray(), Evaluated(updater));
    }

    [Fact]
    public void WhileTheAverageIsInUseItIsWhatIsCopiedAndNothingIsRestored()
    {
        (Updater<double> updater, _) = Run(Optimizers.Sgd(0.1), Ema.Of(0.9));
        (double[] average, double[] parameters) = (Evaluated(updater), updater.Parameters.Span.ToArray());
        using (updater.UseAverage())
        {
            Assert.Equal(average, Evaluated(updater));
            Assert.Throws<InvalidOperationException>(() => updater.Restore(updater.Counters));
        }

        Assert.Equal(parameters, updater.Parameters.Span.ToArray());
        Assert.Equal(average, Evaluated(updater));
    }

    private static double[] Evaluated(Updater<double> updater)
    {
        double[] evaluated = new double[updater.Parameters.Length];
        updater.CopyAverage(evaluated);
        return evaluated;
    }

    private static (Updater<double> Updater, double[] Start) Run(Chain chain, ParameterAverage? average = null, int steps = 12)
    {
        var x = new FlatVector<double>([1, 2, 3, 4, 5]);
        var g = new FlatVector<double>(5);
        double[] start = x.Span.ToArray();
        Updater<double> updater = chain.Compile(Pieces, x, g, average);
        for (int t = 0; t < steps; t++)
        {
            x.Span.CopyTo(g.Span);
            Assert.True(updater.Step().Applied);
        }

        return (updater, start);
    }
}
