using System.Text.Json.Nodes;
using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>The command <c>matrix-product</c>: C = op(A)·op(B) in float, on data that stay in cache where they fit.</summary>
internal static class MatrixProductFigures
{
    private sealed record Size(int M, int K, int N, bool TransposeA = false, bool TransposeB = false);

    /// <summary>Squares, a network's last layer, and a layer's product with its transposed forms, by the sizes of the product and by those of backpropagation.</summary>
    private static readonly Size[] Sizes =
    [
        new(16, 16, 16), new(32, 32, 32), new(64, 64, 64), new(480, 480, 480), new(960, 960, 960), new(2048, 2048, 2048),
        new(64, 64, 10),
        new(128, 784, 256), new(128, 784, 256, TransposeA: true), new(128, 784, 256, TransposeB: true),
        new(784, 128, 256, TransposeA: true), new(128, 256, 784, TransposeB: true),
    ];

    public static void Run(Figures figures, int threads, int repeats)
    {
        double peak = MachineLimits.Peak(threads);
        foreach (Size size in Sizes)
        {
            double seconds = Seconds(size, repeats);
            double operations = 2.0 * size.M * size.N * size.K;
            figures.Print(new JsonObject
            {
                ["peer"] = Figures.Project,
                ["threads"] = threads,
                ["m"] = size.M,
                ["k"] = size.K,
                ["n"] = size.N,
                ["transpose_a"] = size.TransposeA,
                ["transpose_b"] = size.TransposeB,
                ["microseconds"] = Math.Round(seconds * 1e6, 3),
                ["gflops"] = Math.Round(operations / seconds / 1e9, 1),
                ["share_of_peak"] = Math.Round(operations / seconds / peak, 3),
            });
        }
    }

    /// <summary>A program of one product.</summary>
    private static double Seconds(Size size, int repeats)
    {
        (int m, int k, int n, bool transposeA, bool transposeB) = size;
        FlatVector<float> a = Random(m * k, "a"), b = Random(k * n, "b");
        var builder = new ProgramBuilder<float>();
        Tensor left = builder.View("a", transposeA ? new Shape(k, m) : new Shape(m, k), a, 0);
        Tensor right = builder.View("b", transposeB ? new Shape(n, k) : new Shape(k, n), b, 0);
        builder.Output("c", Functions.MatrixProduct(left, right, transposeA, transposeB));
        Program<float> program = builder.Build();
        double seconds = BestTime.OfCall(program.Run, repeats);
        Check(size, a.Span, b.Span, program["c"]);
        return seconds;
    }

    private static FlatVector<float> Random(int length, string name)
    {
        var vector = new FlatVector<float>(length);
        RandomStream.Of(1, "matrix-product " + name).FillNormal(vector.Span, 0f, 1f);
        return vector;
    }

    /// <summary>Some elements against plain sums in double.</summary>
    private static void Check(Size size, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
    {
        Sink.CheckFinite(c, "the product");
        foreach ((int row, int column) in new[] { (0, 0), (size.M / 2, size.N / 3), (size.M - 1, size.N - 1) })
        {
            double sum = 0;
            for (int i = 0; i < size.K; i++)
            {
                sum += (double)a[size.TransposeA ? (i * size.M) + row : (row * size.K) + i] * b[size.TransposeB ? (column * size.K) + i : (i * size.N) + column];
            }

            Sink.CheckEqual(c.Slice((row * size.N) + column, 1), [(float)sum], 1e-3, "the product");
        }
    }
}
