using Glissade.Differentiation;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Tests.Training;

public sealed class MixedPrecisionTests
{
    /// <summary>Two rings of noise: what floats learn, 16 bits learn to within two percent of accuracy.</summary>
    [Theory]
    [InlineData(TrainingPrecision.BFloat16)]
    [InlineData(TrainingPrecision.Half)]
    public void LearnsAsWellAsWithFloats(TrainingPrecision precision)
    {
        TrainingResult floats = Trainer(TrainingPrecision.Float32, null, epochs: 15).Fit(SmallTraining.Ring());
        TrainingResult rounded = Trainer(precision, null, epochs: 15).Fit(SmallTraining.Ring());
        Assert.Equal(TrainingStatus.Completed, rounded.Status);
        Assert.InRange(floats.Training.Accuracy!.Value, 0.95, 1);
        Assert.InRange(rounded.Training.Accuracy!.Value, floats.Training.Accuracy.Value - 0.02, 1);
        Assert.NotEqual(floats.Weights.Span.ToArray(), rounded.Weights.Span.ToArray());
    }

    /// <summary>The factor is 2ᵏ, so the gradient of floats has the same bits with it and without.</summary>
    [Fact]
    public void AScaleThatIsAPowerOfTwoLeavesTheStepsAsTheyAre()
    {
        TrainingResult plain = Trainer(TrainingPrecision.BFloat16, null).Fit(SmallTraining.Ring());
        TrainingResult scaled = Trainer(TrainingPrecision.BFloat16, LossScaling.Static(1024)).Fit(SmallTraining.Ring());
        Assert.Equal(plain.Weights.Span.ToArray(), scaled.Weights.Span.ToArray());
    }

    [Fact]
    public void TheScaleGrowsAndBacksOffAndSkippedStepsDoNotAdvanceSchedules()
    {
        LossScaling scaling = LossScaling.DynamicFrom(Math.ScaleB(1, 23)) with { GrowthInterval = 10 };
        TrainingSession session = Session(TrainingPrecision.Half, scaling);
        (double scale, int good, long applied) = (Math.ScaleB(1, 23), 0, 0);
        (int grown, int reduced) = (0, 0);
        for (int step = 0; step < 120; step++)
        {
            StepRecord record = Next(session);

            // The rule once more, walked over what the steps did.
            Assert.Equal(scale, record.LossScale);
            Assert.Equal(0.01 / (1 + applied), record.Outcome.LearningRate, 1e-12);
            if (record.Outcome.Applied)
            {
                applied++;
                (scale, good, grown) = good + 1 == 10 ? (Math.Min(scale * 2, Math.ScaleB(1, 24)), 0, grown + 1) : (scale, good + 1, grown);
            }
            else
            {
                Assert.Equal(SkipReason.NonFiniteGradient, record.Outcome.Skipped);
                Assert.True(double.IsFinite(record.Loss));
                (scale, good, reduced) = (scale / 2, 0, reduced + 1);
            }

            Assert.Equal(applied, session.Updater.AppliedSteps);
            Assert.Equal(new LossScaleState(scale, good), session.Progress.LossScale);
            Assert.False(session.HasDiverged(record, out _));
        }

        Assert.InRange(grown, 1, 12);
        Assert.InRange(reduced, 5, 60);
        Assert.Equal(reduced, session.Progress.Skipped);
    }

