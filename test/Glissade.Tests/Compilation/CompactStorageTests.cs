using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Values rounded to 16 bits are kept in 16 bits: the same bits as when kept as floats, in less memory.</summary>
[Collection(RunsAlone.Name)]
public sealed class CompactStorageTests
{
    public static TheoryData<StorageFormat, int, int> Networks() => new()
    {
        { StorageFormat.BFloat16, 64, 70 }, { StorageFormat.Half, 64, 70 }, { StorageFormat.BFloat16, 37, 613 }, { StorageFormat.Half, 201, 1100 }, { StorageFormat.Half, 1, 33 },
        { StorageFormat.Half, 1, 65 }, { StorageFormat.BFloat16, 5, 13 },
    };

    /// <summary>Loss and gradient of a network, stored in 16 bits and as floats, emitted and interpreted, on one thread and two.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void StorageChangesNoBit(StorageFormat format, int batch, int width)
    {
        (float[] gradient, _, bool isCompact) = Run(format, batch, width, 3, CompilerPasses.All);
        Assert.True(isCompact);
        Assert.Equal(gradient, Run(format, batch, width, 3, CompilerPasses.All with { StoreCompactly = false }).Gradient);
        Assert.Equal(gradient, Run(format, batch, width, 3, CompilerPasses.All with { Emit = false }).Gradient);
        Assert.Equal(gradient, RunsAlone.WithThreads(1, () => Run(format, batch, width, 3, CompilerPasses.All).Gradient));
        Assert.Equal(gradient, RunsAlone.WithThreads(3, () => Run(format, batch, width, 3, CompilerPasses.All).Gradient));
        Assert.All(gradient, x => Assert.True(float.IsFinite(x)));
        Assert.Contains(gradient, x => x != 0);
    }

    /// <summary>In a deep network nearly all that lives are activations: half the bytes, and one value of each product as floats on its way to be rounded.</summary>
    [Theory]
    [InlineData(3, 0.75)]
    [InlineData(12, 0.60)]
    public void MemoryFalls(int layers, double share)
    {
        (_, Program<float> compact, _) = Run(StorageFormat.BFloat16, 512, 512, layers, CompilerPasses.All);
        (_, Program<float> floats, _) = Run(null, 512, 512, layers, CompilerPasses.All);
        double ratio = compact.ArenaBytes / (double)floats.ArenaBytes;
        Assert.True(ratio < share, $"{ratio:0.00}: {compact.Describe()}\n{floats.Describe()}");
        Assert.True(compact.PeakBytes < floats.PeakBytes, $"{compact.PeakBytes} against {floats.PeakBytes}");
        Assert.Contains("bfloat16", compact.Describe(), StringComparison.Ordinal);
    }

    /// <summary>Every value of the format, ±∞ and NaN included, by way of memory: as <see cref="Half"/> says, and as the upper half of a float.</summary>
    [Theory]
    [InlineData(StorageFormat.BFloat16)]
    [InlineData(StorageFormat.Half)]
    public void EveryNumberComesBack(StorageFormat format)
    {
        const int Count = 1 << 16;
        float[] all = [.. Enumerable.Range(0, Count).Select(i => format == StorageFormat.Half ? (float)BitConverter.UInt16BitsToHalf((ushort)i) : BitConverter.Int32BitsToSingle(i << 16))];
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(Count));

