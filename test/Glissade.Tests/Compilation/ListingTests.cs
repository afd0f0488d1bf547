using Glissade.Compilation;
using Glissade.Compilation.Steps;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Descriptions of steps, and the listing made of them, against figures worked out by hand.</summary>
[Collection(RunsAlone.Name)]
public sealed class ListingTests
{
    private const int Batch = 8, Inputs = 5, Hidden = 7, Outputs = 3;

    [Fact]
    public void BytesAndOperationsOfANetworkAreThoseWorkedOutByHand()
    {
        Program<float> program = Network();
        StepDescription[] steps = [.. program.Steps[0].Select(s => s.Description!)];
        StepDescription[] products = [.. steps.Where(s => s.Kind.StartsWith("matrix-product", StringComparison.Ordinal))];

        // Forward: [8, 5] × [5, 7] with bias and rectifier, [8, 7] × [7, 3] with bias. Backward: W₂' = hᵀδ, δ₁ = δ·W₂ᵀ, W₁' = xᵀδ₁.
        string[] expected = ["[8, 5], [5, 7], [7] → [8, 7]", "[8, 7], [7, 3], [3] → [8, 3]", "[8, 3], [7, 3]ᵀ → [8, 7]", "[8, 5]ᵀ, [8, 7] → [5, 7]", "[8, 7]ᵀ, [8, 3] → [7, 3]"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), products.Select(s => s.Shapes).Order(StringComparer.Ordinal));
        Assert.Equal((2 * 280) + 56 + 56 + (2 * 168) + 24 + (2 * 168) + (2 * 168) + (2 * 280), products.Sum(s => s.Flops));
        Assert.Equal(4 * ((40 + 35 + 7) + (56 + 21 + 3) + (56 + 24) + (24 + 21) + (40 + 56)), products.Sum(s => s.BytesRead));
        Assert.Equal(4 * (56 + 24 + 21 + 56 + 35), products.Sum(s => s.BytesWritten));

        // The others are loops: every operation, and every reduced element, as one.
        StepDescription[] loops = [.. steps.Where(s => s.Kind.StartsWith("loop", StringComparison.Ordinal))];
        Assert.Equal(steps.Length, loops.Length + products.Length);
        foreach (StepDescription loop in loops)
        {
            int operations = loop.Detail.Split(';')[0].Split(", ").Count(o => o != "copy");
            int[] size = [.. loop.Shapes[1..loop.Shapes.IndexOf(']', StringComparison.Ordinal)].Split(", ").Select(int.Parse)];
            Assert.Equal((double)operations * size[0] * size[1], loop.Flops);
        }
    }

    [Fact]
    public void ALoopCountsWhatItReadsAndStores()
    {
        // 6 × 4 elements of x, 4 of the row, 1 number; stored are 24 results and 6 sums. Three operations and a sum for each element.
        CompiledFunction<double> compiled = TracedFunction.Of([new(6, 4), new(4), Shape.Scalar], x =>
        {
            Tensor y = Tanh((x[0] * x[1]) + x[2]);
            return [y, Sum(y, 1)];
        }).Compile<double>();
        StepDescription step = Assert.Single(compiled.Program.Steps[0]).Description!;
        Assert.Equal((8 * (24 + 4 + 1), 8 * (24 + 6), 24 * 4), (step.BytesRead, step.BytesWritten, step.Flops));
        Assert.Equal("multiply, add, tanh, sum per row", step.Detail);
        Assert.StartsWith("[6, 4] → ", step.Shapes, StringComparison.Ordinal);
    }

    [Fact]
    public void TheListingsTotalsAreTheSumsOfItsLines()
    {
        Program<float> program = Network();
        string[] lines = program.Describe().Split('\n');
        long[] Numbers(string line) => [.. line.Split("  ", StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim().Replace(",", "", StringComparison.Ordinal))
            .Where(w => long.TryParse(w, out _)).Select(w => long.Parse(w, System.Globalization.CultureInfo.InvariantCulture))];
        long[] total = Numbers(lines.Single(l => l.StartsWith("total", StringComparison.Ordinal)));
        long[][] steps = [.. lines.Where(l => l.Length > 0 && char.IsAsciiDigit(l[0])).Select(l => Numbers(l)[1..])];
        Assert.Equal(program.Steps[0].Length, steps.Length);
        for (int column = 0; column < 3; column++)
        {
            Assert.Equal(steps.Sum(s => s[column]), total[column]);
        }

        Assert.Contains($"arena       {program.ArenaBytes:N0} B", lines);
        Assert.Contains($"workspaces  {program.WorkspaceBytes:N0} B", lines);
        Assert.Contains($"constants   {program.ConstantBytes:N0} B", lines);
        Assert.Equal(program.ArenaBytes + program.WorkspaceBytes + program.ConstantBytes, program.PeakBytes);
    }

    [Fact]
    public void TheListingNamesWhatIsOverwritten()
    {
        var theta = new FlatVector<float>(1000);
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.View("theta", new Shape(1000), theta, 0);
        builder.Output(x * 0.5, theta, 0);
        Assert.Contains("multiply; in place of theta", builder.Build().Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void ScratchIsSharedByAllProductsAndGrowsWithTheThreads()
    {
        // Two products that pack their operands; one after the other they use the same scratch.
        long Bytes(int products) => TracedFunction.Of([new(512, 512)], x =>
        {
            Tensor y = x[0];
            for (int i = 0; i < products; i++)
            {
                y = MatrixProduct(y, x[0]);
            }

            return [y];
        }).Compile<float>().Program.WorkspaceBytes;
        (long one, long two) = RunsAlone.WithThreads(1, () => (Bytes(1), Bytes(2)));
        Assert.True(one > 100_000, $"{one} bytes");
        Assert.Equal(one, two);
        Assert.Equal(2 * one, RunsAlone.WithThreads(2, () => Bytes(1)));
    }

    private static Program<float> Network()
    {
        var layout = new Layout(("w1", new(Inputs, Hidden)), ("b1", new(Hidden)), ("w2", new(Hidden, Outputs)), ("b2", new(Outputs)));
        FlatVector<float> theta = new(layout.Length), gradient = new(layout.Length);
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new(Batch, Inputs)), y = builder.Input("y", new(Batch, Outputs));
        IReadOnlyList<Tensor> p = builder.Views(layout, theta);
        Tensor output = MatrixProduct(Relu(MatrixProduct(x, p[0]) + p[1]), p[2]) + p[3];
        Tensor loss = Mean(Square(output - y));
        builder.Output("loss", loss);
        builder.Gradient(loss, p, layout, gradient);
        return builder.Build();
    }
}
