using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>The rules that see each parameter in its own shape, and those that find their own step size, each beside its algorithm written out.</summary>
internal static partial class LayerWiseRuleTable
{
    public static readonly IReadOnlyDictionary<string, RuleCase> Cases = new Dictionary<string, RuleCase>
    {
        ["clip by parameter norm"] = new(() => Chain.Of(Clip.ByParameterNorm(Moving(0.2, 4)), LearningRate.Of(0.1)), false, n => ForEach(n, entry => (w, g, t) =>
            Each(w, i => w[i] - (0.1 * g[i] * Math.Min(1, At(0.2, 4, t) / Norm(g)))))),
        ["clip by norm 1"] = ClipByNorm(1),
        ["clip by norm 2"] = ClipByNorm(2),
        ["clip by norm 3.5"] = ClipByNorm(3.5),
        ["clip by infinite norm"] = ClipByNorm(double.PositiveInfinity),
        ["adaptive clip"] = new(() => Chain.Of(Clip.Adaptive(Moving(0.1, 2), 0.05), LearningRate.Of(0.1)), false, n => ForEach(n, entry => (w, g, t) =>
        {
            double[] next = new double[w.Length];
            foreach (int[] unit in Units(entry))
            {
                double weight = Math.Max(Norm(Pick(w, unit)), 0.05), gradient = Norm(Pick(g, unit)), ratio = At(0.1, 2, t);
                foreach (int i in unit)
                {
                    next[i] = w[i] - (0.1 * (gradient / weight > ratio ? ratio * weight / gradient * g[i] : g[i]));
                }
            }

            return next;
        })),
        ["gradient centralization"] = new(() => Chain.Of(new GradientCentralization(), LearningRate.Of(0.1)), false, n => ForEach(n, entry => (w, g, t) =>
        {
            double[] next = Each(w, i => w[i] - (0.1 * g[i]));
            foreach (int[] unit in entry.Shape.Rank >= 2 ? Units(entry) : [])
            {
                double mean = Pick(g, unit).Average();
                foreach (int i in unit)
                {
                    next[i] = w[i] - (0.1 * (g[i] - mean));
                }
            }

            return next;
        })),
        ["lars"] = new(() => Optimizers.Lars(Moving(2, 0.5), 0.8, 0.02, 0.3), false, n => ForEach(n, entry =>
        {
            double[] v = new double[entry.Length];
            return (w, g, t) =>
            {
                double local = 0.02 * Norm(w) / (Norm(g) + (0.3 * Norm(w)));
                v = Each(w, i => (0.8 * v[i]) + (At(2, 0.5, t) * local * (g[i] + (0.3 * w[i]))));
                return Each(w, i => w[i] - v[i]);
            };
        })),
        ["lamb"] = new(() => Optimizers.Lamb(Moving(0.05, 0.01), 0.1, 0.8, 0.99), false, n => ForEach(n, entry =>
        {
            double[] m = new double[entry.Length], v = new double[entry.Length];
            return (w, g, t) =>
            {
                m = Each(w, i => (0.8 * m[i]) + (0.2 * g[i]));
                v = Each(w, i => (0.99 * v[i]) + (0.01 * g[i] * g[i]));
                double[] r = Each(w, i => (m[i] / (1 - Math.Pow(0.8, t + 1)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, t + 1))) + 1e-6)) + (0.1 * w[i]));
                return Each(w, i => w[i] - (At(0.05, 0.01, t) * Norm(w) / Norm(r) * r[i]));
            };
        })),
        ["adafactor"] = new(() => Optimizers.Adafactor(Moving(0.1, 0.02)), false, n => ForEach(n, entry =>
        {
            Func<double[], int, double[]> scaled = AdafactorUpdate(entry);
            return (w, g, t) =>
            {
                double[] u = scaled(g, t + 1);
                return Each(w, i => w[i] - (At(0.1, 0.02, t) * u[i]));
            };
        })),
        ["adafactor, relative steps"] = new(() => Optimizers.Adafactor(), false, n => ForEach(n, entry =>
        {
            Func<double[], int, double[]> scaled = AdafactorUpdate(entry);
            return (w, g, t) =>
            {
                double[] u = scaled(g, t + 1);
                double alpha = Math.Max(1e-3, RootMeanSquare(w)) * Math.Min(1e-2, 1 / Math.Sqrt(t + 1));
                return Each(w, i => w[i] - (alpha * u[i]));
            };
        })),
        ["novograd"] = new(() => Optimizers.NovoGrad(0.05, 0.8, Moving(0.5, 0.9), 0.1, 1e-6), false, n => ForEach(n, entry =>
        {
            double v = 0;
            double[] m = new double[entry.Length];
            return (w, g, t) =>
            {
                v = t == 0 ? Dot(g, g) : (At(0.5, 0.9, t) * v) + ((1 - At(0.5, 0.9, t)) * Dot(g, g));
                m = Each(w, i => (0.8 * m[i]) + (g[i] / (Math.Sqrt(v) + 1e-6)) + (0.1 * w[i]));
                return Each(w, i => w[i] - (0.05 * m[i]));
            };
        })),
        ["muon"] = new(() => Optimizers.Muon(Moving(0.05, 0.01), 0.8, 0.1), false, n => ForEach(n, entry =>
        {
            Func<double[], int, double[]> step = MuonUpdate(entry, 0.8);
            return (w, g, t) =>
            {
                double[] u = step(g, t);
                return Each(w, i => w[i] - (At(0.05, 0.01, t) * (u[i] + (0.1 * w[i]))));
            };
        })),
        ["novograd, no decay"] = new(() => Optimizers.NovoGrad(0.05), false, n => ForEach(n, entry =>
        {
            double v = 0;
            double[] m = new double[entry.Length];
            return (w, g, t) =>
            {
                v = t == 0 ? Dot(g, g) : (0.98 * v) + (0.02 * Dot(g, g));
                m = Each(w, i => (0.95 * m[i]) + (g[i] / (Math.Sqrt(v) + 1e-8)));
                return Each(w, i => w[i] - (0.05 * m[i]));
            };
        })),
        ["muon, no decay"] = new(() => Optimizers.Muon(0.02), false, n => ForEach(n, entry =>
        {
            Func<double[], int, double[]> step = MuonUpdate(entry, 0.95);
            return (w, g, t) =>
            {
                double[] u = step(g, t);
                return Each(w, i => w[i] - (0.02 * u[i]));
            };
        })),
        ["muon for a group, adamw for the rest"] = new(
            () => Groups.Of(Optimizers.AdamW(0.05, 0.2), ("layer.*", Optimizers.Muon(0.02, 0.8))), false, n => ForEach(n, entry =>
            {
                Func<double[], int, double[]> muon = MuonUpdate(entry, 0.8);
                double[] m = new double[entry.Length], v = new double[entry.Length];
                return (w, g, t) =>
                {
                    if (entry.Name.StartsWith("layer.", StringComparison.Ordinal))
                    {
                        double[] u = muon(g, t);
                        return Each(w, i => w[i] - (0.02 * u[i]));
                    }

                    m = Each(w, i => (0.9 * m[i]) + (0.1 * g[i]));
                    v = Each(w, i => (0.999 * v[i]) + (0.001 * g[i] * g[i]));
                    return Each(w, i => w[i] - (0.05 * ((m[i] / (1 - Math.Pow(0.9, t + 1)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t + 1))) + 1e-8)) + (0.2 * w[i]))));
                };
            })),
        ["shampoo"] = new(() => Chain.Of(new Shampoo(0.5, null, 70), LearningRate.Of(0.2)), false, n => ForEach(n, entry => ShampooSteps(entry, 0.5, null, 70, 0.2))),
        ["shampoo, running, short sides only"] = new(() => Chain.Of(new Shampoo(0.3, 0.9, 3), LearningRate.Of(0.1)), false, n => ForEach(n, entry => ShampooSteps(entry, 0.3, 0.9, 3, 0.1))),
        ["prodigy"] = new(() => Optimizers.Prodigy(Moving(1, 0.5), 0.8, 0.96), false, n =>
        {
            double d = 1e-6, r = 0;
            double[] m = new double[n], v = new double[n], s = new double[n], x0 = [];
            return (x, g, t) =>
            {
                x0 = t == 0 ? x : x0;
                double gamma = At(1, 0.5, t), root = Math.Sqrt(0.96);
                m = Each(x, i => (0.8 * m[i]) + (0.2 * d * g[i]));
                v = Each(x, i => (0.96 * v[i]) + (0.04 * d * d * g[i] * g[i]));
                r = (root * r) + ((1 - root) * gamma * d * d * x.Select((_, i) => g[i] * (x0[i] - x[i])).Sum());
                s = Each(x, i => (root * s[i]) + ((1 - root) * gamma * d * d * g[i]));
                double[] next = Each(x, i => x[i] - (gamma * d * m[i] / (Math.Sqrt(v[i]) + (d * 1e-8))));
                d = Math.Max(d, r / s.Sum(Math.Abs));
                return next;
            };
        }),
        ["d-adapted descent"] = new(() => Optimizers.DAdaptedSgd(Moving(1, 0.5), 0.7), false, n =>
        {
            double d = 1e-6, norm = 0, sum = 0;
            double[] s = new double[n], z = [];
            return (x, g, t) =>
            {
                z = t == 0 ? x : z;
                norm = t == 0 ? Norm(g) : norm;
                double lambda = d * At(1, 0.5, t) / norm;
                sum += lambda * Dot(g, s);
                s = Each(x, i => s[i] + (lambda * g[i]));
                z = Each(x, i => z[i] - (lambda * g[i]));
                double[] next = Each(x, i => (0.7 * x[i]) + (0.3 * z[i]));
                d = Math.Max(d, 2 * sum / Norm(s));
                return next;
            };
        }),
        ["d-adapted adam"] = new(() => Optimizers.DAdaptedAdam(Moving(1, 0.5), 0.8, 0.96), false, n =>
        {
            double d = 1e-6, r = 0;
            double[] m = new double[n], v = new double[n], s = new double[n];
            return (x, g, t) =>
            {
                double step = d * At(1, 0.5, t), root = Math.Sqrt(0.96);
                m = Each(x, i => (0.8 * m[i]) + (0.2 * step * g[i]));
                v = Each(x, i => (0.96 * v[i]) + (0.04 * g[i] * g[i]));
                double[] a = Each(x, i => Math.Sqrt(v[i]) + 1e-8);
                double[] next = Each(x, i => x[i] - (m[i] / a[i]));
                r = (root * r) + ((1 - root) * step * x.Select((_, i) => g[i] * s[i] / a[i]).Sum());
                s = Each(x, i => (root * s[i]) + ((1 - root) * step * g[i]));
                d = Math.Max(d, r / ((1 - root) * s.Sum(Math.Abs)));
                return next;
            };
        }),
        ["rates by name"] = new(() => Chain.Of(Momentum.Of(0.5), LearningRate.ByName(0.1, ("*", Moving(0.3, 0.01)))), true, n =>
        {
            double[] v = new double[n];
            return (x, g, t) =>
            {
                v = Each(x, i => (0.5 * v[i]) + g[i]);
                return Each(x, i => x[i] - (At(0.3, 0.01, t) * v[i]));
            };
        }),
        ["independent decay"] = new(
            () => Chain.Of(Momentum.Of(0), LearningRate.Of(Moving(0.3, 0.01)), WeightDecay.Independent(Moving(0.1, 0))), true,
            n => (x, g, t) => Each(x, i => ((1 - At(0.1, 0, t)) * x[i]) - (At(0.3, 0.01, t) * g[i]))),
    };

    /// <summary>A piece of every kind: a scalar, an empty one, a matrix, a vector and one of rank 3, as far as the length goes.</summary>
    public static Layout LayoutOf(int length)
    {
        int part = Math.Max(0, (length - 3) / 2);
        int rows = Math.Min(64, (int)Math.Sqrt(part * 2 / 3.0)), columns = rows == 0 ? 0 : Math.Min(200, part / rows);
        int first = Math.Min(60, (int)Math.Sqrt(part)), second = first > 3 ? 2 : 1, third = first == 0 ? 0 : Math.Min(9, part / first / second);
        bool isLong = length >= 11;
        int used = (length > 0 ? 1 : 0) + (isLong ? (rows * columns) + (first * second * third) : 0);
        return new Layout(
        [
            .. length > 0 ? [("scale", Shape.Scalar)] : Array.Empty<(string, Shape)>(),
            ("nothing", new Shape(0, 3)),
            .. isLong ? [("layer.weight", new Shape(rows, columns))] : Array.Empty<(string, Shape)>(),
            ("layer.bias", new Shape(length - used)),
            .. isLong ? [("kernel", new Shape(first, second, third))] : Array.Empty<(string, Shape)>(),
        ]);
    }

    private static Schedule Moving(double from, double to) => Schedule.Linear(from, to, 20);

    private static double At(double from, double to, int t) => from + ((to - from) * Math.Min(t, 20) / 20.0);

    private static double[] Each(double[] like, Func<int, double> element) => [.. Enumerable.Range(0, like.Length).Select(element)];

    private static double[] Pick(double[] x, int[] indices) => [.. indices.Select(i => x[i])];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Norm(double[] x) => Math.Sqrt(Dot(x, x));

    private static double RootMeanSquare(double[] x) => Math.Sqrt(Dot(x, x) / x.Length);

    /// <summary>A reference that treats each parameter apart.</summary>
    private static ReferenceStep ForEach(int n, Func<LayoutEntry, ReferenceStep> make)
    {
        (LayoutEntry Entry, ReferenceStep Step)[] pieces = [.. LayoutOf(n).Entries.Where(e => e.Length > 0).Select(e => (e, make(e)))];
        return (x, g, t) => [.. pieces.SelectMany(p => p.Step(x[p.Entry.Offset..(p.Entry.Offset + p.Entry.Length)], g[p.Entry.Offset..(p.Entry.Offset + p.Entry.Length)], t))];
    }

    /// <summary>The indices of each unit's weights: the columns of a matrix, what belongs to a first index of more axes, everything of fewer.</summary>
    private static int[][] Units(LayoutEntry entry)
    {
        int[] all = [.. Enumerable.Range(0, entry.Length)];
        return entry.Shape.Rank switch
        {
            < 2 => [all],
            2 => [.. all.GroupBy(i => i % entry.Shape[1]).Select(unit => unit.ToArray())],
            _ => [.. all.GroupBy(i => i / (entry.Length / entry.Shape[0])).Select(unit => unit.ToArray())],
        };
    }

    private static RuleCase ClipByNorm(double p) => new(() => Chain.Of(Clip.ByNorm(Moving(0.2, 40), p), LearningRate.Of(0.1)), false, n => (x, g, t) =>
    {
        double norm = double.IsInfinity(p) ? g.Max(Math.Abs) : Math.Pow(g.Sum(v => Math.Pow(Math.Abs(v), p)), 1 / p);
        return Each(x, i => x[i] - (0.1 * g[i] * Math.Min(1, At(0.2, 40, t) / norm)));
    });
}
