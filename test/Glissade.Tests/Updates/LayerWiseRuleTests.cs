using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Tests.Differentiation;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>What rules promise that see each parameter in its own shape, beside their formulas.</summary>
public sealed class LayerWiseRuleTests
{
    private static readonly Layout Network = new(("a.weight", new Shape(3, 5)), ("a.bias", new Shape(5)), ("nothing", new Shape(2, 0)), ("kernel", new Shape(4, 2, 3)), ("scale", Shape.Scalar), ("b.bias", new Shape(2)));

    private static readonly Dictionary<string, UpdateRule> Rules = new()
    {
        ["clip"] = Clip.ByParameterNorm(0.1),
        ["adaptive clip"] = Clip.Adaptive(0.01),
        ["centralization"] = new GradientCentralization(),
        ["lars"] = Lars.Scaling(0.1, 0.1),
        ["trust ratio"] = new TrustRatio(),
        ["adafactor"] = Adafactor.Scaling(),
        ["parameter scale"] = new ParameterScale(),
        ["novograd"] = NovoGrad.Scaling(),
        ["orthogonalize"] = new Orthogonalization(),
        ["shampoo"] = Shampoo.Scaling(),
        ["prodigy"] = Prodigy.Scaling(start: 0.1),
        ["d-adapted descent"] = DAdaptation.Descent(start: 0.1),
        ["d-adapted adam"] = DAdaptation.Adam(start: 0.1),
    };

    public static TheoryData<string, string> Restrictions() =>
        [.. Rules.Keys.SelectMany(r => new[] { "*.bias", "a.*", "kernel", "nothing", "scale" }.Select(p => (r, p)))];

    [Theory]
    [MemberData(nameof(Restrictions))]
    public void ARestrictedRuleLeavesTheOthersAlone(string name, string pattern)
    {
        foreach (bool only in new[] { true, false })
        {
            UpdateRule rule = Rules[name];
            bool isApart = rule is LayerWiseRule;
            UpdateRule restricted = only ? rule.Only(pattern) : rule.Except(pattern);
            Assert.Contains(pattern, restricted.Formula, StringComparison.Ordinal);
            var plain = new RuleRun<float>(Chain.Of(LearningRate.Of(0.1)), Network.Length, Network);
            var full = new RuleRun<float>(Chain.Of(rule, LearningRate.Of(0.1)), Network.Length, Network);
            var part = new RuleRun<float>(Chain.Of(restricted, LearningRate.Of(0.1)), Network.Length, Network);
            for (int t = 0; t < 3; t++)
            {
                foreach (RuleRun<float> run in new[] { plain, full, part })
                {
                    for (int i = 0; i < Network.Length; i++)
                    {
                        run.Gradient[i] = (float)Math.Cos(i + t);
                    }

                    Assert.True(run.Updater.Step().Applied);
                }

                foreach (LayoutEntry entry in Network.Entries)
                {
                    bool matches = pattern == entry.Name || (pattern[0] == '*' && entry.Name.EndsWith(pattern[1..], StringComparison.Ordinal)) || (pattern[^1] == '*' && entry.Name.StartsWith(pattern[..^1], StringComparison.Ordinal));
                    if (matches != only || isApart)
                    {
                        RuleRun<float> expected = matches == only ? full : plain;
                        Assert.True(expected.Parameters.Span.Slice(entry.Offset, entry.Length).SequenceEqual(part.Parameters.Span.Slice(entry.Offset, entry.Length)), $"{name}, {pattern}, only {only}, {entry.Name}, step {t}");
                    }

                    if (isApart)
                    {
                        bool hasState = part.Updater.State.Any(s => s.Key.EndsWith("/" + entry.Name, StringComparison.Ordinal));
                        Assert.True(!hasState || (matches == only && entry.Length > 0), $"{name} keeps a state for '{entry.Name}'");
                    }
                }
            }

            Assert.Throws<ArgumentException>(() => new RuleRun<float>(Chain.Of(rule.Only("other")), Network.Length, Network));
        }
    }

    [Fact]
    public void FactoredStatesAreAsSmallAsTheirRowsAndColumns()
    {
        var run = new RuleRun<float>(Optimizers.Adafactor(), Network.Length, Network);
        Assert.Equal(
            [("adafactor.row-moment/a.weight", 3), ("adafactor.column-moment/a.weight", 5), ("adafactor.second-moment/a.bias", 5), ("adafactor.row-moment/kernel", 4), ("adafactor.column-moment/kernel", 6), ("adafactor.second-moment/scale", 1), ("adafactor.second-moment/b.bias", 2)],
            run.Updater.State.Where(s => s.Key.StartsWith("adafactor", StringComparison.Ordinal)).Select(s => (s.Key, s.Value.Length)));
    }