        // The greatest is known only when all have been looked at, so what was rounded is read again.
        Tensor kept = RoundTo(x, format);
        builder.Output("result", kept * Select(Greater(Max(Abs(x)), 1e30), x.Trace.Constant(1), 1));
        Program<float> program = builder.Build();
        Assert.InRange(program.ArenaBytes, 0, (2 * Count) + 256);
        all.CopyTo(program["x"]);
        program.Run();
        Assert.Equal(all, program["result"].ToArray());
    }

    [Fact]
    public void ReadersThatKnowNothingOfItGetFloats()
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(40, 30));
        Tensor kept = RoundTo(x * 3, StorageFormat.Half);
        builder.Output("sorted", Sort(kept));
        builder.Output("transposed", Transpose(kept) + 1);
        builder.Output("part", kept[3] * Sum(kept));
        Program<float> program = builder.Build();
        var random = new Random(5);
        foreach (ref float value in program["x"])
        {
            value = random.NextSingle();
        }

        program.Run();
        float[] rounded = [.. program["x"].ToArray().Select(v => (float)(Half)(v * 3))];
        Assert.Equal(rounded.Chunk(30).SelectMany(row => row.Order()), program["sorted"].ToArray());
        Assert.Equal(Enumerable.Range(0, 1200).Select(i => rounded[(i % 40 * 30) + (i / 40)] + 1), program["transposed"].ToArray());
        float sum = (float)rounded.Sum(v => (double)v);
        Assert.Equal(rounded[90..120].Select(v => v * sum), program["part"].ToArray(), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    /// <summary>Each way of reading by itself: one that knows nothing of 16 bits must find floats, whoever else reads the value or does not.</summary>
    [Theory]
    [InlineData("sorted")]
    [InlineData("reshaped and sorted")]
    [InlineData("transposed")]
    [InlineData("sliced")]
    [InlineData("sliced at an odd place")]
    [InlineData("reshaped and sliced")]
    [InlineData("broadcast")]
    [InlineData("bias")]
    [InlineData("reduced")]
    public void OneReaderAlone(string reader)
    {
        float[] Run(bool compactly)
        {
            var builder = new ProgramBuilder<float> { Passes = CompilerPasses.All with { StoreCompactly = compactly } };
            Tensor x = builder.Input("x", new Shape(80, 75)), square = builder.Input("square", new Shape(80, 80));
            Tensor line = builder.Input("line", new Shape(75));
            Tensor kept = RoundTo(x * 3, StorageFormat.Half), keptLine = RoundTo(line * 3, StorageFormat.Half);

            // A sum is known only at the end, so that what is multiplied by it must stand somewhere.
            builder.Output("result", reader switch
            {
                "sorted" => Sort(kept),
                "reshaped and sorted" => Sort(Reshape(kept, new Shape(75, 80))),
                "transposed" => Transpose(kept),
                "sliced" => Slice(kept, 0, 3, 2) * Sum(kept),
                "sliced at an odd place" => kept[3] * Sum(kept),
                "reshaped and sliced" => Reshape(kept, new Shape(75, 80))[3] * Sum(kept),
                "broadcast" => (x * Sum(keptLine)) + keptLine,
                "bias" => Relu(MatrixProduct(square, x) + keptLine) * Sum(keptLine),
                _ => Max(kept, 1) * Sum(Max(kept, 1)),
            });
            Program<float> program = builder.Build();
            var random = new Random(5);
            foreach (string name in new[] { "x", "square", "line" })
            {
                foreach (ref float value in program[name])
                {
                    value = random.NextSingle() - 0.5f;
                }
            }

            program.Run();
            return program["result"].ToArray();
        }

        float[] result = Run(true);
        Assert.Equal(Run(false), result);
        Assert.Contains(result, v => v != 0);
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        (_, Program<float> program, _) = Run(StorageFormat.Half, 64, 300, 3, CompilerPasses.All);
        Assert.Equal(0, AllocatedBytes.Of(program.Run));
    }

    private static (float[] Gradient, Program<float> Program, bool IsCompact) Run(StorageFormat? format, int batch, int width, int layers, CompilerPasses passes)
    {
        var layout = new Layout(Enumerable.Range(1, layers).SelectMany(l => new[] { ($"w{l}", new Shape(width, width)), ($"b{l}", new Shape(width)) }));
        FlatVector<float> theta = new(layout.Length), gradient = new(layout.Length);
        var random = new Random(1);
        foreach (ref float value in theta.Span)
        {
            value = (random.NextSingle() - 0.5f) * 4 / MathF.Sqrt(width);
        }

        Tensor Round(Tensor x, bool adjoint = true) => format is { } known ? RoundTo(x, known, adjoint) : x;
        var builder = new ProgramBuilder<float> { Passes = passes };
        Tensor h = Round(builder.Input("x", new Shape(batch, width)));
        IReadOnlyList<Tensor> p = builder.Views(layout, theta);
        for (int l = 0; l < layers; l++)
        {
            Tensor z = Round(MatrixProduct(h, Round(p[2 * l], false)) + p[(2 * l) + 1]);
            h = l % 2 == 0 ? Relu(z) : Round(Tanh(z));
        }

        builder.Gradient(Sum(Square(h)) / batch, p, layout, gradient);
        Program<float> program = builder.Build();
        foreach (ref float value in program["x"])
        {
            value = random.NextSingle() - 0.5f;
        }

        program.Run();
        return (gradient.Span.ToArray(), program, program.Describe().Contains(format == StorageFormat.Half ? " half" : " bfloat16", StringComparison.Ordinal));
    }
}
