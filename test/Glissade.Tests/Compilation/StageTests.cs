using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>A stage writes its own outputs and no others.</summary>
public sealed class StageTests
{
    [Fact]
    public void TheFirstStageLeavesTheSecondsOutputsAlone()
    {
        var builder = new ProgramBuilder<double>();
        var x = new FlatVector<double>([1, 2, 3]);
        var y = new FlatVector<double>(3);
        Tensor input = builder.View("x", new(3), x, 0);
        Tensor square = Square(input);

        // The first stage computes the squares on its way; they may appear only in the second.
        builder.Output(square, y, 0, stage: 1);
        builder.Output("norm", Sum(square));
        builder.Output(input + square, x, 0, stage: 1);
        Program<double> program = builder.Build();
        Assert.Equal(2, program.Stages);

        program.RunStage(0);
        Assert.Equal(14, program["norm"][0]);
        Assert.Equal([1, 2, 3], x.Span.ToArray());
        Assert.Equal([0, 0, 0], y.Span.ToArray());

        program.RunStage(1);
        Assert.Equal([2, 6, 12], x.Span.ToArray());
        Assert.Equal([1, 4, 9], y.Span.ToArray());
    }

    [Fact]
    public void OneValueInBothStages()
    {
        var builder = new ProgramBuilder<double>();
        Tensor input = builder.Input("x", new(2));
        builder.Output("second", input * 2, stage: 1);
        builder.Output("first", input * 2);
        Program<double> program = builder.Build();
        program["x"].Fill(3);
        program.RunStage(0);
        Assert.Equal([6, 6], program["first"].ToArray());
        Assert.Equal([0, 0], program["second"].ToArray());
        program.RunStage(1);
        Assert.Equal([6, 6], program["second"].ToArray());
    }

    [Fact]
    public void OverwritingWhatALaterStageReadsIsRefused()
    {
        var builder = new ProgramBuilder<double>();
        var vector = new FlatVector<double>(3);
        Tensor x = builder.View("x", new(3), vector, 0);
        builder.Output(x * 2, vector, 0);
        builder.Output("late", x + 1, stage: 1);
        Assert.Contains("'x'", Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramWithoutOutputsOrAnUnknownStage()
    {
        Program<double> program = new ProgramBuilder<double>().Build();
        program.Run();
        Assert.Throws<ArgumentOutOfRangeException>(() => program.RunStage(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => program.RunStage(-1));
    }
}
