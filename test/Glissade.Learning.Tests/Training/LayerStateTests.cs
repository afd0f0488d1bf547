using Glissade.Averaging;
using Glissade.Learning.Checkpoints;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Learning.WarmStarts;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Tests.Training;

/// <summary>What layers keep from batch to batch, in training: batch normalisation, whose statistics belong to the parameters they were measured with.</summary>
public sealed partial class LayerStateTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 4, BatchSize = 32, Seed = 5 };

    /// <summary>Descent over two epochs with the mean of the parameters after steps 2, 4 and 6, then swa_utils.update_bn over the batches of the first epoch.</summary>
    [Fact]
    public void StepsStatisticsAndThoseMeasuredForAnAverageAreThoseOfPyTorch()
    {
        float[] features = [.. Enumerable.Range(0, 22).Select(i => (float)Math.Round((Math.Cos(i * 0.7) * 2) + (i * 0.05), 3))];
        Dataset data = Dataset.ForClassification(["x", "y"], features, ["no", "yes"], [.. Enumerable.Range(0, 11).Select(i => i % 3 == 0 ? 1 : 0)]);
        BuiltNetwork network = Network.Of(new Dense(3), new BatchNormalization(), new Tanh(), new Dense(4), new BatchNormalization(momentum: 0.2), new Dense(2)).Build(new Shape(2));
        var options = new TrainingOptions { BatchSize = 4, Seed = 7 };
        var batches = new Batches(data, 4, 7);
        Assert.Equal(Orders, [.. Enumerable.Range(0, 6).Select(i => batches.Rows(i / 3, i % 3).ToArray())]);

        var session = new TrainingSession(network, new CrossEntropy(), Optimizers.Sgd(0.1), StochasticWeightAverage.Of(0, 2), new TrainingData(data, Test: data), options);
        Start.CopyTo(session.Parameters.Span);
        double[] losses = [.. Enumerable.Range(0, 3).Select(_ => session.Step().Loss)];
        session.EndEpoch();
        losses = [.. losses, .. Enumerable.Range(0, 3).Select(_ => session.Step().Loss)];
        Same(Losses, [.. losses.Select(l => (float)l)]);
        Same(Parameters, session.Parameters.Span);
        Same(Running, session.LayerStates.Span);

        float[] average = new float[Start.Length], states = new float[Running.Length];
        session.CopyAverage(average, states);
        Same(Average, average);
        Same(Measured, states);
        Same(Running, session.LayerStates.Span);
        Same(Outputs, session.Evaluate(data)!.Outputs[..6]);
        Same(Outputs, session.Evaluate(average, data, states).Outputs[..6]);

        // The same in one call, for whoever has parameters from elsewhere.
        Assert.Equal(states, LayerStateMeasurement.Measure(network, new FlatVector<float>(average), data, batchSize: 4, seed: 7).Span.ToArray());
    }

    [Fact]
    public void WithoutAnAverageTheRunningStatisticsAreEvaluatedAndKept()
    {
        TrainingResult result = Trainer(average: null, epochs: 15).Fit(SmallTraining.Ring());
        Assert.Equal(result.Session.LayerStates.Span.ToArray(), result.LayerStates.Span.ToArray());
        Assert.Equal(result.Session.Evaluate(result.Session.Parameters.Span, result.Session.Data.Test!, result.Session.LayerStates.Span).Loss, result.Test!.Loss);
        Assert.True(result.Test.Accuracy > 0.85, $"accuracy {result.Test.Accuracy}");
    }

    [Fact]
    public void AnAverageThatIsStillTheParametersHasTheirStatistics()
    {
        TrainingSession session = Session(StochasticWeightAverage.Of(10, 5));
        session.Step();
        (float[] parameters, float[] states) = Averaged(session);
        Assert.Equal(session.Parameters.Span.ToArray(), parameters);
        Assert.Equal(session.LayerStates.Span.ToArray(), states);
    }

    /// <summary>At a high rate the parameters wander: with the running statistics, which belong to the last of them, the average is worse than with its own.</summary>
    [Fact]
    public void AnAverageIsWorthMoreWithItsOwnStatistics()
    {
        TrainingResult result = Trainer(StochasticWeightAverage.Of(13, 3), Optimizers.Sgd(0.3, momentum: 0.9), epochs: 6).Fit(SmallTraining.Ring());
        double own = result.Training.Loss;
        double others = result.Session.Evaluate(result.Weights.Span, result.Session.Data.Training, result.Session.LayerStates.Span).Loss;
        Assert.True(own < 0.9 * others, $"{own} against {others}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CancellingAndResumingGivesTheBytesOfNeverStopping(bool validate)
    {
        using var folder = new TestFolder();
        TrainingData data = SmallTraining.Ring(validate ? 0.2 : null);
        Trainer(Ema.Of(0.9)).Fit(data, checkpoints: new CheckpointFolder(folder.File("whole"), "f") { Interval = TimeSpan.Zero });
        int perEpoch = (data.Training.Count + 31) / 32;
        foreach (int stopAt in new[] { 1, perEpoch, perEpoch + 4, 3 * perEpoch })
        {
            using var cancellation = new CancellationTokenSource();
            TrainingResult stopped = Trainer(Ema.Of(0.9)).Fit(data, new StopAfter(stopAt, cancellation), new CheckpointFolder(folder.File("parts"), "f"), resume: true, cancellation.Token);
            Assert.Equal((TrainingStatus.Interrupted, stopAt), (stopped.Status, (int)stopped.Steps));
        }

        TrainingResult finished = Trainer(Ema.Of(0.9)).Fit(data, checkpoints: new CheckpointFolder(folder.File("parts"), "f"), resume: true);
        Assert.Equal(TrainingStatus.Completed, finished.Status);
        foreach (string file in new[] { "last.safetensors", "best.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder.File("whole"), file)), File.ReadAllBytes(Path.Combine(folder.File("parts"), file)));
        }

        SafetensorsFile last = SafetensorsFile.Read(Path.Combine(folder.File("parts"), "last.safetensors"));
        Assert.Equal(finished.Session.LayerStates.Span[..16].ToArray(), last["batch-normalization1.running-mean"].Floats.ToArray());
    }

    /// <summary>A cancelled run measures nothing more: it tells of the last parameters, with the states that are theirs, and measures the average when it goes on.</summary>
    [Theory]
    [InlineData(5, false)]
    [InlineData(20, false)]
    [InlineData(20, true)]
    public void ACancelledRunDoesNotMeasureItsAverage(int stopAt, bool leaps)
    {
        using var folder = new TestFolder();
        TrainingData data = SmallTraining.Ring();
        data = new TrainingData(data.Training.Subset([.. Enumerable.Range(0, 5 * 32)]));

        // Where the rate leaps, the last epoch is not the best, so that its average would be measured at the very end only.
        Chain chain = leaps ? Chain.Of(LearningRate.Of(Schedule.MultiStep(0.1, 100, 15))) : Optimizers.Adam(0.02);
        CheckpointFolder Folder(string name) => new(folder.File(name), "f") { Interval = TimeSpan.Zero };
        TrainingResult whole = Trainer(Ema.Of(0.9), chain).Fit(data, checkpoints: Folder("whole"));
        using var cancellation = new CancellationTokenSource();
        TrainingResult stopped = Trainer(Ema.Of(0.9), chain).Fit(data, new StopAfter(stopAt, cancellation), Folder("parts"), cancellation: cancellation.Token);
        Assert.Equal(TrainingStatus.Interrupted, stopped.Status);
        Assert.StartsWith($"interrupted after step {stopAt}; the state is saved, and the weights are the last parameters", stopped.Reason, StringComparison.Ordinal);
        Assert.Equal(stopped.Session.Parameters.Span.ToArray(), stopped.Weights.Span.ToArray());
        Assert.Equal(stopped.Session.LayerStates.Span.ToArray(), stopped.LayerStates.Span.ToArray());

        TrainingResult finished = Trainer(Ema.Of(0.9), chain).Fit(data, checkpoints: Folder("parts"), resume: true);
        Assert.Equal(leaps ? 3 : 4, whole.BestEpoch);
        Assert.Equal((whole.Status, whole.Reason, whole.Steps), (finished.Status, finished.Reason, finished.Steps));
        Assert.Equal(whole.Weights.Span.ToArray(), finished.Weights.Span.ToArray());
        Assert.Equal(whole.LayerStates.Span.ToArray(), finished.LayerStates.Span.ToArray());
        Assert.Equal(whole.Training.Loss, finished.Training.Loss);
        Assert.NotEqual(finished.Session.Parameters.Span.ToArray(), finished.Weights.Span.ToArray());
        Assert.Equal(File.ReadAllBytes(Folder("whole").LastFile), File.ReadAllBytes(Folder("parts").LastFile));
    }

    [Fact]
    public void AMeasurementThatIsCancelledChangesNothing()
    {
        TrainingSession session = Session(Ema.Of(0.9));
        while (session.Progress.Batch < session.StepsPerEpoch)
        {
            session.Step();
        }

        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        TrainingState before = session.Save();
        Assert.Throws<OperationCanceledException>(() => session.EndEpoch(cancellation.Token));
        Assert.Equal((0L, session.StepsPerEpoch, 0), (session.Progress.Epoch, session.Progress.Batch, session.Progress.BestEpoch));
        float[] parameters = new float[session.Parameters.Length], states = new float[session.LayerStates.Length];
        Assert.Throws<OperationCanceledException>(() => session.CopyAverage(parameters, states, cancellation.Token));
        Assert.All(parameters.Concat(states), v => Assert.Equal(0, v));
        Assert.Equal(before.LayerStates.Span.ToArray(), session.LayerStates.Span.ToArray());

        // What was begun and not ended is not taken for the result.
        EpochRecord late = session.EndEpoch();
        TrainingSession other = Session(Ema.Of(0.9));
        while (other.Progress.Batch < other.StepsPerEpoch)
        {
            other.Step();
        }

        Assert.Equal(other.EndEpoch().Test!.Loss, late.Test!.Loss);
    }

    [Fact]
    public void AStepThatIsSkippedLeavesTheStatisticsAlone()
    {
        TrainingData ring = SmallTraining.Ring();
        float[] features = ring.Training.Features.ToArray();
        (features[2 * 7], features[(2 * 7) + 1]) = (float.MaxValue, float.MaxValue);
        Dataset poisoned = Dataset.ForClassification(ring.Training.FeatureNames, features, ring.Training.ClassNames, ring.Training.Classes);
        TrainingSession session = Session(null, data: new TrainingData(poisoned, Test: ring.Test));
        int skipped = 0;
        for (int step = 0; step < session.StepsPerEpoch; step++)
        {
            float[] before = session.LayerStates.Span.ToArray();
            StepRecord record = session.Step();
            Assert.All(session.LayerStates.Span.ToArray(), v => Assert.True(float.IsFinite(v)));
            if (record.Outcome.Applied)
            {
                Assert.NotEqual(before, session.LayerStates.Span.ToArray());
            }
            else
            {
                skipped++;
                Assert.Equal(before, session.LayerStates.Span.ToArray());
            }
        }

        Assert.Equal(1, skipped);
    }

    [Fact]
    public void NeitherRateNorDecayMovesTheStatisticsAndMicroBatchesCountEach()
    {
        TrainingSession still = Session(null, Chain.Of(WeightDecay.L2(100), LearningRate.Of(0))), gathering = Session(null, Chain.Of(Accumulate.Over(4), LearningRate.Of(0)));
        float[] start = still.Parameters.Span.ToArray();
        for (int step = 0; step < 3; step++)
        {
            still.Step();
            gathering.Step();
        }

        Assert.Equal(start, still.Parameters.Span.ToArray());
        Assert.NotEqual(still.Network.InitializeStates().Span.ToArray(), still.LayerStates.Span.ToArray());
        Assert.Equal(still.LayerStates.Span.ToArray(), gathering.LayerStates.Span.ToArray());
    }

    /// <summary>A rule that asks for a second gradient elsewhere has no second say in the statistics.</summary>
    [Fact]
    public void TheFirstEvaluationOfAStepIsFollowed()
    {
        TrainingSession plain = Session(null, Optimizers.Sgd(0.1)), aware = Session(null, Chain.Of(SharpnessAware.Of(0.5), LearningRate.Of(0.1)));
        plain.Step();
        aware.Step();
        Assert.NotEqual(plain.Parameters.Span.ToArray(), aware.Parameters.Span.ToArray());
        Assert.Equal(plain.LayerStates.Span.ToArray(), aware.LayerStates.Span.ToArray());
    }

    [Fact]
    public void AStateThatIsRestoredHasItsStatistics()
    {
        TrainingSession session = Session(null);
        session.Step();
        TrainingState saved = session.Save();
        session.Step();
        float[] ahead = session.LayerStates.Span.ToArray();
        session.Restore(saved);
        Assert.Equal(saved.LayerStates.Span.ToArray(), session.LayerStates.Span.ToArray());
        session.Step();
        Assert.Equal(ahead, session.LayerStates.Span.ToArray());
        Assert.Contains("batch-normalization1.running-mean", Assert.Throws<ArgumentException>(() => session.Restore(saved with { LayerStates = new(0), StateLayout = null })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrainingPrecision.BFloat16)]
    [InlineData(TrainingPrecision.Half)]
    public void InSixteenBitsTheStatisticsAreFloatsNearThoseOfFloats(TrainingPrecision precision)
    {
        TrainingResult floats = Trainer(Ema.Of(0.9)).Fit(SmallTraining.Ring());
        TrainingResult rounded = Trainer(Ema.Of(0.9), precision: precision).Fit(SmallTraining.Ring());
        Assert.InRange(rounded.Test!.Accuracy!.Value, floats.Test!.Accuracy!.Value - 0.04, 1);
        TrainingSession one = Session(null), other = Session(null, precision: precision);
        one.Step();
        other.Step();
        Assert.NotEqual(one.LayerStates.Span.ToArray(), other.LayerStates.Span.ToArray());
        for (int i = 0; i < one.LayerStates.Length; i++)
        {
            Assert.Equal(one.LayerStates[i], other.LayerStates[i], 0.01f);
        }

        // A mean that bfloat16 does not hold.
        Assert.Contains(other.LayerStates.Span.ToArray(), v => (BitConverter.SingleToUInt32Bits(v) & 0xFFFF) != 0);
    }

    [Fact]
    public void AModelFileGivesParametersAndStatistics()
    {
        using var folder = new TestFolder();
        TrainingResult result = Trainer(Ema.Of(0.9)).Fit(SmallTraining.Ring());
        ModelFile.Write(folder.File("model"), result.Session, result.Weights.Span, result.LayerStates.Span);
        Assert.Contains("running-mean", Assert.Throws<ArgumentException>(() => ModelFile.Write(folder.File("other"), result.Session, result.Weights.Span)).Message, StringComparison.Ordinal);
        Assert.Equal(result.LayerStates.Span.ToArray(), ModelFile.ReadWeights(folder.File("model"), result.Session.Network.StateLayout).Span.ToArray());
        Assert.Throws<ArgumentException>(() => result.Session.Evaluate(result.Weights.Span, result.Session.Data.Training));

        TrainingSession warm = Session(null);
        WarmStartReport report = warm.WarmStart(WarmStartSource.Read(folder.File("model")));
        Assert.Empty(report.LeftOver);
        Assert.Equal(["batch-normalization1.running-mean", "batch-normalization1.running-variance"], report.Matched.Where(i => i.Kind == WarmStartKind.LayerState).Select(i => i.Name));
        Assert.Contains("matched      layer state  batch-normalization1.running-mean", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(result.LayerStates.Span.ToArray(), warm.LayerStates.Span.ToArray());
        Assert.Equal(result.Test!.Loss, warm.Evaluate(warm.Data.Test)!.Loss);
    }

    [Fact]
    public void AWarmStartTakesStatisticsByNameAndShape()
    {
        using var folder = new TestFolder();
        var checkpoints = new CheckpointFolder(folder.File("run"), "f");
        TrainingResult old = Trainer(null).Fit(SmallTraining.Ring(), checkpoints: checkpoints);
        TrainingSession same = Session(null);
        Assert.True(same.WarmStart(WarmStartSource.Read(checkpoints.LastFile)).IsExact);
        Assert.Equal(old.Session.LayerStates.Span.ToArray(), same.LayerStates.Span.ToArray());

        TrainingSession other = Session(null);
        WarmStartReport report = other.WarmStart(WarmStartSource.Of(old.Session.Save()), new WarmStartPolicy { Parameters = ["*.running-mean", "dense1.*"] });
        Assert.Equal(old.Session.LayerStates.Span[..16].ToArray(), other.LayerStates.Span[..16].ToArray());
        Assert.All(other.LayerStates.Span[16..].ToArray(), v => Assert.Equal(1, v));
        Assert.Contains(report.NotWanted, i => i is { Kind: WarmStartKind.LayerState, Name: "batch-normalization1.running-variance" });

        // A network without the layer has no use for them.
        var plain = new TrainingSession(Network.Of(new Dense(16), new Tanh(), new Dense(2)).Build(new Shape(2)), new CrossEntropy(), Optimizers.Adam(0.02), null, SmallTraining.Ring(), Options);
        report = plain.WarmStart(WarmStartSource.Read(checkpoints.LastFile));
        Assert.Equal(2, report.LeftOver.Count(i => i.Kind == WarmStartKind.LayerState));
    }

    [Fact]
    public void ALastBatchOfOneRowIsTrainedOnAndABatchSizeOfOneRefused()
    {
        TrainingData all = SmallTraining.Ring();
        int[] classes = [.. all.Training.Classes[..33]];
        var data = new TrainingData(Dataset.ForClassification(["x", "y"], all.Training.Features[..66].ToArray(), ["outside", "inside"], classes), Test: all.Test);
        TrainingSession session = Session(StochasticWeightAverage.Of(0, 1), data: data);
        session.Step();
        float[] before = session.LayerStates.Span.ToArray(), parameters = session.Parameters.Span.ToArray();
        Assert.True(session.Step().Outcome.Applied);
        Assert.NotEqual(parameters, session.Parameters.Span.ToArray());
        Assert.Equal(before, session.LayerStates.Span.ToArray());
        Assert.True(double.IsFinite(session.EndEpoch().Test!.Loss));

        TrainingOptions single = Options with { BatchSize = 1 };
        Assert.Contains("2 or more", Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingSession(Net().Build(new Shape(2)), new CrossEntropy(), Optimizers.Adam(0.1), null, data, single)).Message, StringComparison.Ordinal);
        Assert.Contains("2 are needed", Assert.Throws<ArgumentException>(() => new LayerStateMeasurement(Net().Build(new Shape(2)), data.Training, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("3 features", Assert.Throws<ArgumentException>(() => new LayerStateMeasurement(Net().Build(new Shape(3)), data.Training, 8)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LayerStateMeasurement(Net().Build(new Shape(2)), data.Training, 8).Run(new float[3], new float[32]));
    }

    [Fact]
    public void AStepAllocatesNothing()
    {
        TrainingSession session = Session(Ema.Of(0.9), Chain.Of(Clip.ByGlobalNorm(1), Adam.Scaling(), LearningRate.Of(0.01)));

        SmallTraining.AssertStepsAllocateNothing(session);
    }

    private static Network Net() => Network.Of(new Dense(16, bias: false), new BatchNormalization(), new Tanh(), new Dense(2));

    private static Trainer Trainer(ParameterAverage? average, Chain? chain = null, int epochs = 4, TrainingPrecision precision = TrainingPrecision.Float32) =>
        new(Net(), new CrossEntropy(), chain ?? Optimizers.Adam(0.02)) { Average = average, Options = Options with { Epochs = epochs, Precision = precision } };

    private static TrainingSession Session(ParameterAverage? average, Chain? chain = null, TrainingData? data = null, TrainingPrecision precision = TrainingPrecision.Float32) =>
        new(Net().Build(new Shape(2)), new CrossEntropy(), chain ?? Optimizers.Adam(0.02), average, data ?? SmallTraining.Ring(), Options with { Precision = precision });

    private static (float[] Parameters, float[] States) Averaged(TrainingSession session)
    {
        float[] parameters = new float[session.Parameters.Length], states = new float[session.LayerStates.Length];
        session.CopyAverage(parameters, states);
        return (parameters, states);
    }

    private static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 2e-5f * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    private sealed class StopAfter(long step, CancellationTokenSource cancellation) : ITrainingObserver
    {
        public void OnStart(TrainingSession session) => CancelFrom(session.StepsTaken);

        public void OnStep(in StepRecord record) => CancelFrom(record.Step);

        public void OnEpoch(EpochRecord record)
        {
        }

        public void OnCheckpoint()
        {
        }

        private void CancelFrom(long taken)
        {
            if (taken >= step)
            {
                cancellation.Cancel();
            }
        }
    }
}