    [Fact]
    public void ClipsOfPartsReportWhatTheyDid()
    {
        var layout = new Layout(("a", new Shape(2, 2)), ("b", new Shape(2)));
        (UpdateRule Rule, double[] Gradient, bool Clips)[] cases =
        [
            (Clip.ByParameterNorm(5), [0, 0, 3, 4, 0, 5], false),
            (Clip.ByParameterNorm(5), [0, 0, 3, 4, 0, 5.001], true),
            (Clip.Adaptive(1), [3, 0, 4, 0, 0, 0], false),
            (Clip.Adaptive(1), [3, 0, 4.001, 0, 0, 0], true),
            (Clip.ByNorm(7, 1), [1, 2, -3, 1, 0, 0], false),
            (Clip.ByNorm(7, 1), [1, 2, -3, 1.001, 0, 0], true),
            (Clip.ByNorm(3, 3), [0, 0, 0, 0, 0, 3.001], true),
            (Clip.ByNorm(3, 3), [0, 0, 0, 0, 0, 0], false),
            (Adafactor.Scaling(), [1, 1, 1, 1, 1, 1], false),
        ];
        foreach ((UpdateRule rule, double[] gradient, bool clips) in cases)
        {
            // The first column of a has the length 5.
            var theta = new FlatVector<double>([3, 1, 4, 1, 1, 1]);
            Assert.Equal(clips, Chain.Of(rule).Compile(layout, theta, new FlatVector<double>(gradient)).Step().Clipped);
        }
    }

