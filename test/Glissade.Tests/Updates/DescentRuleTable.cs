using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>Forms of descent by sign, by several velocities, by the loss, with noise and with an average of its own, each beside its formula.</summary>
internal static class DescentRuleTable
{
    public static readonly IReadOnlyDictionary<string, RuleCase> Cases = new Dictionary<string, RuleCase>
    {
        ["sign descent"] = new(() => Optimizers.SignDescent(0.01), true, n => (x, g, t) => Each(n, i => x[i] - (0.01 * Math.Sign(g[i])))),
        ["signum"] = new(() => Optimizers.SignDescent(0.01, 0.8), true, n =>
        {
            double[] v = new double[n];
            return (x, g, t) => Each(n, i => x[i] - (0.01 * Math.Sign(v[i] = (0.8 * v[i]) + ((t == 0 ? 1 : 0.2) * g[i]))));
        }),
        ["rprop"] = new(() => Optimizers.Rprop(), true, n => Rprop(n, 0.01, 0.5, t => 1.2, 1e-6, 50)),
        ["rprop, narrow, moving"] = new(() => Optimizers.Rprop(0.2, 0.7, Moving(1.5, 1.1), 0.15, 0.3), true, n => Rprop(n, 0.2, 0.7, t => At(1.5, 1.1, t), 0.15, 0.3)),
        ["quasi-hyperbolic momentum"] = new(() => Optimizers.QuasiHyperbolicMomentum(0.2), true, n => QuasiHyperbolic(n, 0.2, t => 0.999, t => 0.7)),
        ["quasi-hyperbolic momentum, all moving"] = new(
            () => Optimizers.QuasiHyperbolicMomentum(0.2, Moving(0.5, 0.9), Moving(1, 0)), true, n => QuasiHyperbolic(n, 0.2, t => At(0.5, 0.9, t), t => At(1, 0, t))),
        ["aggregated momentum"] = new(() => Optimizers.AggregatedMomentum(0.05), true, n => Aggregated(n, 0.05, t => [0, 0.9, 0.99])),
        ["aggregated momentum, moving"] = new(
            () => Chain.Of(AggregatedMomentum.Of(Moving(0.9, 0.5), 0.3), LearningRate.Of(0.05)), true, n => Aggregated(n, 0.05, t => [At(0.9, 0.5, t), 0.3])),
        ["averaged descent"] = new(() => Optimizers.AveragedDescent(0.1), true, n => Averaged(n, 0.1, 1e-4, 0.75)),
        ["averaged descent, fast decay"] = new(() => Optimizers.AveragedDescent(0.2, 0.5, 0.6, 7), true, n => Averaged(n, 0.2, 0.5, 0.6)),
        ["polyak step"] = new(() => Optimizers.PolyakDescent(), false, n => PolyakStep(n, t => 0, t => 1)),
        ["polyak step, all moving"] = new(() => Optimizers.PolyakDescent(Moving(0.5, -3), Moving(0.1, 0.5)), false, n => PolyakStep(n, t => At(0.5, -3, t), t => At(0.1, 0.5, t))),
        ["annealed gradient noise"] = new(() => Chain.Of(GradientNoise.Annealed(0.3, seed: 7), LearningRate.Of(0.1)), true,
            n => (x, g, t) => Noisy(n, x, g, 0.1, 0.1 * Math.Sqrt(0.3 / Math.Pow(1 + t, 0.55)), 7, "gradient-noise", t)),
        ["gradient noise, moving"] = new(() => Chain.Of(GradientNoise.Of(Moving(0.3, 0)), LearningRate.Of(0.1)), true,
            n => (x, g, t) => Noisy(n, x, g, 0.1, 0.1 * Math.Sqrt(At(0.3, 0, t)), 0, "gradient-noise", t)),
        ["langevin"] = new(() => Optimizers.Langevin(Moving(0.1, 0.02), 0.5, 3), true,
            n => (x, g, t) => Noisy(n, x, g, At(0.1, 0.02, t), Math.Sqrt(2 * At(0.1, 0.02, t) * 0.5), 3, "langevin-noise", t)),
        ["noise twice"] = new(() => Chain.Of(GradientNoise.Of(0.3), GradientNoise.Of(0.3), LearningRate.Of(0.1)), true,
            n => (x, g, t) => Noisy(n, Noisy(n, x, g, 0.1, 0.1 * Math.Sqrt(0.3), 0, "gradient-noise", t), g, 0, 0.1 * Math.Sqrt(0.3), 0, "gradient-noise-2", t)),
    };

    private static Schedule Moving(double from, double to) => RuleTable.Moving(from, to);

    private static double At(double from, double to, int t) => RuleTable.At(from, to, t);

    private static double[] Each(int n, Func<int, double> element) => RuleTable.Each(n, element);

    // Igel and Hüsken (2000), iRprop−.
    private static ReferenceStep Rprop(int n, double start, double shrinking, Func<int, double> growing, double least, double greatest)
    {
        double[] step = Each(n, _ => start), last = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            double u = g[i];
            if (u * last[i] > 0)
            {
                step[i] = Math.Min(step[i] * growing(t), greatest);
            }
            else if (u * last[i] < 0)
            {
                step[i] = Math.Max(step[i] * shrinking, least);
                u = 0;
            }

            last[i] = u;
            return x[i] - (Math.Sign(u) * step[i]);
        });
    }

    // Ma and Yarats (2019), equations 3 and 4.
    private static ReferenceStep QuasiHyperbolic(int n, double rate, Func<int, double> beta, Func<int, double> nu)
    {
        double[] v = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            v[i] = (beta(t) * v[i]) + ((1 - beta(t)) * g[i]);
            return x[i] - (rate * (((1 - nu(t)) * g[i]) + (nu(t) * v[i])));
        });
    }

    // Lucas et al. (2019), equation 3.
    private static ReferenceStep Aggregated(int n, double rate, Func<int, double[]> beta)
    {
        double[][] v = [.. Enumerable.Range(0, n).Select(_ => new double[3])];
        return (x, g, t) => Each(n, i =>
        {
            double[] b = beta(t);
            double sum = 0;
            for (int k = 0; k < b.Length; k++)
            {
                v[i][k] = (b[k] * v[i][k]) + g[i];
                sum += v[i][k];
            }

            return x[i] - (rate * sum / b.Length);
        });
    }

    // Bottou (2012), section 5, with the exponent free.
    private static ReferenceStep Averaged(int n, double rate, double lambda, double alpha) => (x, g, t) =>
    {
        double eta = rate / Math.Pow(1 + (lambda * rate * t), alpha);
        return Each(n, i => ((1 - (lambda * eta)) * x[i]) - (eta * g[i]));
    };

    // Polyak (1969), and Loizou et al. (2021) for the bound.
    private static ReferenceStep PolyakStep(int n, Func<int, double> least, Func<int, double> greatest) => (x, g, t) =>
    {
        double excess = Math.Max(0, RuleRun<double>.LossOf(x, t) - least(t));
        double rate = Math.Min(excess / g.Sum(v => v * v), greatest(t));
        return Each(n, i => x[i] - (rate * g[i]));
    };

    private static double[] Noisy(int n, double[] x, double[] g, double rate, double deviation, ulong seed, string purpose, int t)
    {
        RandomStream stream = RandomStream.Of(seed, purpose, t);
        return Each(n, i => x[i] - ((rate * g[i]) + (deviation * stream.NextNormal())));
    }
}
