using Glissade.Cli.Progress;
using Glissade.Learning.Training;
using Glissade.Updates;
using Spectre.Console;

namespace Glissade.Cli.Tests.Progress;

public class ProgressTests
{
    [Fact]
    public void Speed_and_remaining_time_come_from_the_clock_and_not_from_the_first_moments()
    {
        Clock clock = new();
        ProgressTracker tracker = new(clock);
        Assert.Null(tracker.Snapshot());
        tracker.OnStart(FakeExperiments.Start with { TotalSteps = 1000, StepsTaken = 100 });
        clock.Advance(5);
        tracker.OnStep(Step(101, 2.0));
        Assert.Null(tracker.Snapshot()!.Remaining);
        clock.Advance(1);
        tracker.OnStep(Step(111, 2.0));
        Assert.Equal(10, tracker.Snapshot()!.StepsPerSecond, 9);
        Assert.Equal(88.9, tracker.Snapshot()!.Remaining!.Value.TotalSeconds, 6);
        Assert.Equal("epoch 1/3  loss 2.000  rate 0.01000  10 steps/s  1:29 left", ProgressText.Line(tracker.Snapshot()!));
    }

    [Fact]
    public void A_loss_that_is_not_finite_shows_at_once_and_is_forgotten_after()
    {
        ProgressTracker tracker = new(new Clock());
        tracker.OnStart(FakeExperiments.Start);
        tracker.OnStep(Step(1, 4));
        tracker.OnStep(Step(2, double.NaN));
        Assert.Equal(double.NaN, tracker.Snapshot()!.Loss);
        tracker.OnStep(Step(3, 3));
        Assert.Equal(3, tracker.Snapshot()!.Loss!.Value, 12);
        tracker.OnEpoch(new EpochRecord(1, 3, 3.5, null, null, true));
        Assert.Equal(3.5, tracker.Snapshot()!.Loss);
    }

    [Fact]
    public void The_loss_of_batches_is_averaged_the_value_of_a_function_is_not()
    {
        ProgressTracker batches = new(new Clock()), function = new(new Clock());
        batches.OnStart(FakeExperiments.Start);
        function.OnStart(FakeExperiments.Start with { Epochs = 0 });
        foreach (ProgressTracker tracker in new[] { batches, function })
        {
            tracker.OnStep(Step(1, 4));
            tracker.OnStep(Step(2, 1e-9));
        }

        Assert.InRange(batches.Snapshot()!.Loss!.Value, 1, 4);
        Assert.Equal(1e-9, function.Snapshot()!.Loss!.Value, 15);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(100)]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(20)]
    [InlineData(5)]
    public void The_line_fits_into_any_width_and_gives_up_the_least_important_first(int width)
    {
        Clock clock = new();
        ProgressTracker tracker = new(clock);
        tracker.OnStart(FakeExperiments.Start);
        tracker.OnStep(Step(1, 0.5));
        clock.Advance(10);
        tracker.OnStep(Step(15, 0.5));
        using StringWriter writer = new() { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        console.Write(new ProgressLine(tracker, colour: false));
        string line = writer.ToString().Trim('\n');
        Assert.True(line.Length < width, line);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(width >= 20, line.Contains("epoch 1/3", StringComparison.Ordinal));
        Assert.Equal(width >= 40, line.Contains("loss 0.5000", StringComparison.Ordinal) && line.Contains("left", StringComparison.Ordinal));
        Assert.Equal(width >= 100, line.Contains("rate 0.01", StringComparison.Ordinal) && line.Contains("50%", StringComparison.Ordinal));
    }

    private static StepRecord Step(long step, double loss) => new(step, 1, loss, new StepOutcome(SkipReason.None, 1, 1, 0.01, false));

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        public void Advance(double seconds) => _now += (long)(seconds * 1000);
    }
}