    [Fact]
    public void HyperparametersOutOfRangeAreRefusedWhereTheRuleIsMade()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Clip.ByNorm(1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Clip.ByNorm(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Clip.ByParameterNorm(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Clip.Adaptive(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Lars.Scaling(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Adafactor.Scaling(threshold: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => NovoGrad.Scaling(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Orthogonalization(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shampoo(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shampoo(1, null, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Prodigy.Scaling(start: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DAdaptation.Descent(momentum: 1));
        Assert.Throws<ArgumentException>(() => LearningRate.ByName(0.1, ("", 0.2)));
    }

    [Fact]
    public void OrthogonalizedMatricesHaveSingularValuesNearOne()
    {
        // The authors give about 0.7 to 1.2 for singular values that are not tiny beside the norm.
        foreach ((int rows, int columns) in new[] { (20, 20), (8, 30), (30, 8) })
        {
            var layout = new Layout(("w", new Shape(rows, columns)));
            var theta = new FlatVector<double>(layout.Length);
            var gradient = new FlatVector<double>(layout.Length);
            RandomStream.Of(3, "orthogonalize").FillNormal(gradient.Span, 0.0, 1.0);
            Chain.Of(new Orthogonalization()).Compile(layout, theta, gradient).Step();
            int side = Math.Min(rows, columns);
            double[,] gram = new double[side, side];
            for (int i = 0; i < side; i++)
            {
                for (int j = 0; j < side; j++)
                {
                    gram[i, j] = Enumerable.Range(0, Math.Max(rows, columns)).Sum(k => rows <= columns
                        ? theta[(i * columns) + k] * theta[(j * columns) + k]
                        : theta[(k * columns) + i] * theta[(k * columns) + j]);
                }
            }

            double scale = Math.Sqrt(Math.Max(1, columns / (double)rows));
            double[] singular = [.. SymmetricMatrices.Decompose(gram).Values.Select(v => Math.Sqrt(Math.Max(0, v)) / scale).Order()];
            Assert.InRange(singular[^1], 0.9, 1.25);

            // A square matrix of random numbers has one singular value near 0, which five steps may leave small.
            Assert.All(singular.Skip(rows == columns ? 2 : 0), s => Assert.InRange(s, 0.65, 1.25));
        }
    }

    [Theory]
    [InlineData(1, 1e-13)]
    [InlineData(1e3, 1e-13)]
    [InlineData(1e6, 1e-11)]
    [InlineData(1e8, 1e-9)]
    public void InverseFourthRootsAreThoseOfTheEigenvalues(double condition, double tolerance)
    {
        const int N = 12;
        double[,] basis = SymmetricMatrices.Decompose(Symmetric(N)).Vectors;
        double[] values = [.. Enumerable.Range(0, N).Select(i => 3 * Math.Pow(condition, -i / (N - 1.0)))];
        double[] a = new double[N * N], root = new double[N * N];
        for (int i = 0; i < N * N; i++)
        {
            for (int k = 0; k < N; k++)
            {
                double part = basis[i / N, k] * basis[i % N, k];
                a[i] += values[k] * part;
                root[i] += Math.Pow(values[k], -0.25) * part;
            }
        }

        var builder = new ProgramBuilder<double>();
        Tensor input = builder.Input("a", new Shape(N, N));
        builder.Output("root", MatrixRoots.InverseFourthRoot(input, MatrixRoots.Identity(input.Trace, N), Functions.Norm(input), 25));
        Program<double> program = builder.Build();
        a.CopyTo(program["a"]);
        program.Run();
        FunctionCheck.Close(root, program["root"].ToArray(), tolerance, $"condition {condition}");
    }

    [Fact]
    public void AnEstimateOfTheDistanceFindsTheStepSize()
    {
        // ½‖x − 3‖² from 0: the rate found brings all near, from an estimate that is a millionth of it.
        // Without momentum, Σλ⟨g, x₀ − x⟩ ≤ ⟨Σλg, x₀ − x*⟩ for a convex function, so that the estimate is at most twice the distance; the others measure by other norms.
        foreach ((Chain chain, double most) in new[]
        {
            (Optimizers.DAdaptedSgd(momentum: 0), 6 * Math.Sqrt(5)), (Optimizers.DAdaptedSgd(), 30), (Optimizers.Prodigy(), 30), (Optimizers.DAdaptedAdam(), 30),
        })
        {
            var theta = new FlatVector<double>(5);
            var gradient = new FlatVector<double>(5);
            Updater<double> updater = chain.Compile(Layout.OfVector(5), theta, gradient);
            for (int t = 0; t < 2000; t++)
            {
                for (int i = 0; i < 5; i++)
                {
                    gradient[i] = theta[i] - 3;
                }

                updater.Step();
            }

            double distance = updater.State.Single(s => s.Key.EndsWith(".distance", StringComparison.Ordinal)).Value[0];
            Assert.InRange(distance, 0.1, most + 1e-9);
            Assert.All(theta.Span.ToArray(), x => Assert.InRange(x, 2.9, 3.1));
        }
    }

    [Fact]
    public void TheFirstGroupThatMatchesCounts()
    {
        var layout = new Layout(("head.weight", new Shape(2)), ("head.bias", new Shape(1)), ("body", new Shape(2)));
        FlatVector<double> Moved(Chain chain, out StepOutcome outcome)
        {
            var theta = new FlatVector<double>(5);
            outcome = chain.Compile(layout, theta, new FlatVector<double>([1, 1, 1, 1, 1])).Step();
            return theta;
        }

        Chain rates = Chain.Of(LearningRate.ByName(0.1, ("head.bias", 0.5), ("head.*", Schedule.Constant(0.25))), LearningRate.Of(2));
        Assert.Equal([-0.5, -0.5, -1, -0.2, -0.2], Moved(rates, out StepOutcome outcome).Span.ToArray());
        Assert.Equal(1, outcome.LearningRate);
        Chain groups = Groups.Of(Optimizers.Sgd(0.1), ("head.bias", Optimizers.Sgd(0.5)), ("head.*", Optimizers.Sgd(0.25)));
        Assert.Equal([-0.25, -0.25, -0.5, -0.1, -0.1], Moved(groups, out outcome).Span.ToArray());
        Assert.Equal(0.5, outcome.LearningRate);
        Assert.Equal(LearningRate.ByName(0.1, ("a", 1)), LearningRate.ByName(0.1, ("a", 1)));
        Assert.NotEqual(LearningRate.ByName(0.1, ("a", 1)), LearningRate.ByName(0.1, ("b", 1)));
        Assert.Throws<ArgumentException>(() => Moved(Chain.Of(LearningRate.ByName(0.1, ("c", 1))), out _));
    }

    [Fact]
    public void APieceOfAnotherShapeIsRefused()
    {
        string message = Assert.Throws<ArgumentException>(() => new RuleRun<double>(Chain.Of(new Squashing()), Network.Length, Network)).Message;
        Assert.Contains("a.weight", message, StringComparison.Ordinal);
        Assert.Contains("[3, 5]", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RuleRun<double>(Chain.Of(new WrongState()), Network.Length, Network));
    }

    private static double[,] Symmetric(int n)
    {
        double[,] result = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                result[i, j] = Math.Sin(1 + (i * j)) + Math.Sin(i + j);
            }
        }

        return result;
    }

    private sealed record Squashing : LayerWiseRule
    {
        public override string Name => "squashing";

        public override string Formula => "Σu";

        protected internal override Tensor Trace(Tensor update, ParameterScope parameter) => Functions.Sum(update);
    }

    private sealed record WrongState : UpdateRule
    {
        public override string Name => "wrong-state";

        public override string Formula => "u";

        protected internal override Tensor Trace(Tensor update, RuleScope scope)
        {
            scope.State("s", new Shape(3), previous => Functions.Sum(previous));
            return update;
        }
    }
}
