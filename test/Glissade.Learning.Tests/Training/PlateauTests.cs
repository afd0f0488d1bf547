using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Tests.Training;

public sealed class PlateauTests
{
    [Fact]
    public void EpochsThatGetNoBetterReduceTheRate()
    {
        var seen = new Recorder();
        TrainingResult result = Trainer(patience: 1).Fit(Data(), seen);
        Assert.Equal(TrainingStatus.Completed, result.Status);

        // The same rule, walked over the recorded losses.
        (double best, int bad, double factor) = (double.PositiveInfinity, 0, 1);
        foreach (EpochRecord epoch in seen.Epochs)
        {
            Assert.All(seen.Steps.Where(s => s.Epoch == epoch.Epoch), s => Assert.Equal(0.2 * factor, s.Outcome.LearningRate, 1e-15));
            double loss = epoch.Validation!.Loss;
            (best, bad) = loss < best * (1 - 1e-4) ? (loss, 0) : (best, bad + 1);
            (bad, factor) = bad > 1 ? (0, Math.Max(0.01, factor * 0.5)) : (bad, factor);
        }

        Assert.InRange(factor, 0.01, 0.25);
        Assert.Equal(factor, result.Session.Updater.LearningRateFactor, 1e-15);
        Assert.Equal(factor, result.Session.Progress.Plateau!.Value.Multiplier, 1e-15);
    }

    [Fact]
    public void ResumingGivesTheBytesOfNeverStopping()
    {
        using var folder = new TestFolder();
        string whole = folder.File("whole"), parts = folder.File("parts");
        TrainingResult straight = Trainer(patience: 0).Fit(Data(), checkpoints: new CheckpointFolder(whole, "f") { Interval = TimeSpan.Zero });
        Assert.InRange(straight.Session.Updater.LearningRateFactor, 0.01, 0.5);
        foreach (int stopAt in new[] { 9, 50, 91, 140 })
        {
            using var cancellation = new CancellationTokenSource();
            Assert.Equal(TrainingStatus.Interrupted, Trainer(patience: 0).Fit(Data(), new Recorder(stopAt, cancellation), new CheckpointFolder(parts, "f"), resume: true, cancellation.Token).Status);
        }

        TrainingResult finished = Trainer(patience: 0).Fit(Data(), checkpoints: new CheckpointFolder(parts, "f"), resume: true);
        Assert.Equal(TrainingStatus.Completed, finished.Status);
        Assert.Equal(straight.Session.Progress.Plateau, finished.Session.Progress.Plateau);
        foreach (string file in new[] { "last.safetensors", "best.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(parts, file)));
        }
    }

    [Fact]
    public void ThereMustBeARateAndALossToGoBy()
    {
        Assert.Contains("Plateau", Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(0, Chain.Of(Adam.Scaling())).Fit(Data())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(Network.Of(new Dense(2)), new CrossEntropy(), Optimizers.Adam(0.1))
        {
            Options = new TrainingOptions { Plateau = new PlateauSettings { HigherIsBetter = true } },
        }.Fit(Data()));
    }

    private static Trainer Trainer(int patience, Chain? chain = null) => new(Network.Of(new Dense(8), new Tanh(), new Dense(2)), new CrossEntropy(), chain ?? Optimizers.Adam(0.2))
    {
        Options = new TrainingOptions { Epochs = 30, BatchSize = 32, Seed = 5, Plateau = new PlateauSettings { Factor = 0.5, Patience = patience, Minimum = 0.01 } },
    };

    /// <summary>Classes that overlap, so that the loss soon gets no better.</summary>
    private static TrainingData Data()
    {
        var random = new Random(11);
        int[] classes = [.. Enumerable.Range(0, 300).Select(i => i % 2)];
        float[] features = [.. classes.SelectMany(c => new[] { (float)(c + random.NextDouble()), (float)random.NextDouble() })];
        for (int i = 0; i < classes.Length; i += 7)
        {
            classes[i] = 1 - classes[i];
        }

        return TrainingData.Of(Dataset.ForClassification(["x", "y"], features, ["low", "high"], classes), test: 0.2, validation: 0.3, standardize: true, seed: 2);
    }

    private sealed class Recorder(long stopAt = long.MaxValue, CancellationTokenSource? cancellation = null) : ITrainingObserver
    {
        public List<StepRecord> Steps { get; } = [];

        public List<EpochRecord> Epochs { get; } = [];

        public void OnStart(TrainingSession session)
        {
        }

        public void OnStep(in StepRecord record)
        {
            Steps.Add(record);
            if (record.Step >= stopAt)
            {
                cancellation!.Cancel();
            }
        }

        public void OnEpoch(EpochRecord record) => Epochs.Add(record);

        public void OnCheckpoint()
        {
        }
    }
}
