using System.Reflection;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Tests.Differentiation;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>What holds for every rule and every ready-made chain.</summary>
public sealed class RuleBatteryTests
{
    public static TheoryData<string> Names() => [.. RuleTable.Cases.Keys];

    [Fact]
    public void EveryRuleAndEveryReadyMadeChainIsInTheTable()
    {
        Chain[] chains = [.. RuleTable.Cases.Values.Select(c => c.Chain())];
        static UpdateRule Innermost(UpdateRule rule) => rule is RestrictedRule restricted ? restricted.Innermost : rule;
        HashSet<Type> tried = [.. chains.SelectMany(c => c.Rules).Select(r => Innermost(r).GetType())];
        Type[] rules = [.. typeof(UpdateRule).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(UpdateRule)) && !t.IsAbstract && t != typeof(RestrictedRule))];
        Assert.Equal([], rules.Except(tried).Select(t => t.Name));
        Assert.InRange(rules.Length, 50, 200);

        HashSet<string> sequences = [.. chains.Select(c => c.ToString())];
        MethodInfo[] makers = [.. typeof(Optimizers).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.ReturnType == typeof(Chain))];
        Assert.Equal([], makers.Where(m => !sequences.Contains(WithDefaults(m).ToString())).Select(m => m.Name));
        Assert.InRange(makers.Length, 30, 200);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheTrajectoryIsThatOfTheFormula(string name)
    {
        const int Length = 11;
        var run = new RuleRun<double>(RuleTable.Cases[name].Chain(), Length);
        ReferenceStep reference = RuleTable.Cases[name].Reference(Length);
        double[] x = run.Parameters.Span.ToArray();
        for (int t = 0; t < 60; t++)
        {
            double[] g = [.. x.Select((v, i) => RuleRun<double>.GradientOf(v, i, t))];
            double[] next = reference(x, g, t);
            StepOutcome outcome = run.Step(t);
            Assert.True(outcome.Applied);
            FunctionCheck.Close(next, run.Parameters.Span.ToArray(), 1e-12, $"{name}, step {t}");
            double[] taken = run.Updater.GradientPlace == GradientPlace.Parameters ? g : run.Gradient.Span.ToArray();
            FunctionCheck.Close([Norm(taken), Norm([.. x.Zip(next, (a, b) => a - b)])], [outcome.GradientNorm, outcome.UpdateNorm], 1e-12, $"{name}, norms of step {t}");
            x = next;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FloatFollowsDouble(string name)
    {
        var precise = new RuleRun<double>(RuleTable.Cases[name].Chain(), 19);
        var rough = new RuleRun<float>(RuleTable.Cases[name].Chain(), 19);
        for (int t = 0; t < 30; t++)
        {
            precise.Step(t);
            rough.Step(t);
        }

        FunctionCheck.Close(precise.Parameters.Span.ToArray(), [.. rough.Parameters.Span.ToArray().Select(v => (double)v)], 2e-4, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnElementMovesAsItDoesAlone(string name)
    {
        if (!RuleTable.Cases[name].IsElementwise)
        {
            // What couples the elements has its lengths checked by the formula instead.
            LengthsFollowTheFormula(name);
            return;
        }

        double[] whole = Everything<double>(name, 4097, 6);
        float[] wholeFloat = Everything<float>(name, 4097, 6);
        int vectors = whole.Length / 4097;
        foreach (int length in new[] { 1, 7, 8, 9, 4095, 4096 })
        {
            double[] part = Everything<double>(name, length, 6);
            float[] partFloat = Everything<float>(name, length, 6);
            for (int vector = 0; vector < vectors; vector++)
            {
                Assert.True(part.AsSpan(vector * length, length).SequenceEqual(whole.AsSpan(vector * 4097, length)), $"{name}, length {length}, vector {vector}");
                Assert.True(partFloat.AsSpan(vector * length, length).SequenceEqual(wholeFloat.AsSpan(vector * 4097, length)), $"{name}, length {length} in float, vector {vector}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ResumingAtAnyStepGivesTheSameBits(string name)
    {
        const int Length = 21;
        var straight = new RuleRun<float>(RuleTable.Cases[name].Chain(), Length);
        for (int t = 0; t < 30; t++)
        {
            // A fresh updater takes over at every step.
            var resumed = new RuleRun<float>(RuleTable.Cases[name].Chain(), Length);
            straight.Parameters.Span.CopyTo(resumed.Parameters.Span);
            Assert.Equal(straight.Updater.State.Select(s => s.Key), resumed.Updater.State.Select(s => s.Key));
            foreach ((KeyValuePair<string, FlatVector<float>> from, KeyValuePair<string, FlatVector<float>> to) in straight.Updater.State.Zip(resumed.Updater.State))
            {
                from.Value.Span.CopyTo(to.Value.Span);
            }

            resumed.Updater.Restore(straight.Updater.Counters);
            Assert.Equal(straight.Step(t), resumed.Step(t));
            Assert.Equal(straight.Everything(), resumed.Everything());
            Assert.Equal(straight.Updater.Counters, resumed.Updater.Counters);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ANonFiniteGradientTouchesNothing(string name)
    {
        foreach (int length in new[] { 1, 9, 1030 })
        {
            var run = new RuleRun<float>(RuleTable.Cases[name].Chain(), length);
            for (int t = 0; t < 4; t++)
            {
                float[] before = run.Everything();
                var counters = run.Updater.Counters;
                foreach (float poison in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    foreach (int at in new[] { 0, length / 2, length - 1 })
                    {
                        run.FillGradient(t);
                        run.Gradient[at] = poison;
                        StepOutcome outcome = run.StepAsItStands();
                        Assert.Equal(SkipReason.NonFiniteGradient, outcome.Skipped);
                        Assert.False(outcome.Applied || outcome.Clipped || outcome.UpdateNorm != 0 || double.IsFinite(outcome.GradientNorm));
                    }
                }

                Assert.True(before.AsSpan().SequenceEqual(run.Everything()), $"{name}, length {length}, step {t}");
                Assert.Equal(counters, run.Updater.Counters);
                Assert.True(run.Step(t).Applied);
                Assert.Equal(t + 1, run.Updater.AppliedSteps);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StateNamesAreUniqueAndBeginWithTheirRule(string name)
    {
        Chain chain = RuleTable.Cases[name].Chain();
        string[] states = [.. new RuleRun<double>(chain, 3).Updater.State.Select(s => s.Key)];
        Assert.Equal(states.Length, states.Distinct().Count());
        Assert.All(states, s => Assert.Contains(s.Split('.')[0].TrimEnd('-', '2'), chain.Rules.Select(r => r.Name).Append("ema")));
        Assert.Equal(states, new RuleRun<float>(chain, 5).Updater.State.Select(s => s.Key));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FrozenParametersStayToTheBit(string name)
    {
        // All that is not frozen moves as without the frozen: the rules do not see them.
        Chain chain = RuleTable.Cases[name].Chain();
        var layout = new Layout(("layer.free", new Shape(3, 7)), ("frozen.a", new Shape(9)), ("none", new Shape(0)), ("layer.bias", new Shape(5)), ("frozen.b", new Shape(1)));
        var seen = new RuleRun<float>(chain.Then(Freeze.Of("frozen*")), layout.Length, layout);
        var unseen = new RuleRun<float>(Chain.Of([.. chain.Rules.Select(r => r is Accumulate ? r : r.Except("frozen*")), Freeze.Of("frozen*")]), layout.Length, layout);
        var free = new RuleRun<float>(chain, layout.Length, layout);
        float[] start = free.Parameters.Span.ToArray();
        for (int t = 0; t < 10; t++)
        {
            foreach (RuleRun<float> run in new[] { seen, unseen, free })
            {
                Assert.True(run.Step(t).Applied);
            }
        }

        foreach (LayoutEntry entry in layout.Entries)
        {
            Span<float> Of(RuleRun<float> run) => run.Parameters.Span.Slice(entry.Offset, entry.Length);
            if (entry.Name.StartsWith("frozen", StringComparison.Ordinal))
            {
                Assert.Equal(start.AsSpan(entry.Offset, entry.Length), Of(seen));
                Assert.Equal(start.AsSpan(entry.Offset, entry.Length), Of(unseen));
            }
            else if (RuleTable.Cases[name].IsElementwise)
            {
                Assert.Equal(Of(free), Of(seen));
                Assert.Equal(Of(free), Of(unseen));
            }
            else
            {
                Assert.True(entry.Length == 0 || !start.AsSpan(entry.Offset, entry.Length).SequenceEqual(Of(unseen)), $"{entry.Name} stood still");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void HyperparametersAreListedWithTheirValues(string name)
    {
        var run = new RuleRun<double>(RuleTable.Cases[name].Chain(), 3);
        for (int t = 0; t < 3; t++)
        {
            run.Step(t);
            KeyValuePair<string, double>[] listed = [.. run.Updater.Hyperparameters];
            Assert.Equal(listed.Length, listed.DistinctBy(h => h.Key).Count());
            Assert.All(listed, h => Assert.True(double.IsFinite(h.Value), h.Key));

            // The average of the run stands last, with a constant decay.
            Assert.Equal(KeyValuePair.Create("ema.decay", 0.9), listed[^1]);
            Assert.All(run.Updater.Clips.ToArray(), c => Assert.InRange(c.Value, 0, 1));
        }
    }

    [Fact]
    public void DecaysAreListedInTheOrderOfTheirNumbers()
    {
        // Constant or scheduled: the columns of a record do not change places with it.
        Schedule moving = Schedule.Linear(0.9, 0.99, 9);
        (UpdateRule Rule, int Decays)[] cases =
        [
            (Adam.Scaling(), 2), (AmsGrad.Scaling(), 2), (Adamax.Scaling(), 2), (NAdam.Scaling(), 2), (RAdam.Scaling(), 2), (Sophia.Scaling(), 2),
            (AdaBelief.Scaling(), 2), (Yogi.Scaling(), 2), (Adan.Scaling(), 3), (AdEmaMix.Scaling(), 3),
            (AdaBelief.Scaling(moving, moving), 2), (Yogi.Scaling(moving, moving), 2), (Adan.Scaling(moving, moving, moving), 3), (AdEmaMix.Scaling(moving, moving, moving), 3),
        ];
        foreach ((UpdateRule rule, int decays) in cases)
        {
            string[] names = [.. new RuleRun<float>(Chain.Of(rule), 3).Updater.Hyperparameters.ToArray().Select(h => h.Key)];
            Assert.Equal(Enumerable.Range(1, decays).Select(i => $"{rule.Name}.beta{i}"), names.Where(n => n.Contains(".beta", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NoParametersAtAll(string name) => Assert.True(new RuleRun<double>(RuleTable.Cases[name].Chain(), 0).Step(0).Applied);

    private static Chain WithDefaults(MethodInfo maker) => (Chain)maker.Invoke(null, [.. maker.GetParameters().Select(p =>
        p.HasDefaultValue ? p.DefaultValue
        : p.ParameterType == typeof(Schedule) ? Schedule.Constant(0.1)
        : p.ParameterType == typeof(double) ? 0.1
        : p.ParameterType == typeof(long) ? 10L
        : (object)Array.Empty<string>())])!;

    private static void LengthsFollowTheFormula(string name)
    {
        foreach (int length in new[] { 1, 7, 8, 9, 4095, 4096, 4097 })
        {
            var run = new RuleRun<double>(RuleTable.Cases[name].Chain(), length);
            ReferenceStep reference = RuleTable.Cases[name].Reference(length);
            for (int t = 0; t < 3; t++)
            {
                double[] x = run.Parameters.Span.ToArray();
                double[] next = reference(x, [.. x.Select((v, i) => RuleRun<double>.GradientOf(v, i, t))], t);
                run.Step(t);
                FunctionCheck.Close(next, run.Parameters.Span.ToArray(), 1e-12, $"{name}, length {length}, step {t}");
            }
        }
    }

    private static T[] Everything<T>(string name, int length, int steps)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var run = new RuleRun<T>(RuleTable.Cases[name].Chain(), length);
        for (int t = 0; t < steps; t++)
        {
            run.Step(t);
        }

        return run.Everything();
    }

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(v => v * v));
}

/// <summary>What holds for every rule, measured alone: threads and allocation.</summary>
[Collection(RunsAlone.Name)]
public sealed class RuleBatteryAloneTests
{
    public static TheoryData<string> Names() => [.. RuleTable.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void BitsDoNotDependOnThreads(string name)
    {
        float[][] runs = [.. new[] { 1, 2, 3, 7 }.Select(threads => RunsAlone.WithThreads(threads, () =>
        {
            var run = new RuleRun<float>(RuleTable.Cases[name].Chain(), 140_003);
            for (int t = 0; t < 3; t++)
            {
                run.Step(t);
            }

            return run.Everything();
        }))];
        Assert.All(runs, r => Assert.True(r.AsSpan().SequenceEqual(runs[0]), name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AStepAllocatesNothing(string name) => RunsAlone.WithThreads(2, () =>
    {
        var run = new RuleRun<float>(RuleTable.Cases[name].Chain(), 70_000);

        // As many as it takes until the runtime has compiled all of it for good: before, conversions of numbers box them.
        for (int t = 0; t < 60; t++)
        {
            run.Step(t);
        }

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int step = 0; step < 20; step++)
            {
                run.StepAsItStands();
            }
        }));
        return 0;
    });
}
