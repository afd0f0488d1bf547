using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>The adaptive rules beyond Adam, each beside the algorithm of its paper with t counted from 1.</summary>
internal static class AdaptiveRuleTable
{
    public static readonly IReadOnlyDictionary<string, RuleCase> Cases = new Dictionary<string, RuleCase>
    {
        ["adadelta"] = new(() => Optimizers.Adadelta(), true, n => Adadelta(n, t => 1, t => 0.9, 1e-6)),
        ["adadelta, all moving"] = new(() => Optimizers.Adadelta(Moving(2, 0.5), Moving(0.5, 0.95), 1e-3), true, n => Adadelta(n, t => At(2, 0.5, t), t => At(0.5, 0.95, t), 1e-3)),
        ["amsgrad"] = new(() => Optimizers.AmsGrad(0.05), true, n => AmsGrad(n, 0.05, t => 0.9, t => 0.999, 0)),
        ["amsgrad, moving betas, L2"] = new(
            () => Optimizers.AmsGrad(0.05, Moving(0.5, 0.9), Moving(0.8, 0.99), weightDecay: 0.1), true, n => AmsGrad(n, 0.05, t => At(0.5, 0.9, t), t => At(0.8, 0.99, t), 0.1)),
        ["adamax"] = new(() => Optimizers.Adamax(0.05), true, n => Adamax(n, 0.05, t => 0.9, t => 0.999, 0)),
        ["adamax, moving betas, L2"] = new(
            () => Optimizers.Adamax(0.05, Moving(0.5, 0.9), Moving(0.8, 0.99), weightDecay: 0.1), true, n => Adamax(n, 0.05, t => At(0.5, 0.9, t), t => At(0.8, 0.99, t), 0.1)),
        ["nadam"] = new(() => Optimizers.NAdam(0.05), true, n => NAdam(n, 0.05, t => 0.9, t => 0.999, 0)),
        ["nadam, moving betas, L2"] = new(
            () => Optimizers.NAdam(0.05, Moving(0.5, 0.9), Moving(0.8, 0.99), weightDecay: 0.1), true, n => NAdam(n, 0.05, t => At(0.5, 0.9, t), t => At(0.8, 0.99, t), 0.1)),
        ["nadam as PyTorch 1.13"] = new(
            () => Chain.Of(Glissade.Updates.NAdam.Scaling(countsMomentumTwice: true), LearningRate.Of(0.05)), true, n => NAdam(n, 0.05, t => 0.9, t => 0.999, 0, twice: true)),
        ["radam"] = new(() => Optimizers.RAdam(0.05), true, n => RAdam(n, 0.05, 0.9, 0.999, 0)),
        ["radam, short memory, L2"] = new(() => Optimizers.RAdam(0.05, 0.8, 0.9, weightDecay: 0.1), true, n => RAdam(n, 0.05, 0.8, 0.9, 0.1)),
        ["radam, too short a memory to rectify"] = new(() => Optimizers.RAdam(0.05, 0.8, 0.6), true, n => RAdam(n, 0.05, 0.8, 0.6, 0)),
        ["adabelief"] = new(() => Optimizers.AdaBelief(0.05), true, n => AdaBelief(n, 0.05, 0.9, 0.999, 1e-16, 0)),
        ["adabelief, decay"] = new(() => Optimizers.AdaBelief(0.05, 0.8, 0.95, 1e-8, 0.1), true, n => AdaBelief(n, 0.05, 0.8, 0.95, 1e-8, 0.1)),
        ["yogi"] = new(() => Optimizers.Yogi(0.02), true, n => Yogi(n, 0.02, 0.9, 0.999, 0)),
        ["yogi, short memory, decay"] = new(() => Optimizers.Yogi(0.02, 0.8, 0.7, weightDecay: 0.1), true, n => Yogi(n, 0.02, 0.8, 0.7, 0.1)),
        ["adan"] = new(() => Optimizers.Adan(0.05), true, n => Adan(n, 0.05, 0.98, 0.92, 0.99, 0)),
        ["adan, decay"] = new(() => Optimizers.Adan(0.05, 0.9, 0.8, 0.95, weightDecay: 0.1), true, n => Adan(n, 0.05, 0.9, 0.8, 0.95, 0.1)),
        ["ademamix"] = new(() => Optimizers.AdEmaMix(0.02, 25), true, n => AdEmaMix(n, 0.02, 25, 0)),
        ["ademamix, decay"] = new(() => Optimizers.AdEmaMix(0.02, 100, 0.1), true, n => AdEmaMix(n, 0.02, 100, 0.1)),
        ["sophia"] = new(() => Optimizers.Sophia(0.02, gamma: 0.7), true, n => Sophia(n, 0.02, 0.96, 0.99, 0.7, 0.2)),
        ["sophia, short memory"] = new(() => Optimizers.Sophia(0.02, 0.1, 0.6, 0.5, 2.0), true, n => Sophia(n, 0.02, 0.6, 0.5, 2, 0.1)),
        ["lion"] = new(() => Optimizers.Lion(0.01), true, n => Lion(n, 0.01, t => 0.9, t => 0.99, 0)),
        ["lion, moving betas, decay"] = new(
            () => Optimizers.Lion(0.01, Moving(0.5, 0.9), Moving(0.8, 0.99), 0.3), true, n => Lion(n, 0.01, t => At(0.5, 0.9, t), t => At(0.8, 0.99, t), 0.3)),
    };

