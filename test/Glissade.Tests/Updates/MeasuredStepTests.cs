using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Updates;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Updates;

/// <summary>Steps whose gradient was measured by its program, against steps that measure it themselves.</summary>
[Collection(RunsAlone.Name)]
public sealed class MeasuredStepTests
{
    public static TheoryData<string> Names() => [.. Chains.Keys];

    private static readonly Dictionary<string, Chain> Chains = new()
    {
        ["descent"] = Chain.Of(LearningRate.Of(0.01)),
        ["adam"] = Optimizers.Adam(1e-2),
        ["clipped"] = Chain.Of(Clip.ByGlobalNorm(0.3), LearningRate.Of(0.1)),
        ["clipped in part"] = Chain.Of(Clip.ByGlobalNorm(0.3).Only("a"), LearningRate.Of(0.1)),
        ["clipped twice"] = Chain.Of(Clip.ByGlobalNorm(0.3), Clip.ByNorm(0.1, 2), LearningRate.Of(0.1)),
        ["accumulated"] = Chain.Of(Accumulate.Over(3), Clip.ByGlobalNorm(0.3), LearningRate.Of(0.1)),
        ["sharpness-aware"] = Chain.Of(SharpnessAware.Of(0.05), LearningRate.Of(0.1)),
        ["extra gradient"] = Chain.Of(ExtraGradient.Of(0.05), LearningRate.Of(0.1)),
        ["own rule by the norm"] = Chain.Of(new ByTheNorm(), LearningRate.Of(0.1)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void TheyAreTheSameToRounding(string name)
    {
        var measured = new Problem(Chains[name], isMeasured: true);
        var plain = new Problem(Chains[name], isMeasured: false);
        for (int t = 0; t < 12; t++)
        {
            StepOutcome expected = plain.Step(t), actual = measured.Step(t);
            Assert.Equal(expected.Skipped, actual.Skipped);
            Assert.Equal(expected.Clipped, actual.Clipped);
            Assert.Equal(1, actual.GradientNorm / expected.GradientNorm, 1e-14);
            Assert.Equal(expected.UpdateNorm, actual.UpdateNorm, 1e-14);
        }

        for (int i = 0; i < measured.Parameters.Length; i++)
        {
            Assert.Equal(plain.Parameters[i], measured.Parameters[i], 1e-14);
        }
    }

    [Fact]
    public void TheUpdateReadsTheGradientOnce()
    {
        var measured = new Problem(Optimizers.Adam(1e-2), isMeasured: true);
        var plain = new Problem(Optimizers.Adam(1e-2), isMeasured: false);
        Assert.Empty(measured.Updater.Program.Steps[0]);
        Assert.Single(measured.Updater.Program.Steps[1]);
        Assert.Single(plain.Updater.Program.Steps[0]);
        Assert.Single(plain.Updater.Program.Steps[1]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void AGradientThatIsNotFiniteChangesNothing(double bad)
    {
        var problem = new Problem(Chain.Of(Momentum.Of(0.9), Clip.ByGlobalNorm(1), LearningRate.Of(0.1)), isMeasured: true);
        problem.Step(0);
        double[] before = [.. problem.Parameters.Span, .. problem.Updater.State[0].Value.Span];
        foreach (FlatVector<double> input in new[] { problem.U, problem.V, problem.C })
        {
            double good = input[3];
            input[3] = bad;
            Assert.Equal(SkipReason.NonFiniteGradient, problem.Step(null).Skipped);
            input[3] = good;
            Assert.Equal(before, (double[])[.. problem.Parameters.Span, .. problem.Updater.State[0].Value.Span]);
        }

        Assert.True(problem.Step(null).Applied);
    }

    [Fact]
    public void SquaresThatAreTooGreatAreNoReasonToLoseAStep()
    {
        var problem = new Problem(Chain.Of(Clip.ByGlobalNorm(1)), isMeasured: true);
        problem.U.Span.Clear();
        problem.V.Span.Clear();
        problem.C.Span.Clear();
        (problem.U[0], problem.V[0], problem.C[5]) = (3e200, 1, 4e200);
        double[] before = [.. problem.Parameters.Span];
        StepOutcome outcome = problem.Step(null);
        Assert.True(outcome.Applied && outcome.Clipped);
        Assert.Equal(5e200, outcome.GradientNorm, 1e190);
        Assert.Equal(-0.6, problem.Parameters[0] - before[0], 1e-12);
        Assert.Equal(-0.8, problem.Parameters[(13 * 80) + 5] - before[(13 * 80) + 5], 1e-12);
    }

    /// <summary>What was measured is worth one step; without another run, or after <see cref="MeasuredGradient{T}.MeasureAgain"/>, the step measures the vector.</summary>
    [Fact]
    public void WhatWasNotMeasuredIsMeasuredByTheStep()
    {
        var problem = new Problem(Chain.Of(LearningRate.Of(0.1)), isMeasured: true);
        FlatVector<double> vector = problem.Gradient.Vector;
        vector.Span.Clear();
        vector[7] = 3;
        vector[1050] = -4;
        Assert.Equal(5, problem.Updater.Step().GradientNorm);
        problem.Fill(1);
        problem.Program.Run();
        vector.Span.Clear();
        vector[1060] = 2;
        problem.Gradient.MeasureAgain();
        Assert.Equal(2, problem.Updater.Step().GradientNorm);
        vector[0] = double.NaN;
        Assert.Equal(SkipReason.NonFiniteGradient, problem.Updater.Step().Skipped);
        Assert.True(problem.Step(2).Applied);
    }

    [Fact]
    public void TheLengthMustBeThatOfTheLayout()
    {
        var layout = Layout.OfVector(3);
        ArgumentException error = Assert.Throws<ArgumentException>(() => Chain.Of().Compile(layout, new FlatVector<float>(3), new MeasuredGradient<float>(4)));
        Assert.Contains("4 elements", error.Message, StringComparison.Ordinal);
        var builder = new ProgramBuilder<float>();
        IReadOnlyList<Tensor> pieces = builder.Views(layout, new FlatVector<float>(3));
        Assert.Throws<ArgumentException>(() => builder.Gradient(Sum(pieces[0]), pieces, layout, new MeasuredGradient<float>(2)));
        Assert.Throws<ArgumentNullException>(() => builder.Gradient(Sum(pieces[0]), pieces, layout, (MeasuredGradient<float>)null!));
    }

    [Fact]
    public void AStepAllocatesNothing()
    {
        foreach (string name in new[] { "adam", "clipped", "sharpness-aware" })
        {
            var problem = new Problem(Chains[name], isMeasured: true);
            problem.Step(0);
            Assert.Equal(0, AllocatedBytes.Of(() => problem.Step(null)));
            Assert.Equal(0, AllocatedBytes.Of(() => problem.Updater.Step(() => 1, out _)));
        }
    }

    /// <summary>Shortens to a tenth of the square root of the norm.</summary>
    private sealed record ByTheNorm : UpdateRule
    {
        public override string Name => "by-the-norm";

        public override string Formula => "0.1·u/√‖u‖";

        protected internal override Tensor Trace(Tensor update, RuleScope scope) => update * (0.1 / Sqrt(scope.Norm(update)));
    }

    /// <summary>U = (Σ uᵢ aᵢⱼ vⱼ) + Σ sin(c·b): gradients of a product and of a loop.</summary>
    private sealed class Problem
    {
        private readonly FlatVector<double>? _plain;
        private readonly Func<double> _evaluate;

        public Problem(Chain chain, bool isMeasured)
        {
            var layout = new Layout(("a", new Shape(13, 80)), ("b", new Shape(21)));
            Parameters = new FlatVector<double>(layout.Length);
            RandomStream.Of(3, "parameters").FillNormal(Parameters.Span, 0.0, 1.0);
            Gradient = new MeasuredGradient<double>(layout.Length);
            var builder = new ProgramBuilder<double>();
            IReadOnlyList<Tensor> p = builder.Views(layout, Parameters);
            Tensor u = builder.View("u", new(1, 13), U, 0), v = builder.View("v", new(80, 1), V, 0), c = builder.View("c", new(21), C, 0);
            Tensor loss = Sum(MatrixProduct(MatrixProduct(u, p[0]), v)) + Sum(Tanh(p[1])) + Dot(c, p[1]);
            builder.Output("loss", loss);
            if (isMeasured)
            {
                builder.Gradient(loss, p, layout, Gradient);
                Updater = chain.Compile(layout, Parameters, Gradient);
            }
            else
            {
                _plain = new FlatVector<double>(layout.Length);
                builder.Gradient(loss, p, layout, _plain);
                Updater = chain.Compile(layout, Parameters, _plain);
            }

            Program = builder.Build();
            FlatVector<double> value = Program.Buffer("loss");
            _evaluate = () =>
            {
                Program.Run();
                return double.IsFinite(value[0]) ? value[0] : 0;
            };
        }

        public FlatVector<double> U { get; } = new(13);

        public FlatVector<double> V { get; } = new(80);

        public FlatVector<double> C { get; } = new(21);

        public FlatVector<double> Parameters { get; }

        public MeasuredGradient<double> Gradient { get; }

        public Program<double> Program { get; }

        public Updater<double> Updater { get; }

        public void Fill(int t)
        {
            RandomStream.Of((ulong)t, "u").FillNormal(U.Span, 0.0, 1.0);
            RandomStream.Of((ulong)t, "v").FillNormal(V.Span, 0.0, 0.1);
            RandomStream.Of((ulong)t, "c").FillNormal(C.Span, 0.0, 1.0);
        }

        /// <summary>A step at the inputs of a time, or where there is none at those that stand.</summary>
        public StepOutcome Step(int? t)
        {
            if (t is { } time)
            {
                Fill(time);
            }

            return Updater.Step(_evaluate, out _);
        }
    }
}
