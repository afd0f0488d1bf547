using Glissade.Averaging;
using Glissade.Input;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Tests.Training;

public sealed class TrainingTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 8, BatchSize = 32, Seed = 5 };

    [Fact]
    public void LearnsARingThatNoLineCanSeparate()
    {
        TrainingResult result = Trainer(0.02).Fit(SmallTraining.Ring());
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.Equal(8, result.Epochs);
        Assert.Equal(8 * 13, result.Steps);
        Assert.True(result.Test!.Accuracy >= 0.9, $"accuracy {result.Test.Accuracy}");
        Assert.Equal(result.Session.Data.Test!.Count, result.Test.Confusion!.Sum(row => row.Sum()));
    }

    [Fact]
    public void RegressionIsMeasuredInTheTargetsOwnUnits()
    {
        float[] x = [.. Enumerable.Range(0, 200).Select(i => (i % 20) - 10f)];
        Dataset data = Dataset.ForRegression(["x"], x, [.. x.Select(v => (100 * v) + 5000)]);
        TrainingResult result = new Trainer(Network.Of(new Dense(1)), new SquaredError(), Optimizers.Adam(0.05)) { Options = Options with { Epochs = 60 } }
            .Fit(TrainingData.Of(data, test: 0.2, standardize: true, seed: 1));
        Assert.True(result.Test!.RSquared > 0.999, $"R² {result.Test.RSquared}");
        Assert.True(result.Test.RootMeanSquareError < 20, $"RMSE {result.Test.RootMeanSquareError}");
        Assert.Equal(5000, result.Test.Truth!.Average(), 600.0);
    }

    [Fact]
    public void CancellingAndResumingGivesTheBytesOfNeverStopping()
    {
        using var folder = new TestFolder();
        string whole = folder.File("whole"), parts = folder.File("parts");
        Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(whole, "f") { Interval = TimeSpan.Zero });
        foreach (int stopAt in new[] { 1, 17, 39, 60 })
        {
            using var cancellation = new CancellationTokenSource();
            var observer = new StopAfter(stopAt, cancellation);
            TrainingResult stopped = Trainer(0.02).Fit(SmallTraining.Ring(), observer, new CheckpointFolder(parts, "f"), resume: true, cancellation.Token);
            Assert.Equal(TrainingStatus.Interrupted, stopped.Status);
            Assert.Equal(stopAt, stopped.Steps);
        }

        TrainingResult finished = Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(parts, "f"), resume: true);
        Assert.Equal(TrainingStatus.Completed, finished.Status);
        foreach (string file in new[] { "last.safetensors", "best.safetensors" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(parts, file))), file);
        }
    }

    [Fact]
    public void StatesOfEveryShapeAreSavedAndRestored()
    {
        Chain[] chains =
        [
            Optimizers.Adafactor(), Optimizers.Shampoo(0.05), Optimizers.Prodigy(), Optimizers.DAdaptedSgd(), Optimizers.NovoGrad(0.01),
            Groups.Of(Optimizers.AdamW(0.01), ("*.weight", Optimizers.Muon(0.02))),
        ];
        foreach (Chain chain in chains)
        {
            using var folder = new TestFolder();
            Trainer Make() => new(Network.Of(new Dense(8), new Gelu(), new Dense(2)), new CrossEntropy(), chain) { Average = Ema.Of(0.9), Options = Options with { Epochs = 3 } };
            TrainingResult whole = Make().Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(folder.File("whole"), "f"));
            foreach (int stopAt in new[] { 1, 9 })
            {
                using var cancellation = new CancellationTokenSource();
                Assert.Equal(TrainingStatus.Interrupted, Make().Fit(SmallTraining.Ring(), new StopAfter(stopAt, cancellation), new CheckpointFolder(folder.File("parts"), "f"), resume: true, cancellation.Token).Status);
            }

            TrainingResult resumed = Make().Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(folder.File("parts"), "f"), resume: true);
            Assert.Equal(TrainingStatus.Completed, resumed.Status);
            Assert.True(whole.Weights.Span.SequenceEqual(resumed.Weights.Span), chain.ToString());
            Assert.True(File.ReadAllBytes(Path.Combine(folder.File("whole"), "last.safetensors")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder.File("parts"), "last.safetensors"))), chain.ToString());
        }
    }

    [Fact]
    public void AStateOfAnotherRunIsRefused()
    {
        using var folder = new TestFolder();
        Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(folder.File("run"), "one"));
        InputException fault = Assert.Throws<InputException>(() => Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(folder.File("run"), "two"), resume: true));
        Assert.Contains("another experiment", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DivergingAfterAnInterruptionGoesBackToTheSameEpoch()
    {
        using var folder = new TestFolder();
        Trainer Make() => new(Network.Of(new Dense(16), new Relu(), new Dense(2)), new CrossEntropy(), Chain.Of(LearningRate.Of(Schedule.MultiStep(0.1, 1e30, [30])))) { Options = Options };
        TrainingResult whole = Make().Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(folder.File("whole"), "f"));
        Assert.Equal(TrainingStatus.Diverged, whole.Status);
        using var cancellation = new CancellationTokenSource();
        TrainingResult stopped = Make().Fit(SmallTraining.Ring(), new StopAfter(31, cancellation), new CheckpointFolder(folder.File("parts"), "f"), resume: false, cancellation.Token);
        if (stopped.Status == TrainingStatus.Interrupted)
        {
            stopped = Make().Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(folder.File("parts"), "f"), resume: true);
        }

        Assert.Equal(whole.Reason, stopped.Reason);
        Assert.Equal(whole.Weights.Span.ToArray(), stopped.Weights.Span.ToArray());
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.File("whole"), "last.safetensors")), File.ReadAllBytes(Path.Combine(folder.File("parts"), "last.safetensors")));
    }

    [Fact]
    public void EveryFlippedByteOfAStateIsFound()
    {
        using var folder = new TestFolder();
        var checkpoints = new CheckpointFolder(folder.File("run"), "f");
        Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: checkpoints);
        byte[] bytes = File.ReadAllBytes(checkpoints.LastFile);
        var random = new Random(3);
        for (int trial = 0; trial < 200; trial++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(checkpoints.LastFile, damaged);
            Assert.Throws<InputException>(() => Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: checkpoints, resume: true));
        }
    }

    [Fact]
    public void AMissingBestIsAnErrorAndNotAnotherModel()
    {
        using var folder = new TestFolder();
        var checkpoints = new CheckpointFolder(folder.File("run"), "f");
        Trainer(0.02).Fit(SmallTraining.Ring(validation: 0.3), checkpoints: checkpoints);
        File.Delete(checkpoints.BestFile);
        Assert.Throws<InputException>(() => Trainer(0.02).Fit(SmallTraining.Ring(validation: 0.3), checkpoints: checkpoints, resume: true));
    }

    /// <summary>No step is left to be stopped, and evaluated it is in any case.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.25)]
    public void CancelledAfterItsVeryLastStepARunIsCompleted(double? validation)
    {
        TrainingResult whole = Trainer(0.02).Fit(SmallTraining.Ring(validation));
        using var cancellation = new CancellationTokenSource();
        var observer = new StopAfter((int)whole.Steps, cancellation);
        TrainingResult stopped = Trainer(0.02).Fit(SmallTraining.Ring(validation), observer, cancellation: cancellation.Token);
        Assert.True(cancellation.IsCancellationRequested);
        Assert.Equal((whole.Status, whole.Reason, whole.Steps, whole.Epochs, whole.BestEpoch), (stopped.Status, stopped.Reason, stopped.Steps, stopped.Epochs, stopped.BestEpoch));
        Assert.Equal(TrainingStatus.Completed, stopped.Status);
        Assert.Equal(whole.Weights.Span.ToArray(), stopped.Weights.Span.ToArray());
        Assert.Equal(Options.Epochs, observer.Epochs.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.25)]
    public void AnEvaluationThatIsCancelledLeavesTheEpochToBeEnded(double? validation)
    {
        TrainingSession[] sessions = [.. Enumerable.Range(0, 2).Select(_ => new TrainingSession(
            Network.Of(new Dense(8), new Dense(2)).Build(new Numerics.Shape(2)), new CrossEntropy(), Optimizers.Adam(0.01), Ema.Of(0.9), SmallTraining.Ring(validation), Options))];
        foreach (TrainingSession session in sessions)
        {
            for (int step = 0; step < session.StepsPerEpoch; step++)
            {
                session.Step();
            }
        }

        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => sessions[0].EndEpoch(cancellation.Token));
        Assert.Equal((0L, sessions[0].StepsPerEpoch, 0), (sessions[0].Progress.Epoch, sessions[0].Progress.Batch, sessions[0].Progress.BestEpoch));
        (EpochRecord cancelled, EpochRecord straight) = (sessions[0].EndEpoch(), sessions[1].EndEpoch());
        Assert.Equal(straight with { Validation = null, Test = null }, cancelled with { Validation = null, Test = null });
        Assert.Equal((straight.Validation?.Loss, straight.Test!.Loss), (cancelled.Validation?.Loss, cancelled.Test!.Loss));
        Assert.Equal(sessions[1].Step(), sessions[0].Step());
    }

    [Fact]
    public void AFolderInThePlaceOfTheLastStateIsAnErrorAndNotANewRun()
    {
        using var folder = new TestFolder();
        var checkpoints = new CheckpointFolder(folder.File("run"), "f");
        Directory.CreateDirectory(checkpoints.LastFile);
        string told = Assert.Throws<InputException>(() => Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: checkpoints, resume: true)).Message;
        Assert.Equal($"{checkpoints.LastFile}: found a directory, expected a safetensors file", told);
    }

    [Fact]
    public void AStateThatOverflowsEndsTheRunAndReachesNoFile()
    {
        using var folder = new TestFolder();
        var checkpoints = new CheckpointFolder(folder.File("run"), "f");
        TrainingResult result = new Trainer(Network.Of(new Dense(4), new Relu(), new Dense(2)), new CrossEntropy(), Chain.Of(WeightDecay.L2(1e25), Adam.Scaling(), LearningRate.Of(0.001))) { Options = Options }
            .Fit(SmallTraining.Ring(), checkpoints: checkpoints);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Contains("adam.second-moment", result.Reason, StringComparison.Ordinal);
        Assert.All(Glissade.Learning.Checkpoints.SafetensorsFile.Read(checkpoints.LastFile).Tensors.Where(t => t.Type == Glissade.Learning.Checkpoints.StoredType.F32), t => Assert.DoesNotContain(t.Floats.ToArray(), v => !float.IsFinite(v)));
    }

    [Fact]
    public void ATruncatedStateIsAnErrorAndNotACrash()
    {
        using var folder = new TestFolder();
        var checkpoints = new CheckpointFolder(folder.File("run"), "f");
        Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: checkpoints);
        byte[] bytes = File.ReadAllBytes(checkpoints.LastFile);
        foreach (int length in new[] { 0, 7, 8, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(checkpoints.LastFile, bytes[..length]);
            Assert.Throws<InputException>(() => Trainer(0.02).Fit(SmallTraining.Ring(), checkpoints: checkpoints, resume: true));
        }
    }

    [Fact]
    public void AHugeRateDivergesAndKeepsFiniteWeights()
    {
        using var folder = new TestFolder();
        TrainingResult result = new Trainer(Network.Of(new Dense(16), new Relu(), new Dense(2)), new CrossEntropy(), Optimizers.Sgd(1e30, momentum: 0.9)) { Options = Options }
            .Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(folder.File("run"), "f"));
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.All(result.Weights.Span.ToArray(), w => Assert.True(float.IsFinite(w)));
        Assert.True(double.IsFinite(result.Test!.Loss));
    }

    [Fact]
    public void APoisonedBatchIsSkippedAndCountedAndChangesNothing()
    {
        TrainingData ring = SmallTraining.Ring();
        float[] features = ring.Training.Features.ToArray();
        (features[2 * 7], features[(2 * 7) + 1]) = (float.MaxValue, float.MaxValue);
        Dataset poisoned = Dataset.ForClassification(ring.Training.FeatureNames, features, ring.Training.ClassNames, ring.Training.Classes);
        var seen = new Recorder();
        TrainingResult result = Trainer(0.02).Fit(new TrainingData(poisoned, Test: ring.Test), seen);
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.Equal(Options.Epochs, result.SkippedSteps);
        Assert.Equal(Options.Epochs, seen.Steps.Count(s => s.Outcome.Skipped == SkipReason.NonFiniteLoss));
        Assert.Equal(result.Steps - result.SkippedSteps, result.Session.Updater.AppliedSteps);
        Assert.True(result.Test!.Accuracy >= 0.85, $"accuracy {result.Test.Accuracy}");
    }

    [Fact]
    public void EarlyStoppingKeepsTheBestByValidation()
    {
        var seen = new Recorder();
        TrainingData data = SmallTraining.Ring(validation: 0.3);
        TrainingResult result = new Trainer(Network.Of(new Dense(32), new Tanh(), new Dense(2)), new CrossEntropy(), Optimizers.Adam(0.3))
        {
            Options = Options with { Epochs = 200, EarlyStopping = new EarlyStopping(5) },
        }.Fit(data, seen);
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.Equal(result.BestEpoch + 5, result.Epochs);
        double best = seen.Epochs.Min(e => e.Validation!.Loss);
        Assert.Equal(best, seen.Epochs[result.BestEpoch - 1].Validation!.Loss);
        Assert.Equal(best, result.Session.Evaluate(result.Weights.Span, data.Validation!).Loss);
    }

    [Fact]
    public void EarlyStoppingWithoutValidationDataIsAnError() => Assert.Throws<ArgumentException>(() =>
        new Trainer(Network.Of(new Dense(2)), new CrossEntropy(), Optimizers.Adam(0.1)) { Options = Options with { EarlyStopping = new EarlyStopping(5) } }.Fit(SmallTraining.Ring()));

    [Fact]
    public void PartsThatDoNotFitAreNamed()
    {
        string Message(Network network, Loss loss) =>
            Assert.Throws<ArgumentException>(() => new Trainer(network, loss, Optimizers.Adam(0.1)).Fit(SmallTraining.Ring())).Message;
        Assert.Contains("[3]", Message(Network.Of(new Dense(3)), new CrossEntropy()), StringComparison.Ordinal);
        Assert.Contains("squared-error", Message(Network.Of(new Dense(1)), new SquaredError()), StringComparison.Ordinal);
    }

    [Fact]
    public void AStepAllocatesNothing()
    {
        TrainingData data = SmallTraining.Ring();
        var session = new TrainingSession(
            Network.Of(new Dense(16), new Gelu(), new Dense(2)).Build(new Numerics.Shape(2)), new CrossEntropy(0.1), Chain.Of(Clip.ByGlobalNorm(1), Adam.Scaling(), LearningRate.Of(0.01)), Ema.Of(0.9), data, Options);
        SmallTraining.AssertStepsAllocateNothing(session);
    }

    private static Trainer Trainer(double rate) =>
        new(Network.Of(new Dense(16), new Gelu(), new Dense(2)), new CrossEntropy(0.02), Optimizers.AdamW(rate, except: "*.bias")) { Average = Ema.Of(0.9), Options = Options };

    private class Recorder : ITrainingObserver
    {
        public List<StepRecord> Steps { get; } = [];

        public List<EpochRecord> Epochs { get; } = [];

        public virtual void OnStart(TrainingSession session)
        {
        }

        public virtual void OnStep(in StepRecord record) => Steps.Add(record);

        public void OnEpoch(EpochRecord record) => Epochs.Add(record);

        public void OnCheckpoint()
        {
        }
    }

    private sealed class StopAfter(long step, CancellationTokenSource cancellation) : Recorder
    {
        public override void OnStart(TrainingSession session)
        {
            if (session.StepsTaken >= step)
            {
                cancellation.Cancel();
            }
        }

        public override void OnStep(in StepRecord record)
        {
            if (record.Step >= step)
            {
                cancellation.Cancel();
            }
        }
    }
}
