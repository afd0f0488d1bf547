using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>How exact activations are that are products of x and a gate, and the sum of exponentials: what docs/functions.md says of them.</summary>
public sealed class GatedActivationTests
{
    /// <summary>x, x·Φ(x), x·σ(x) and x·tanh(ln(1 + eˣ)), by mpmath with 60 digits.</summary>
    private static readonly double[][] Figures =
    [
        [-700, -0.0, -6.9017735806318396e-302, -6.9017735806318396e-302],
        [-104, -0.0, -7.0860990944071105e-44, -7.0860990944071105e-44],
        [-100, -0.0, -3.720075976020836e-42, -3.720075976020836e-42],
        [-90, -0.0, -7.3746113615914639e-38, -7.3746113615914639e-38],
        [-80, -0.0, -1.4438811102763321e-33, -1.4438811102763321e-33],
        [-37.5, -1.7270073785932331e-306, -1.9408331271757006e-15, -1.9408331271757007e-15],
        [-20.25, -3.5968047265228793e-90, -3.2505868065329304e-8, -3.2505868091418969e-8],
        [-13, -7.9523137194148436e-38, -2.9384215872746468e-5, -2.9384249081675024e-5],
        [-8.5, -8.0576045988728206e-17, -1.7291293134692554e-3, -1.7293051892410684e-3],
        [-5.953125, -7.8304493105680312e-9, -0.01542442402886838, -0.015444406143805943],
        [-4.5, -1.5289529061285272e-5, -0.04944124183766931, -0.049712829307341217],
        [-3.75, -3.315648195030145e-4, -0.086165137162596056, -0.087154793884219015],
        [-2, -0.045500263896358414, -0.23840584404423511, -0.25250148269570886],
        [-1, -0.15865525393145705, -0.26894142136999512, -0.30340146137410892],
        [-0.75, -0.16997051428265115, -0.24061597561845527, -0.27649471450546518],
        [-0.125, -0.056282721896235888, -0.058598828328280468, -0.069979907180002477],
        [-0.0009765625, -4.8790078905392525e-4, -4.8804283143984624e-4, -5.8563230935930396e-4],
        [0.0009765625, 4.8866171094607475e-4, 4.8851966856015376e-4, 5.8624266083837299e-4],
        [0.125, 0.068717278103764112, 0.066401171671719532, 0.079957570847359806],
        [0.75, 0.58002948571734885, 0.50938402438154473, 0.61001833521829339],
        [1.125, 0.97841866822109004, 0.84927936022608183, 0.99750802437949928],
        [2.5, 2.4844758366855597, 2.3103545499468911, 2.4713923045578811],
        [6, 5.9999999940804741, 5.9851642610601914, 5.9999266340652527],
        [20.5, 20.5, 20.499999974371866, 20.5],
    ];

    private static readonly (int Digits, int Smallest, double Normal) Single = (24, -126, -87), Double = (53, -1022, -708);

    [Fact]
    public void AgainstFigures()
    {
        TracedFunction function = Activations(Figures.Length);
        double[] x = [.. Figures.Select(f => f[0])];
        float[][] single = function.Compile<float>().Run([x]);
        double[][] wide = function.Compile<double>().Run([x]);
        for (int i = 0; i < x.Length; i++)
        {
            Check(x[i], Figures[i].AsSpan(1), [.. single.Select(v => (double)v[i])], Single);
            Check(x[i], Figures[i].AsSpan(1), [.. wide.Select(v => v[i])], Double);
        }
    }

    /// <summary>In float everywhere, against double, which errs as little beside it as a float does beside a number.</summary>
    [Fact]
    public void InFloatAgainstDouble()
    {
        double[] x =
        [
            .. Enumerable.Range(0, 40_000).Select(i => (double)(-110 + (i * 0.0055f))),
            .. Enumerable.Range(0, 40_000).Select(i => (double)(-6 + (i * 0.0003f))),
            .. Enumerable.Range(0, 4_000).SelectMany(i => new[] { (double)(float)Math.Pow(10, -i / 100.0), -(double)(float)Math.Pow(10, -i / 100.0) }),
        ];
        TracedFunction function = Activations(x.Length);
        float[][] single = function.Compile<float>().Run([x]);
        double[][] wide = function.Compile<double>().Run([x]);
        for (int i = 0; i < x.Length; i++)
        {
            Check(x[i], [.. wide.Select(v => v[i])], [.. single.Select(v => (double)v[i])], Single);
        }
    }

    /// <summary>Also where eˣ + eʸ is nearly one, so that the sum cancels.</summary>
    [Fact]
    public void LogAddExpInFloatAgainstDouble()
    {
        var random = new Random(3);
        double[] x = [.. Enumerable.Range(0, 30_000).Select(i => (double)(float)((random.NextDouble() - (i % 3 == 0 ? 1 : 0.5)) * Math.Pow(10, i % 5)))];
        double[] y = [.. x.Select((v, i) => (double)(float)(v < 0 && i % 3 == 0 ? Math.Log(1 - Math.Exp(v)) : v + ((random.NextDouble() - 0.5) * 20)))];
        TracedFunction function = TracedFunction.Of([new Shape(x.Length), new Shape(x.Length)], v => [LogAddExp(v[0], v[1])]);
        float[] single = function.Compile<float>().Run([x, y])[0];
        double[] wide = function.Compile<double>().Run([x, y])[0];
        for (int i = 0; i < x.Length; i++)
        {
            double greatest = new[] { x[i], y[i], wide[i] }.Where(double.IsFinite).Max(Math.Abs), error = Math.Abs(single[i] - wide[i]);
            Assert.True(error <= 3 * Math.ScaleB(1, Math.ILogB(greatest) - 23), $"{x[i]:R} and {y[i]:R}: {single[i]:R} instead of {wide[i]:R}");
        }
    }

    private static TracedFunction Activations(int count) => TracedFunction.Of([new Shape(count)], x => [Gelu(x[0]), Silu(x[0]), Mish(x[0])]);

    private static void Check(double x, ReadOnlySpan<double> expected, double[] actual, (int Digits, int Smallest, double Normal) format)
    {
        for (int o = 0; o < 3; o++)
        {
            int exponent = expected[o] == 0 ? format.Smallest : Math.Max(format.Smallest, Math.ILogB(expected[o]));
            double unit = Math.ScaleB(1, exponent - format.Digits + 1);
            double bound = (o, x) switch
            {
                (0, >= -1) => 2.5 * unit,
                (0, _) => Math.ScaleB(-x, -format.Digits),
                _ => ((o == 1 ? 3 : 4) * unit) + (x >= format.Normal ? 0 : -x / 2 * Math.ScaleB(1, format.Smallest - format.Digits + 1)),
            };
            Assert.True(Math.Abs(actual[o] - expected[o]) <= bound, $"activation {o} of {x:R}: {actual[o]:R} instead of {expected[o]:R}, {Math.Abs(actual[o] - expected[o]) / unit} units");
        }
    }
}
