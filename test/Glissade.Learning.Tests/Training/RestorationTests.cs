using Glissade.Averaging;
using Glissade.Learning.Checkpoints;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Tests.Training;

/// <summary>Runs that diverge, go back and go on with a smaller learning rate.</summary>
public sealed class RestorationTests
{
    private const int StepsPerEpoch = 5;

    [Fact]
    public void FromTheStartItIsTheRunWithTheSmallerRateBitForBit()
    {
        Assert.Equal(TrainingStatus.Diverged, Trainer(64, DivergenceResponse.Stop).Fit(Line()).Status);
        var seen = new Recorder();
        TrainingResult restored = Trainer(64, DivergenceResponse.Restore(0.0625, 10)).Fit(Line(), seen);
        Assert.Equal(TrainingStatus.Completed, restored.Status);
        Assert.Equal(2, restored.Restorations);
        Assert.Equal(Enumerable.Range(1, restored.Restorations), seen.Restorations.Select(r => r.Number));
        Assert.All(seen.Restorations, r => Assert.Equal((0L, 0, Math.ScaleB(1, -4 * r.Number)), (r.Step, r.Epoch, r.Factor)));

        // Sixteenths are exact, so the rate is the smaller one to the bit.
        TrainingResult plain = Trainer(0.25, DivergenceResponse.Stop).Fit(Line());
        Assert.True(plain.Weights.Span.SequenceEqual(restored.Weights.Span));
        Assert.Equal((plain.Steps, plain.Training.Loss), (restored.Steps, restored.Training.Loss));
        Assert.Equal(seen.Restorations.Sum(r => r.FromStep - r.Step), restored.Session.Progress.UndoneSteps);
    }

    [Fact]
    public void InTheMiddleOnlyTheRateFromThereOnIsSmaller()
    {
        const int jump = 2 * StepsPerEpoch;
        Schedule Rate(double after) => Schedule.Piecewise(Interpolation.Constant, (0, 0.0625), (jump, after));
        var seen = new Recorder();
        TrainingResult restored = Trainer(Rate(64), DivergenceResponse.Restore(0.0625, 10)).Fit(Line(), seen);
        Assert.Equal(TrainingStatus.Completed, restored.Status);
        Assert.Equal([(1, 2, (long)jump), (2, 2, jump)], seen.Restorations.Select(r => (r.Number, r.Epoch, r.Step)));
        TrainingResult plain = Trainer(Rate(0.25), DivergenceResponse.Stop).Fit(Line());
        Assert.True(plain.Weights.Span.SequenceEqual(restored.Weights.Span));
    }

    /// <summary>Who is told may forget the undone steps: a run that is killed just then must not resume behind them.</summary>
    [Fact]
    public void TheStateIsSavedBeforeAnybodyIsToldOfARestoration()
    {
        using var folder = new TestFolder();
        var checkpoints = new CheckpointFolder(folder.File("run"), "f") { Interval = TimeSpan.FromHours(1) };
        var seen = new Recorder
        {
            Told = record => Assert.Equal(
            [StateFile.Show(record.Number), StateFile.Show(record.Step), record.Reason],
            new[] { "restorations", $"restoration-{record.Number}-step", $"restoration-{record.Number}-reason" }.Select(key => SafetensorsFile.Read(checkpoints.LastFile).Metadata[key]))
        };
        TrainingResult result = Trainer(64, DivergenceResponse.Restore(0.0625, 10)).Fit(Line(), seen, checkpoints);
        Assert.Equal(2, seen.Restorations.Count);
        Assert.Equal(seen.Restorations, result.Session.Progress.RestorationRecords);
        Assert.Equal(seen.Restorations, Trainer(64, DivergenceResponse.Restore(0.0625, 10)).Fit(Line(), checkpoints: checkpoints, resume: true).Session.Progress.RestorationRecords);
    }