    /// <summary>With one batch an epoch, whole epochs go by before the scale fits.</summary>
    [Fact]
    public void EpochsInWhichTheScaleIsStillReducedAreNoDivergence()
    {
        Trainer trainer = Trainer(TrainingPrecision.Half, LossScaling.DynamicFrom(Math.ScaleB(1, 30)), epochs: 40, batchSize: 1000);
        TrainingResult result = trainer.Fit(SmallTraining.Ring());
        Assert.Equal((TrainingStatus.Completed, 40L), (result.Status, result.Steps));
        Assert.InRange(result.SkippedSteps, 5, 20);

        // A scale that stands still is no excuse.
        trainer = Trainer(TrainingPrecision.Half, LossScaling.Static(Math.ScaleB(1, 40)), epochs: 40, batchSize: 1000);
        result = trainer.Fit(SmallTraining.Ring());
        Assert.Equal((TrainingStatus.Diverged, 5L), (result.Status, result.Steps));
        Assert.Contains("not finite in 5 steps in a row", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AStaticScaleThatIsTooGreatIsSkippedUntilTheRunEnds()
    {
        TrainingSession session = Session(TrainingPrecision.Half, LossScaling.Static(1e9));
        float[] before = session.Parameters.Span.ToArray();
        StepRecord record = Next(session);
        Assert.Equal(SkipReason.NonFiniteGradient, record.Outcome.Skipped);
        Assert.Equal(before, session.Parameters.Span.ToArray());
        Assert.Equal(0, session.Updater.AppliedSteps);
        Assert.Equal(1e9, session.Progress.LossScale!.Value.Scale);
        TrainingResult result = Trainer(TrainingPrecision.Half, LossScaling.Static(1e9)).Fit(SmallTraining.Ring());
        Assert.Equal(TrainingStatus.Diverged, result.Status);
    }

    /// <summary>Adjoints near 2⁻²⁶ are nothing in half precision; a scale of 2¹⁶ brings them back.</summary>
    [Fact]
    public void SmallAdjointsVanishWithoutAScale()
    {
        double Norm(LossScaling scaling) => Next(Session(TrainingPrecision.Half, scaling, lossFactor: 1e-7)).Outcome.GradientNorm;
        double right = Next(Session(TrainingPrecision.Float32, LossScaling.None, lossFactor: 1e-7)).Outcome.GradientNorm;
        Assert.InRange(Norm(LossScaling.Static(Math.ScaleB(1, 20))), right * 0.99, right * 1.01);
        Assert.InRange(Norm(LossScaling.None), 0, right * 0.5);
    }

    [Fact]
    public void ResumingGivesTheBytesOfNeverStopping()
    {
        using var folder = new TestFolder();
        string whole = folder.File("whole"), parts = folder.File("parts");
        Trainer Make() => Trainer(TrainingPrecision.Half, LossScaling.DynamicFrom(Math.ScaleB(1, 22)) with { GrowthInterval = 7 });
        TrainingResult straight = Make().Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(whole, "f") { Interval = TimeSpan.Zero });
        foreach (int stopAt in new[] { 2, 9, 31 })
        {
            using var cancellation = new CancellationTokenSource();
            Assert.Equal(TrainingStatus.Interrupted, Make().Fit(SmallTraining.Ring(), new Stopper(stopAt, cancellation), new CheckpointFolder(parts, "f"), resume: true, cancellation.Token).Status);
        }

        TrainingResult finished = Make().Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(parts, "f"), resume: true);
        Assert.Equal(straight.Session.Progress.LossScale, finished.Session.Progress.LossScale);
        Assert.True(straight.SkippedSteps > 0);
        foreach (string file in new[] { "last.safetensors", "best.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(parts, file)));
        }
    }

    /// <summary>1024 wide and deep, a batch of 1024: what lives between the steps of a training step.</summary>
    [Theory]
    [InlineData(3, 0.70)]
    [InlineData(8, 0.60)]
    public void AStepTakesLessMemory(int layers, double share)
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 1024 * 64).Select(_ => random.NextSingle())];
        TrainingData data = TrainingData.Of(
            Dataset.ForClassification([.. Enumerable.Range(0, 64).Select(i => $"x{i}")], features, [.. Enumerable.Range(0, 10).Select(i => $"{i}")], [.. Enumerable.Range(0, 1024).Select(i => i % 10)]), test: null);
        Network network = Network.Of([.. Enumerable.Range(0, layers).SelectMany(_ => new Layer[] { new Dense(1024), new Relu() }), new Dense(10)]);
        TrainingMemory Memory(TrainingPrecision precision) => new TrainingSession(
            network.Build(new(64)), new CrossEntropy(), Optimizers.Adam(1e-3), null, data, new TrainingOptions { BatchSize = 1024, Precision = precision }).Memory();
        TrainingMemory memory = Memory(TrainingPrecision.BFloat16);
        Assert.Equal(memory.FloatBytes, Memory(TrainingPrecision.Float32).StepBytes);
        Assert.True(memory.StepBytes < share * memory.FloatBytes, $"{memory.StepBytes:N0} of {memory.FloatBytes:N0} bytes");
        Assert.Equal(memory.StepBytes, Memory(TrainingPrecision.Half).StepBytes - 0.0, 1e5);
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LossScaling.Static(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LossScaling.DynamicFrom(double.PositiveInfinity));
        Assert.Contains("BackOff", Assert.Throws<ArgumentOutOfRangeException>(() => Session(TrainingPrecision.Half, LossScaling.Dynamic with { BackOff = 1 })).Message, StringComparison.Ordinal);
    }

    private static StepRecord Next(TrainingSession session)
    {
        if (session.Progress.Batch == session.StepsPerEpoch)
        {
            session.EndEpoch();
        }

        return session.Step();
    }

    private static TrainingSession Session(TrainingPrecision precision, LossScaling scaling, double lossFactor = 1) => new(
        Layers.Build(new(2)), lossFactor == 1 ? new CrossEntropy() : new SmallLoss(lossFactor), Chain.Of(new LearningRate(Schedule.TimeBased(0.01, 1))), null, SmallTraining.Ring(), new TrainingOptions { BatchSize = 32, Seed = 5, Precision = precision, LossScaling = scaling });

    private static Network Layers => Network.Of(new Dense(32), new Relu(), new Dense(32), new Tanh(), new Dense(2));

    private static Trainer Trainer(TrainingPrecision precision, LossScaling? scaling, int epochs = 4, int batchSize = 32) => new(Layers, new CrossEntropy(), Optimizers.Adam(0.01))
    {
        Options = new TrainingOptions { Epochs = epochs, BatchSize = batchSize, Seed = 5, Precision = precision, LossScaling = scaling },
    };

    /// <summary>Cross-entropy times a small number.</summary>
    private sealed record SmallLoss(double Factor) : Loss
    {
        public override string Name => "small";

        public override string Formula => "factor times the cross-entropy";

        public override TargetKind Targets => TargetKind.Classification;

        public override Tensor Trace(Tensor output, Tensor target) => new CrossEntropy().Trace(output, target) * Factor;
    }

    private sealed class Stopper(long stopAt, CancellationTokenSource cancellation) : ITrainingObserver
    {
        public void OnStart(TrainingSession session)
        {
        }

        public void OnStep(in StepRecord record)
        {
            if (record.Step >= stopAt)
            {
                cancellation.Cancel();
            }
        }

        public void OnEpoch(EpochRecord record)
        {
        }

        public void OnCheckpoint()
        {
        }
    }
}