    private static Schedule Moving(double from, double to) => RuleTable.Moving(from, to);

    private static double At(double from, double to, int t) => RuleTable.At(from, to, t);

    private static double[] Each(int n, Func<int, double> element) => RuleTable.Each(n, element);

    // Zeiler (2012), algorithm 1, with the step scaled as in PyTorch.
    private static ReferenceStep Adadelta(int n, Func<int, double> rate, Func<int, double> rho, double epsilon)
    {
        double[] squares = new double[n], steps = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            squares[i] = (rho(t) * squares[i]) + ((1 - rho(t)) * g[i] * g[i]);
            double step = -Math.Sqrt(steps[i] + epsilon) / Math.Sqrt(squares[i] + epsilon) * g[i];
            steps[i] = (rho(t) * steps[i]) + ((1 - rho(t)) * step * step);
            return x[i] + (rate(t) * step);
        });
    }

    // Reddi, Kale and Kumar (2018), algorithm 2, with PyTorch's removal of bias.
    private static ReferenceStep AmsGrad(int n, double rate, Func<int, double> beta1, Func<int, double> beta2, double l2)
    {
        double[] m = new double[n], v = new double[n], greatest = new double[n];
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
                greatest[i] = Math.Max(greatest[i], v[i]);
                return x[i] - (rate / (1 - product1) * m[i] / ((Math.Sqrt(greatest[i]) / Math.Sqrt(1 - product2)) + 1e-8));
            });
        };
    }

    // Kingma and Ba (2015), algorithm 2.
    private static ReferenceStep Adamax(int n, double rate, Func<int, double> beta1, Func<int, double> beta2, double l2)
    {
        double[] m = new double[n], infinity = new double[n];
        double product = 1;
        return (x, g, t) =>
        {
            product *= beta1(t);
            return Each(n, i =>
            {
                double u = g[i] + (l2 * x[i]);
                m[i] = (beta1(t) * m[i]) + ((1 - beta1(t)) * u);
                infinity[i] = Math.Max(beta2(t) * infinity[i], Math.Abs(u) + 1e-8);
                return x[i] - (rate / (1 - product) * m[i] / infinity[i]);
            });
        };
    }

    // Dozat (2016), algorithm 2, as PyTorch has it.
    private static ReferenceStep NAdam(int n, double rate, Func<int, double> beta1, Func<int, double> beta2, double l2, bool twice = false)
    {
        double[] m = new double[n], v = new double[n];
        double momenta = 1, product2 = 1;
        return (x, g, t) =>
        {
            double mu = beta1(t) * (1 - (0.5 * Math.Pow(0.96, 0.004 * (t + 1))));
            double next = beta1(t + 1) * (1 - (0.5 * Math.Pow(0.96, 0.004 * (t + 2))));
            momenta *= mu;
            product2 *= beta2(t);
            return Each(n, i =>
            {
                double u = g[i] + (l2 * x[i]);
                m[i] = (beta1(t) * m[i]) + ((1 - beta1(t)) * u);
                v[i] = (beta2(t) * v[i]) + ((1 - beta2(t)) * u * u);
                double ahead = (next * m[i] / (1 - (momenta * (twice ? mu : 1) * next))) + ((1 - mu) * u / (1 - momenta));
                return x[i] - (rate * ahead / (Math.Sqrt(v[i] / (1 - product2)) + 1e-8));
            });
        };
    }

    // Liu et al. (2020), algorithm 2, with PyTorch's threshold of 5.
    private static ReferenceStep RAdam(int n, double rate, double beta1, double beta2, double l2)
    {
        double[] m = new double[n], v = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            int k = t + 1;
            double u = g[i] + (l2 * x[i]);
            m[i] = (beta1 * m[i]) + ((1 - beta1) * u);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * u * u);
            double mean = m[i] / (1 - Math.Pow(beta1, k));
            double most = (2 / (1 - beta2)) - 1;
            double length = most - (2 * k * Math.Pow(beta2, k) / (1 - Math.Pow(beta2, k)));
            if (length <= 5)
            {
                return x[i] - (rate * mean);
            }

            double rectification = Math.Sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
            return x[i] - (rate * rectification * mean * Math.Sqrt(1 - Math.Pow(beta2, k)) / (Math.Sqrt(v[i]) + 1e-8));
        });
    }

    // Zhuang et al. (2020), algorithm 2.
    private static ReferenceStep AdaBelief(int n, double rate, double beta1, double beta2, double epsilon, double decay)
    {
        double[] m = new double[n], s = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
            s[i] = (beta2 * s[i]) + ((1 - beta2) * (g[i] - m[i]) * (g[i] - m[i])) + epsilon;
            double mean = m[i] / (1 - Math.Pow(beta1, t + 1)), deviation = s[i] / (1 - Math.Pow(beta2, t + 1));
            return x[i] - (rate * ((mean / (Math.Sqrt(deviation) + epsilon)) + (decay * x[i])));
        });
    }

    // Zaheer et al. (2018), algorithm 2.
    private static ReferenceStep Yogi(int n, double rate, double beta1, double beta2, double decay)
    {
        double[] m = new double[n], v = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
            v[i] -= (1 - beta2) * Math.Sign(v[i] - (g[i] * g[i])) * g[i] * g[i];
            return x[i] - (rate * ((m[i] / (Math.Sqrt(v[i]) + 1e-3)) + (decay * x[i])));
        });
    }

    // Xie et al. (2022), algorithm 1 from means of zero, their bias removed as in the authors' program.
    private static ReferenceStep Adan(int n, double rate, double beta1, double beta2, double beta3, double decay)
    {
        double[] m = new double[n], v = new double[n], s = new double[n], last = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            double difference = t == 0 ? 0 : g[i] - last[i];
            last[i] = g[i];
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * difference);
            double ahead = g[i] + (beta2 * difference);
            s[i] = (beta3 * s[i]) + ((1 - beta3) * ahead * ahead);
            double mean = m[i] / (1 - Math.Pow(beta1, t + 1)), change = v[i] / (1 - Math.Pow(beta2, t + 1)), square = s[i] / (1 - Math.Pow(beta3, t + 1));
            return x[i] - (rate * (((mean + (beta2 * change)) / (Math.Sqrt(square) + 1e-8)) + (decay * x[i])));
        });
    }

    // Pagliardini, Ablin and Grangier (2024), algorithm 1 and the schedulers of section 3.
    private static ReferenceStep AdEmaMix(int n, double rate, int warmup, double decay)
    {
        const double Beta1 = 0.9, Beta2 = 0.999, Beta3 = 0.9999, Alpha = 5;
        double[] fast = new double[n], slow = new double[n], v = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            double k = t + 1;
            double alpha = Math.Min(k * Alpha / warmup, Alpha);
            double beta3 = Math.Min(Math.Exp(Math.Log(Beta1) * Math.Log(Beta3) / (((1 - (k / warmup)) * Math.Log(Beta3)) + (k / warmup * Math.Log(Beta1)))), Beta3);
            if (k >= warmup)
            {
                beta3 = Beta3;
            }

            fast[i] = (Beta1 * fast[i]) + ((1 - Beta1) * g[i]);
            slow[i] = (beta3 * slow[i]) + ((1 - beta3) * g[i]);
            v[i] = (Beta2 * v[i]) + ((1 - Beta2) * g[i] * g[i]);
            double mean = fast[i] / (1 - Math.Pow(Beta1, k)), square = v[i] / (1 - Math.Pow(Beta2, k));
            return x[i] - (rate * (((mean + (alpha * slow[i])) / (Math.Sqrt(square) + 1e-8)) + (decay * x[i])));
        });
    }

    // Liu et al. (2023), algorithm 3.
    private static ReferenceStep Sophia(int n, double rate, double beta1, double beta2, double gamma, double decay)
    {
        double[] m = new double[n], h = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
            if (RuleRun<double>.HasCurvature(t))
            {
                h[i] = (beta2 * h[i]) + ((1 - beta2) * RuleRun<double>.CurvatureOf(i, t));
            }

            double decayed = x[i] - (rate * decay * x[i]);
            return decayed - (rate * Math.Clamp(m[i] / Math.Max(gamma * h[i], 1e-12), -1, 1));
        });
    }

    // Chen et al. (2023), algorithm 2.
    private static ReferenceStep Lion(int n, double rate, Func<int, double> beta1, Func<int, double> beta2, double decay)
    {
        double[] m = new double[n];
        return (x, g, t) => Each(n, i =>
        {
            double c = (beta1(t) * m[i]) + ((1 - beta1(t)) * g[i]);
            m[i] = (beta2(t) * m[i]) + ((1 - beta2(t)) * g[i]);
            return x[i] - (rate * (Math.Sign(c) + (decay * x[i])));
        });
    }
}