    [Fact]
    public void AfterTheLastRestorationTheRunEndsAsDiverged()
    {
        TrainingResult result = Trainer(1e6, DivergenceResponse.Restore(0.9, 2)).Fit(Line());
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Equal(2, result.Restorations);
        Assert.Contains(" again, after 2 restorations; the weights after epoch 0 are kept", result.Reason, StringComparison.Ordinal);
        Assert.Equal(-1, ((ReadOnlySpan<float>)result.Weights.Span).IndexOfAny(float.NaN, float.PositiveInfinity, float.NegativeInfinity));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(9, false)]
    [InlineData(11, false)]
    [InlineData(14, true)]
    [InlineData(18, true)]
    public void InterruptedAnywhereItGivesTheBytesOfNeverStopping(int stopAt, bool plateau)
    {
        using var folder = new TestFolder();
        Trainer Make() => Trainer(
            Schedule.Piecewise(Interpolation.Constant, (0, 0.0625), (2 * StepsPerEpoch, 8)),
            DivergenceResponse.Restore(0.4, 10),
            plateau ? new PlateauSettings { Factor = 0.7, Patience = 0, Threshold = 0.9 } : null);
        TrainingResult whole = Make().Fit(Line(), checkpoints: new CheckpointFolder(folder.File("whole"), "f") { Interval = TimeSpan.Zero });
        Assert.True(whole.Restorations >= 2, $"{whole.Restorations} restorations");

        // Each call of Fit takes so many steps and is stopped, many times over, across the restorations.
        int calls = 0;
        TrainingResult result;
        do
        {
            using var cancellation = new CancellationTokenSource();
            result = Make().Fit(Line(), new StopAfter(stopAt, cancellation), new CheckpointFolder(folder.File("parts"), "f"), resume: true, cancellation.Token);
            Assert.True(++calls < 200, "The run comes to no end.");
        }
        while (result.Status == TrainingStatus.Interrupted);
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.Equal(whole.Restorations, result.Restorations);
        foreach (string file in new[] { "last.safetensors", "best.safetensors" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(folder.File("whole"), file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder.File("parts"), file))), file);
        }
    }

    [Fact]
    public void EveryPowerOfTwoIsWrittenSoThatItReadsBackToTheBit()
    {
        for (int exponent = -1022; exponent <= 1023; exponent++)
        {
            double value = Math.ScaleB(1, exponent);
            Assert.Equal(value, double.Parse(StateFile.Show(value), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Assert.Contains("(0, 1)", Assert.Throws<ArgumentOutOfRangeException>(() => DivergenceResponse.Restore(1)).Message, StringComparison.Ordinal);
        Assert.Contains("1 or more", Assert.Throws<ArgumentOutOfRangeException>(() => DivergenceResponse.Restore(0.5, 0)).Message, StringComparison.Ordinal);
        var trainer = new Trainer(Network.Of(new Dense(1)), new SquaredError(), Chain.Of(Momentum.Of(0.9))) { Options = new TrainingOptions { OnDivergence = DivergenceResponse.Restore() } };
        Assert.Contains("nothing to reduce", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(Line())).Message, StringComparison.Ordinal);
    }

    private static Trainer Trainer(Schedule rate, DivergenceResponse response, PlateauSettings? plateau = null) =>
        new(Network.Of(new Dense(1)), new SquaredError(), Chain.Of(Momentum.Of(0.5), LearningRate.Of(rate)))
        {
            Average = Ema.Of(0.5),
            Options = new TrainingOptions { Epochs = 6, BatchSize = 16, Seed = 3, OnDivergence = response, Plateau = plateau },
        };

    private static TrainingData Line()
    {
        var random = new Random(4);
        float[] x = [.. Enumerable.Range(0, 200).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        float[] y = [.. Enumerable.Range(0, 100).Select(i => (3 * x[2 * i]) - x[(2 * i) + 1] + (float)(0.1 * random.NextDouble()))];
        return TrainingData.Of(Dataset.ForRegression(["a", "b"], x, y), test: 0.2, standardize: true, seed: 1);
    }

    private class Recorder : ITrainingObserver
    {
        public List<RestorationRecord> Restorations { get; } = [];

        public void OnStart(TrainingSession session) => Assert.Equal(StepsPerEpoch, session.StepsPerEpoch);

        public virtual void OnStep(in StepRecord record)
        {
        }

        public void OnEpoch(EpochRecord record)
        {
        }

        public Action<RestorationRecord> Told { get; init; } = _ => { };

        public void OnRestore(RestorationRecord record)
        {
            Restorations.Add(record);
            Told(record);
        }

        public void OnCheckpoint()
        {
        }
    }

    /// <summary>Stops after so many steps of this call, those that are undone among them.</summary>
    private sealed class StopAfter(int steps, CancellationTokenSource cancellation) : Recorder
    {
        private int _steps;

        public override void OnStep(in StepRecord record)
        {
            if (++_steps == steps)
            {
                cancellation.Cancel();
            }
        }
    }
}
