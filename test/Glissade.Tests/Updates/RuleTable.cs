using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>θ′ of one step, by a reference that keeps its own state.</summary>
/// <param name="x">θ.</param>
/// <param name="g">The gradient.</param>
/// <param name="t">Steps before this one.</param>
internal delegate double[] ReferenceStep(double[] x, double[] g, int t);

/// <summary>One line of the table: a chain, and the same written straight from the formulas.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="IsElementwise">Whether an element moves as it would alone.</param>
/// <param name="Reference">Makes a reference for a number of parameters.</param>
internal sealed record RuleCase(Func<Chain> Chain, bool IsElementwise, Func<int, ReferenceStep> Reference);

/// <summary>Every rule and every ready-made chain, with constant and with moving hyperparameters.</summary>
internal static class RuleTable
{
    private static readonly Dictionary<string, RuleCase> Basic = new()
    {
        ["nothing"] = new(() => Chain.Of(), true, n => (x, g, t) => Each(n, i => x[i] - g[i])),
        ["sgd"] = new(() => Optimizers.Sgd(0.1), true, n => (x, g, t) => Each(n, i => x[i] - (0.1 * g[i]))),
        ["sgd, moving rate"] = new(() => Optimizers.Sgd(Moving(0.2, 0.01)), true, n => (x, g, t) => Each(n, i => x[i] - (At(0.2, 0.01, t) * g[i]))),
        ["sgd, momentum, decay"] = new(() => Optimizers.Sgd(0.1, 0.9, weightDecay: 0.05), true, n => Sgd(n, t => 0.1, t => 0.9, t => 0, t => 0.05, nesterov: false)),
        ["sgd, all moving"] = new(
            () => Optimizers.Sgd(Moving(0.2, 0.01), Moving(0.5, 0.95), dampening: Moving(0, 0.6), weightDecay: Moving(0.3, 0)), true,
            n => Sgd(n, t => At(0.2, 0.01, t), t => At(0.5, 0.95, t), t => At(0, 0.6, t), t => At(0.3, 0, t), nesterov: false)),
        ["sgd, constant dampening"] = new(() => Optimizers.Sgd(0.1, 0.8, dampening: 0.3), true, n => Sgd(n, t => 0.1, t => 0.8, t => 0.3, t => 0, nesterov: false)),
        ["nesterov"] = new(() => Optimizers.Sgd(0.1, Moving(0.5, 0.9), nesterov: true), true, n => Sgd(n, t => 0.1, t => At(0.5, 0.9, t), t => 0, t => 0, nesterov: true)),
        ["rate before momentum"] = new(() => Chain.Of(LearningRate.Of(Moving(0.2, 0.01)), Momentum.Of(0.9)), true, n =>
        {
            double[] v = new double[n];
            return (x, g, t) => Each(n, i => x[i] - (v[i] = (0.9 * v[i]) + (At(0.2, 0.01, t) * g[i])));
        }),
        ["momentum twice"] = new(() => Chain.Of(Momentum.Of(0.5), Momentum.Of(0.7), LearningRate.Of(0.1)), true, n =>
        {
            double[] v = new double[n], w = new double[n];
            return (x, g, t) => Each(n, i => x[i] - (0.1 * (w[i] = (0.7 * w[i]) + (v[i] = (0.5 * v[i]) + g[i]))));
        }),
        ["adagrad"] = new(() => Optimizers.AdaGrad(0.3, 1e-6), true, n =>
        {
            double[] s = new double[n];
            return (x, g, t) => Each(n, i => x[i] - (0.3 * g[i] / (Math.Sqrt(s[i] += g[i] * g[i]) + 1e-6)));
        }),
        ["rmsprop"] = new(() => Optimizers.RmsProp(0.02), true, n => RmsProp(n, 0.02, t => 0.99, 0, centered: false)),
        ["rmsprop, centered, momentum, moving decay"] = new(
            () => Optimizers.RmsProp(0.02, Moving(0.8, 0.99), 0.6, centered: true), true, n => RmsProp(n, 0.02, t => At(0.8, 0.99, t), 0.6, centered: true)),
        ["adam"] = new(() => Optimizers.Adam(0.05), true, n => AdamSteps(n, t => 0.05, t => 0.9, t => 0.999, 1e-8, 0, 0)),
        ["adam, moving betas, L2"] = new(
            () => Optimizers.Adam(Moving(0.1, 0.01), Moving(0.5, 0.95), Moving(0.9, 0.999), 1e-6, 0.1), true,
            n => AdamSteps(n, t => At(0.1, 0.01, t), t => At(0.5, 0.95, t), t => At(0.9, 0.999, t), 1e-6, 0.1, 0)),
        ["adamw"] = new(() => Optimizers.AdamW(0.05, 0.2), true, n => AdamSteps(n, t => 0.05, t => 0.9, t => 0.999, 1e-8, 0, 0.2)),
        ["clip by value"] = new(() => Chain.Of(Clip.ByValue(Moving(0.1, 1)), LearningRate.Of(0.1)), true,
            n => (x, g, t) => Each(n, i => x[i] - (0.1 * Math.Clamp(g[i], -At(0.1, 1, t), At(0.1, 1, t))))),
        ["clip by global norm"] = new(() => Chain.Of(Clip.ByGlobalNorm(Moving(0.2, 40)), LearningRate.Of(0.1)), false,
            n => (x, g, t) => Shortened(n, x, g, Math.Sqrt(g.Sum(v => v * v)), At(0.2, 40, t), 0)),
        ["clip by global norm as PyTorch"] = new(() => Chain.Of(Clip.ByGlobalNorm(1, 1e-6), LearningRate.Of(0.1)), false,
            n => (x, g, t) => Shortened(n, x, g, Math.Sqrt(g.Sum(v => v * v)), 1, 1e-6)),
        ["clip by maximum norm"] = new(() => Chain.Of(Clip.ByMaximumNorm(Moving(0.2, 3)), LearningRate.Of(0.1)), false,
            n => (x, g, t) => Shortened(n, x, g, g.Max(Math.Abs), At(0.2, 3, t), 0)),
        ["lookahead"] = new(() => Chain.Of(LearningRate.Of(0.2), Lookahead.Of(3, Moving(0.3, 0.8))), true, n =>
        {
            double[]? slow = null;
            return (x, g, t) =>
            {
                slow ??= [.. x];
                double[] fast = Each(n, i => x[i] - (0.2 * g[i]));
                if ((t + 1) % 3 == 0)
                {
                    slow = Each(n, i => slow[i] + (At(0.3, 0.8, t) * (fast[i] - slow[i])));
                    return [.. slow];
                }

                return fast;
            };
        }),
        ["schedule-free"] = new(() => Chain.Of(ScheduleFree.Of(Moving(0.02, 0.3), 0.8)), false, n => ScheduleFreeSteps(n, t => At(0.02, 0.3, t), 0.8, g => g)),
        ["schedule-free adamw"] = new(() => Optimizers.ScheduleFreeAdamW(Moving(0.02, 0.3)), false, n =>
        {
            double[] v = new double[n];
            int t = 0;
            return ScheduleFreeSteps(n, t => At(0.02, 0.3, t), 0.9, g =>
            {
                t++;
                return Each(n, i => g[i] / (Math.Sqrt((v[i] = (0.999 * v[i]) + (0.001 * g[i] * g[i])) / (1 - Math.Pow(0.999, t))) + 1e-8));
            });
        }),
        ["everything"] = new(
            () => Chain.Of(Clip.ByGlobalNorm(2), Adam.Scaling(0.8, 0.99), WeightDecay.Decoupled(Moving(0.2, 0)), Momentum.Nesterov(0.5), Clip.ByMaximumNorm(1.5), LearningRate.Of(0.05)), false, n =>
            {
                double[] m = new double[n], v = new double[n], w = new double[n];
                return (x, g, t) =>
                {
                    double first = Math.Min(1, 2 / Math.Sqrt(g.Sum(a => a * a)));
                    double[] u = Each(n, i =>
                    {
                        m[i] = (0.8 * m[i]) + (0.2 * first * g[i]);
                        v[i] = (0.99 * v[i]) + (0.01 * first * g[i] * first * g[i]);
                        double a = m[i] / (1 - Math.Pow(0.8, t + 1)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, t + 1))) + 1e-8);
                        a += At(0.2, 0, t) * x[i];
                        w[i] = (0.5 * w[i]) + a;
                        return a + (0.5 * w[i]);
                    });
                    double second = Math.Min(1, 1.5 / u.Max(Math.Abs));
                    return Each(n, i => x[i] - (0.05 * second * u[i]));
                };
            }),
    };

    public static readonly IReadOnlyDictionary<string, RuleCase> Cases = Basic
        .Concat(LayerWiseRuleTable.Cases)
        .Concat(AdaptiveRuleTable.Cases)
        .Concat(DescentRuleTable.Cases)
        .Concat(PointRuleTable.Cases)
        .ToDictionary(c => c.Key, c => c.Value);

    /// <summary>A hyperparameter that moves for 20 steps.</summary>
    public static Schedule Moving(double from, double to) => Schedule.Linear(from, to, 20);

    public static double At(double from, double to, int t) => from + ((to - from) * Math.Min(t, 20) / 20.0);

    public static double[] Each(int n, Func<int, double> element) => [.. Enumerable.Range(0, n).Select(element)];

    private static double[] Shortened(int n, double[] x, double[] g, double norm, double bound, double epsilon) =>
        Each(n, i => x[i] - (0.1 * g[i] * Math.Min(1, bound / (norm + epsilon))));

    private static ReferenceStep Sgd(int n, Func<int, double> rate, Func<int, double> momentum, Func<int, double> dampening, Func<int, double> decay, bool nesterov)
    {
        double[] v = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            double u = g[i] + (decay(t) * x[i]);
            v[i] = t == 0 ? u : (momentum(t) * v[i]) + ((1 - dampening(t)) * u);
            return x[i] - (rate(t) * (nesterov ? u + (momentum(t) * v[i]) : v[i]));
        });
    }

    /// <summary>Algorithm 1 of the paper, in z, x and y, with weights γ².</summary>
    private static ReferenceStep ScheduleFreeSteps(int n, Func<int, double> rate, double beta, Func<double[], double[]> scaled)
    {
        double[]? z = null, average = null;
        double sum = 0;
        return (y, g, t) =>
        {
            z ??= [.. y];
            average ??= [.. y];
            double gamma = rate(t);
            sum += gamma * gamma;
            double c = gamma * gamma / sum;
            double[] u = scaled(g);
            z = Each(n, i => z[i] - (gamma * u[i]));
            average = Each(n, i => ((1 - c) * average[i]) + (c * z[i]));
            return Each(n, i => ((1 - beta) * z[i]) + (beta * average[i]));
        };
    }

    private static ReferenceStep RmsProp(int n, double rate, Func<int, double> decay, double momentum, bool centered)
    {
        double[] s = new double[n], m = new double[n], v = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            s[i] = (decay(t) * s[i]) + ((1 - decay(t)) * g[i] * g[i]);
            m[i] = (decay(t) * m[i]) + ((1 - decay(t)) * g[i]);
            v[i] = (momentum * v[i]) + (g[i] / (Math.Sqrt(centered ? s[i] - (m[i] * m[i]) : s[i]) + 1e-8));
            return x[i] - (rate * v[i]);
        });
    }

    private static ReferenceStep AdamSteps(int n, Func<int, double> rate, Func<int, double> beta1, Func<int, double> beta2, double epsilon, double l2, double decoupled)
    {
        double[] m = new double[n], v = new double[n];
        double product1 = 1, product2 = 1;
        return (x, g, t) =>
        {
            product1 *= beta1(t);
            product2 *= beta2(t);
            return Each(n, i =>
            {
                double u = g[i] + (l2 * x[i]);
                m[i] = (beta1(t) * m[i]) + ((1 - beta1(t)) * u);
                v[i] = (beta2(t) * v[i]) + ((1 - beta2(t)) * u * u);
                return x[i] - (rate(t) * ((m[i] / (1 - product1) / (Math.Sqrt(v[i] / (1 - product2)) + epsilon)) + (decoupled * x[i])));
            });
        };
    }
}
