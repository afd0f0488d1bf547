using System.Diagnostics;
using Glissade.Compilation;
using Glissade.Compilation.Steps;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>How programs may be used, and that they say so where they may not.</summary>
[Collection(RunsAlone.Name)]
public sealed class ProgramUseTests
{
    [Fact]
    public async Task A_program_that_another_thread_runs_refuses()
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(400, 400));
        builder.Output("y", Scan([x], [], (carry, _) => new ScanStepResult(MatrixProduct(carry[0], x)), length: 100).Final[0]);
        Program<float> program = builder.Build();
        using var start = new Barrier(2);
        Task[] runs = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                program.Run();
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        AggregateException refused = await Assert.ThrowsAsync<AggregateException>(() => Task.Run(() => Task.WaitAll(runs)));
        Assert.Contains("another thread", Assert.IsType<InvalidOperationException>(Assert.Single(refused.InnerExceptions)).Message, StringComparison.Ordinal);
        Assert.Contains(runs, r => r.IsCompletedSuccessfully);
        program.Run();
    }

    [Fact]
    public void A_run_that_failed_does_not_bar_the_next()
    {
        var builder = new ProgramBuilder<double>();
        Tensor x = builder.Input("x", new Shape(3)), index = builder.Input("index", new Shape(1));
        builder.Output("y", Gather(x, index));
        Program<double> program = builder.Build();
        program["x"][2] = 7;
        program["index"][0] = 3;
        Assert.Throws<ArgumentOutOfRangeException>(program.Run);
        program["index"][0] = 2;
        program.Run();
        Assert.Equal(7, program["y"][0]);
    }

    [Fact]
    public void A_program_has_the_buffers_it_was_built_with()
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(2));
        builder.Output("y", x * 2);
        Program<float> first = builder.Build();
        builder.Output("z", x * 3);
        Program<float> second = builder.Build();
        Assert.Throws<KeyNotFoundException>(() => first["z"].Length);
        first["x"].Fill(1);
        second.Run();
        Assert.Equal(3, second["z"][0]);
    }

    [Fact]
    public void The_program_of_a_loop_obeys_the_same_passes_and_stands_in_the_listing()
    {
        TracedFunction function = TracedFunction.Of([new Shape(2_000)], x => [Scan([x[0]], [], (carry, _) => new ScanStepResult(Tanh(carry[0]) * 2), length: 5).Final[0]]);
        Program<float> emitted = function.Compile<float>().Program, interpreted = function.Compile<float>(CompilerPasses.All with { Emit = false }).Program;
        Assert.Contains("loop, interpreted", interpreted.Describe(), StringComparison.Ordinal);
        Assert.Contains("executor    0 of 1 loops", interpreted.Describe(), StringComparison.Ordinal);
        string inner = Assert.Single(interpreted.Describe().Split('\n'), l => l.StartsWith("0.0 ", StringComparison.Ordinal));
        Assert.Contains("tanh, multiply", inner, StringComparison.Ordinal);

        // The loop's own line has what all its turns cost together, and the total counts that once.
        Step<float> scan = Assert.Single(emitted.Steps[0]);
        Assert.Equal(5 * 2 * 2_000, scan.Flops);
        Assert.Contains($"{scan.Flops:N0}", Assert.Single(interpreted.Describe().Split('\n'), l => l.StartsWith("total", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Solvers_and_convolutions_count_what_they_compute()
    {
        Step<double>[] Steps(IReadOnlyList<Shape> shapes, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function) => TracedFunction.Of(shapes, function).Compile<double>().Program.Steps[0];
        Assert.Equal(30.0 * 30 * 30 / 3, Assert.Single(Steps([new(30, 30)], x => [CholeskyFactor(x[0])])).Flops);
        Assert.Equal(30.0 * 30 * 7, Assert.Single(Steps([new(30, 30), new(30, 7)], x => [TriangularSolve(x[0], x[1])])).Flops);
        Assert.Equal(
            2.0 * 8 * 14 * 14 * 9 * 16 + (2 * 8 * 14 * 14 * 16),
            Assert.Single(Steps([new(8, 14, 14, 1), new(3, 3, 1, 16), new(16)], x => [Relu(Convolution2D(x[0], x[1], padding: WindowPadding.Same) + x[2])])).Flops);
    }

    [Fact]
    public void What_steps_hold_beside_the_arena_is_counted()
    {
        RunsAlone.WithThreads(1, () =>
        {
            Assert.Equal(1_000 * 12, Bytes([new(1_000)], x => [ArgSort(x[0], 0)]));
            Assert.Equal(300 * 4, Bytes([new(1_000), new(300)], x => [Gather(x[0], x[1])]));
            Assert.Equal(300 * 4, Bytes([new(300), new(300)], x => [ScatterAdd(x[0], x[1], 0, 1_000)]));
            Assert.Equal(50 * 50 * 8, Bytes([new(50, 50)], x => [CholeskyFactor(x[0])]));
            Assert.Equal(8, Bytes([Shape.Scalar], x => [RandomNormal(x[0], 1, "numbers", new(100))]));
            return 0;
        });

        static long Bytes(IReadOnlyList<Shape> shapes, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function) => TracedFunction.Of(shapes, function).Compile<double>().Program.WorkspaceBytes;
    }

    [Fact]
    public void What_goes_over_lines_and_indices_counts_its_numbers()
    {
        Assert.Equal(600, Flops([new(20, 30)], x => [CumulativeSum(x[0], 1)]));
        Assert.Equal(600, Flops([new(20, 30)], x => [ArgMax(x[0], 1)]));
        Assert.Equal(600, Flops([new(20, 30)], x => [ArgSort(x[0], 0)]));
        Assert.Equal(150, Flops([new(5), new(5, 30)], x => [ScatterAdd(x[0], x[1], 0, 20)]));
        Assert.Equal(100, Flops([Shape.Scalar], x => [RandomUniform(x[0], 1, "numbers", new(100))]));

        static double Flops(IReadOnlyList<Shape> shapes, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function) => Assert.Single(TracedFunction.Of(shapes, function).Compile<double>().Program.Steps[0]).Flops;
    }

    [Fact]
    public void Building_ten_thousand_outputs_in_place_takes_a_moment()
    {
        var time = Stopwatch.StartNew();
        var theta = new FlatVector<float>(20_000);
        theta.Span.Fill(1);
        var builder = new ProgramBuilder<float>();
        for (int i = 0; i < 10_000; i++)
        {
            builder.Output(builder.View($"x{i}", new Shape(2), theta, 2 * i) * (i + 1), theta, 2 * i);
        }

        Program<float> program = builder.Build();
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 5);
        program.Run();
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (float)((i / 2) + 1)), theta.Span.ToArray());
    }

    [Fact]
    public void What_cannot_be_is_refused_by_name()
    {
        Assert.Contains($"{int.MaxValue}", Assert.Throws<ArgumentOutOfRangeException>(() => new FlatVector<float>(int.MaxValue)).Message, StringComparison.Ordinal);
        Assert.Contains("'b'", Assert.Throws<ArgumentException>(() => new Layout(("a", new Shape(int.MaxValue)), ("b", new Shape(5)))).Message, StringComparison.Ordinal);
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(1));
        Assert.Contains("from 0 to 999", Assert.Throws<ArgumentOutOfRangeException>(() => builder.Output("y", x, stage: 1000)).Message, StringComparison.Ordinal);
    }
}
