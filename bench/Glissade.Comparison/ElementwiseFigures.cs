using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>The command <c>elementwise</c>: ten operations over two vectors as one compiled loop, against the loop written by hand.</summary>
/// <remarks>Two vectors are read and one is written; multiplications and additions are not contracted in either, so both give the same bits.</remarks>
internal static unsafe class ElementwiseFigures
{
    private const int Passes = 3;

    public static void Run(Figures figures, int threads, int repeats)
    {
        foreach (int length in new[] { 4_096, 10_000_000 })
        {
            FlatVector<float> x = new(length), y = new(length), byHand = new(length);
            RandomStream.Of(1, "elementwise x").FillNormal(x.Span, 0f, 1f);
            RandomStream.Of(1, "elementwise y").FillNormal(y.Span, 0f, 1f);
            var builder = new ProgramBuilder<float>();
            builder.Output("z", Chain(builder.View("x", new Shape(length), x, 0), builder.View("y", new Shape(length), y, 0)));
            Program<float> program = builder.Build();

            double compiled = BestTime.OfCall(program.Run, repeats);
            double written = BestTime.OfCall(() => Chain(length, x.Pointer, y.Pointer, byHand.Pointer), repeats);
            Sink.CheckFinite(byHand.Span, "the chain");
            Sink.CheckEqual(program["z"], byHand.Span, 0, "the compiled chain");
            Print(figures, Figures.Project, threads, length, compiled);
            Print(figures, "hand-written loop", 1, length, written);
        }
    }

    /// <summary>(min(|√(max((1.5x + y)², ¼)) − x|, 4)·y + ½, ten operations.</summary>
    private static Tensor Chain(Tensor x, Tensor y)
    {
        Tensor z = Functions.Square((x * 1.5) + y);
        z = Functions.Sqrt(Functions.Maximum(z, 0.25));
        z = Functions.Minimum(Functions.Abs(z - x), 4);
        return (z * y) + 0.5;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chain(int length, float* x, float* y, float* result)
    {
        Vector256<float> scale = Vector256.Create(1.5f), least = Vector256.Create(0.25f), most = Vector256.Create(4f), shift = Vector256.Create(0.5f);
        int i = 0;
        for (; i <= length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> a = Vector256.Load(x + i), b = Vector256.Load(y + i);
            Vector256<float> z = (a * scale) + b;
            z = Vector256.Sqrt(Vector256.Max(z * z, least));
            z = Vector256.Min(Vector256.Abs(z - a), most);
            Vector256.Store((z * b) + shift, result + i);
        }

        for (; i < length; i++)
        {
            float z = (x[i] * 1.5f) + y[i];
            z = MathF.Sqrt(MathF.Max(z * z, 0.25f));
            z = MathF.Min(MathF.Abs(z - x[i]), 4);
            result[i] = (z * y[i]) + 0.5f;
        }
    }

    private static void Print(Figures figures, string peer, int threads, int length, double seconds) => figures.Print(new JsonObject
    {
        ["peer"] = peer,
        ["threads"] = threads,
        ["work"] = "chain-of-10",
        ["elements"] = length,
        ["microseconds"] = Math.Round(seconds * 1e6, 2),
        ["nanoseconds_per_element"] = Math.Round(seconds * 1e9 / length, 3),
        ["gigabytes_per_second"] = Math.Round(Passes * sizeof(float) * (double)length / seconds / 1e9, 2),
    });
}
