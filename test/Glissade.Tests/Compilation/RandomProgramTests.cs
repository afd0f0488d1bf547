using FsCheck;
using FsCheck.Fluent;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Random programs that read from and write to one vector wherever they like, in two stages, against the plain evaluator.</summary>
public sealed class RandomProgramTests
{
    [Fact]
    public void OutputsAreFunctionsOfTheInputsBeforeTheRun() => Check.One(
        FixedRuns.Of(800),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Run));

    private static void Run(int seed)
    {
        var random = new Random(seed);

        // Mostly small, where places meet often; sometimes several blocks long.
        int longest = random.Next(4) == 0 ? 70 : 6;
        int rows = random.Next(1, longest), columns = random.Next(1, longest);

        // Three axes can be split into rows and columns in ways that do not suit each other.
        int depth = longest < 10 && random.Next(2) == 0 ? random.Next(1, 5) : 0, count = rows * columns * Math.Max(1, depth), memory = 4 * count;
        var vector = new FlatVector<double>(memory);
        var builder = new ProgramBuilder<double>();
        Shape[] shapes = depth == 0
            ? [new(rows, columns), new(columns), new(rows, 1), new(1, columns), Shape.Scalar, new(count)]
            : [new(rows, columns, depth), new(columns, depth), new(rows, 1, 1), new(1, columns, 1), new(rows, columns, 1), new(depth), new(count)];
        var inputs = new List<(Tensor Tensor, int Offset)>();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            Shape shape = shapes[random.Next(shapes.Length)];
            int offset = random.Next(3) == 0 ? 0 : random.Next(memory - shape.Count + 1);
            inputs.Add((builder.View($"x{i}", shape, vector, offset), offset));
        }

        List<Tensor> pool = [.. inputs.Select(i => i.Tensor)];
        for (int n = random.Next(1, 15); n > 0; n--)
        {
            if (Next(random, pool[random.Next(pool.Count)], pool[random.Next(pool.Count)], shapes) is { } next && next.Shape.Count <= count)
            {
                pool.Add(next);
            }
        }

        var outputs = new List<(Tensor Value, int Offset, int Stage)>();
        bool staged = random.Next(2) == 0;
        for (int o = random.Next(1, 5); o > 0; o--)
        {
            Tensor value = pool[random.Next(pool.Count)];
            int offset = random.Next(2) == 0 && inputs[random.Next(inputs.Count)].Offset is int at && at + value.Shape.Count <= memory ? at : random.Next(memory - value.Shape.Count + 1);
            if (outputs.TrueForAll(p => offset + value.Shape.Count <= p.Offset || p.Offset + p.Value.Shape.Count <= offset))
            {
                outputs.Add((value, offset, staged ? random.Next(2) : 0));
                builder.Output(value, vector, offset, outputs[^1].Stage);
            }
        }

        Program<double> program;
        try
        {
            program = builder.Build();
        }
        catch (InvalidOperationException) when (staged)
        {
            // The first stage would have overwritten what the second reads.
            return;
        }

        double[] before = [.. Enumerable.Range(0, memory).Select(_ => random.Next(-3, 4) / 2.0)];
        before.CopyTo(vector.Span);
        var reference = new ReferenceEvaluator(inputs.ToDictionary(i => i.Tensor, i => before[i.Offset..(i.Offset + i.Tensor.Shape.Count)]));
        double[] expected = [.. before];
        for (int stage = 0; stage < program.Stages; stage++)
        {
            program.RunStage(stage);
            foreach ((Tensor value, int offset, _) in outputs.Where(o => o.Stage == stage))
            {
                reference.Evaluate(value).CopyTo(expected, offset);
            }

            // The evaluator adds one after the other; the sine of a sum of thousands of numbers carries the difference on.
            FunctionCheck.Close(expected, vector.Span.ToArray(), 1e-11, $"seed {seed}, stage {stage}\n{program.Describe()}");
        }
    }

    private static Tensor? Next(Random random, Tensor a, Tensor b, Shape[] shapes) => random.Next(15) switch
    {
        0 => Fits(a, b) ? a + b : null,
        1 => Fits(a, b) ? a * b : null,
        2 => Fits(a, b) ? Maximum(a, b) : null,
        3 => Tanh(a),
        4 => Square(Sin(a)),
        5 => 2 * a,
        6 => Sum(a),
        7 => a.Shape.Rank > 0 ? Sum(a, random.Next(a.Shape.Rank)) : null,
        8 => a.Shape.Rank > 0 ? Max(a, -1) : null,
        9 => Transpose(a),
        10 => a.Shape.Rank > 0 && a.Shape[0] > 1 ? Slice(a, 0, 1, a.Shape[0] - 1) : null,
        11 => a.Shape.Rank == 2 && b.Shape.Rank == 2 && a.Shape[1] == b.Shape[0] ? Tanh(MatrixProduct(a, b)) : null,
        12 => a.Shape.Rank > 0 ? Reshape(a, new(a.Shape.Count)) : null,
        13 => Array.Find(shapes, s => s.Count == a.Shape.Count && s != a.Shape) is { Rank: > 0 } other && other.Count == a.Shape.Count ? Reshape(a, other) : null,
        _ => Fits(a, b) && a.Shape.Rank > 0 ? Concatenate(-1, a, Tanh(a)) : null,
    };

    private static bool Fits(Tensor a, Tensor b) =>
        Enumerable.Range(1, Math.Min(a.Shape.Rank, b.Shape.Rank)).All(axis => a.Shape[-axis] == b.Shape[-axis] || a.Shape[-axis] == 1 || b.Shape[-axis] == 1);
}
