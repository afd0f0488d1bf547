using Glissade.Averaging;
using Glissade.Input;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Learning.WarmStarts;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Learning.Tests.WarmStarts;

/// <summary>Runs that begin with what another has saved.</summary>
public sealed class WarmStartTests
{
    private static readonly string[] Body = ["dense1.weight", "dense1.bias"];

    [Fact]
    public void OfTheSameRunEverythingIsTakenButTheSteps()
    {
        using var folder = new TestFolder();
        TrainingSession old = Trained(folder, out string file);
        TrainingSession fresh = Session(2, Chain(2));
        WarmStartReport report = fresh.WarmStart(WarmStartSource.Read(file));
        Assert.True(report.IsExact);
        Assert.Equal(["applied-steps", "learning-rate-factor"], report.NotWanted.Select(i => i.Name));
        Assert.Equal(old.Parameters.Span.ToArray(), fresh.Parameters.Span.ToArray());
        Assert.Equal(Values(old), Values(fresh));
        Assert.Equal(old.Updater.Counters.SetItem("applied-steps", 0), fresh.Updater.Counters);

        // With the steps the next one is that of the old run, to the bit: both see the first batch of epoch 4.
        TrainingSession onward = Session(2, Chain(2));
        onward.WarmStart(WarmStartSource.Of(old.Save()), new WarmStartPolicy { Steps = true });
        for (int epoch = 0; epoch < 3; epoch++)
        {
            onward.BeginNextEpoch();
        }

        old.Step();
        onward.Step();
        Assert.Equal(old.Parameters.Span.ToArray(), onward.Parameters.Span.ToArray());
        Assert.Equal(Values(old), Values(onward));
    }

    [Fact]
    public void OfAChangedNetworkAndChainWhatHasTheSameNameAndShapeIsTaken()
    {
        using var folder = new TestFolder();
        TrainingSession old = Trained(folder, out string file);
        TrainingSession fresh = Session(3, Updates.Chain.Of(Momentum.Of(0.9), Adam.Scaling(), LearningRate.Of(0.01)), average: false);
        float[] before = fresh.Parameters.Span.ToArray();
        WarmStartReport report = fresh.WarmStart(WarmStartSource.Read(file));
        Assert.Equal(
            [.. Body, "adam.first-moment/dense1.weight", "adam.first-moment/dense1.bias", "adam.second-moment/dense1.weight", "adam.second-moment/dense1.bias", "adam.decay-product-1", "adam.decay-product-2"],
            report.Matched.Select(i => i.Name));
        Assert.Equal(["momentum.velocity"], report.Missing.Select(i => i.Name));
        Assert.Contains(new WarmStartItem(WarmStartKind.Parameter, "dense2.weight", fresh.Network.Layout["dense2.weight"].Shape, old.Network.Layout["dense2.weight"].Shape), report.OtherShape);
        Assert.Equal(6, report.OtherShape.Length);
        Assert.Equal(["ema.average", "ema.decay-product-1"], report.LeftOver.Select(i => i.Name));
        Assert.Contains("other shape  parameter  dense2.weight", report.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("8 matched, 1 missing, 2 left over, 6 other shape, 2 not wanted\n", report.ToString(), StringComparison.Ordinal);

        foreach (LayoutEntry entry in fresh.Network.Layout.Entries)
        {
            bool taken = Body.Contains(entry.Name);
            Span<float> own = fresh.Parameters.Span.Slice(entry.Offset, entry.Length);
            Assert.Equal(taken ? Part(old.Parameters, old, entry.Name) : before[entry.Offset..(entry.Offset + entry.Length)], own.ToArray());
            foreach (string moment in new[] { "adam.first-moment", "adam.second-moment" })
            {
                FlatVector<float> mine = fresh.Updater.State.First(s => s.Key == moment).Value, its = old.Updater.State.First(s => s.Key == moment).Value;
                Assert.Equal(taken ? Part(its, old, entry.Name) : new float[entry.Length], Part(mine, fresh, entry.Name));
            }
        }

        // Without its state, and of the body the weights alone.
        TrainingSession bare = Session(3, Chain(2));
        report = bare.WarmStart(WarmStartSource.Read(file), new WarmStartPolicy { State = false, Parameters = ["*.weight"] });
        Assert.Equal(["dense1.weight"], report.Matched.Select(i => i.Name));
        Assert.Contains(report.NotWanted, i => i.Name == "dense1.bias");
        Assert.All(Values(bare).Where(v => v.Key.StartsWith("adam", StringComparison.Ordinal)), v => Assert.All(v.Value, x => Assert.Equal(0, x)));
    }

    [Fact]
    public void AModelFileGivesTheWeightsAlone()
    {
        using var folder = new TestFolder();
        TrainingSession old = Trained(folder, out _);
        ModelFile.Write(folder.File("model"), old, old.Parameters.Span);
        TrainingSession fresh = Session(2, Chain(2));
        WarmStartReport report = fresh.WarmStart(WarmStartSource.Read(folder.File("model")));
        Assert.Equal(["dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias"], report.Matched.Select(i => i.Name).OrderBy(n => n[5]).ThenByDescending(n => n));
        Assert.Equal(old.Parameters.Span.ToArray(), fresh.Parameters.Span.ToArray());
        Assert.Contains(report.Missing, i => i.Name == "adam.first-moment");
    }

    /// <summary>A body learned on one task, under a new head for another: the head alone for three epochs, then all of it.</summary>
    [Fact]
    public void ABodyIsFrozenUntilTheHeadHasLearnedAndThenFineTuned()
    {
        using var folder = new TestFolder();
        Trained(folder, out string file, epochs: 20);
        const int frozenEpochs = 3;
        TrainingData sectors = Ring(3);
        int perEpoch = (sectors.Training.Count + 31) / 32;
        Chain chain = Updates.Chain.Of(Adam.Scaling(), LearningRate.Of(0.02), Freeze.Until(frozenEpochs * perEpoch, "dense1.*"));
        Trainer Make(int epochs, WarmStart? start) => new(Net(3), new CrossEntropy(), chain) { Start = start, Options = Options with { Epochs = epochs } };
        WarmStart warm = WarmStart.From(file) with { Policy = new WarmStartPolicy { Parameters = ["dense1.*"], State = false } };

        float[] body = ModelFile.ReadWeights(file, new Layout(("dense1.weight", new Shape(2, 16)), ("dense1.bias", new Shape(16)))).Span.ToArray();
        TrainingSession frozen = Make(frozenEpochs, warm).Fit(sectors).Session;
        Assert.Equal(body, (float[])[.. Part(frozen.Parameters, frozen, "dense1.weight"), .. Part(frozen.Parameters, frozen, "dense1.bias")]);
        TrainingResult tuned = Make(frozenEpochs + 15, warm).Fit(sectors);
        Assert.NotEqual(body[..32], Part(tuned.Session.Parameters, tuned.Session, "dense1.weight"));
        Assert.True(tuned.Test!.Accuracy > 0.8, $"accuracy {tuned.Test.Accuracy}");

        // A frozen body that learned something is worth more than one that never did.
        double fresh = Make(frozenEpochs, null).Fit(sectors).Training.Loss;
        double pretrained = frozen.Evaluate(frozen.Parameters.Span, sectors.Training).Loss;
        Assert.True(pretrained < fresh, $"{pretrained} against {fresh}");
        Assert.True(tuned.Training.Loss < 0.8 * pretrained, $"{tuned.Training.Loss} against {pretrained}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public void InterruptedAnywhereEvenBeforeTheFirstStepItGivesTheBytesOfNeverStopping(int stopAt)
    {
        using var folder = new TestFolder();
        Trained(folder, out string file);
        Trainer Make() => new(Net(2), new CrossEntropy(), Chain(2)) { Start = WarmStart.From(file), Average = Ema.Of(0.9, debias: false), Options = Options with { Epochs = 2, Seed = 8 } };
        Make().Fit(Ring(2), checkpoints: new CheckpointFolder(folder.File("whole"), "f"));
        using var cancellation = new CancellationTokenSource();
        var observer = new StopAfter(stopAt, cancellation);
        Assert.Equal(TrainingStatus.Interrupted, Make().Fit(Ring(2), observer, new CheckpointFolder(folder.File("parts"), "f"), resume: false, cancellation.Token).Status);
        Assert.NotNull(observer.Report);
        var second = new StopAfter(1000, cancellation);
        Make().Fit(Ring(2), second, new CheckpointFolder(folder.File("parts"), "f"), resume: true);
        Assert.Null(second.Report);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.File("whole"), "last.safetensors")), File.ReadAllBytes(Path.Combine(folder.File("parts"), "last.safetensors")));
    }

    [Fact]
    public void AnAverageThatIsTakenIsNotBegunAnew()
    {
        using var folder = new TestFolder();
        TrainingSession old = Trained(folder, out string file);
        float[] average = old.Updater.State.First(s => s.Key == "ema.average").Value.Span.ToArray();
        TrainingSession fresh = Session(2, Updates.Chain.Of(LearningRate.Of(0)), ema: Ema.Of(0.75, debias: false));
        fresh.WarmStart(WarmStartSource.Read(file));
        fresh.Step();
        float[] own = fresh.Updater.State.First(s => s.Key == "ema.average").Value.Span.ToArray();
        for (int i = 0; i < own.Length; i++)
        {
            Assert.Equal((0.75 * average[i]) + (0.25 * old.Parameters[i]), own[i], 1e-6);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsToldByName()
    {
        using var folder = new TestFolder();
        TrainingSession old = Trained(folder, out string file);
        string strict = Assert.Throws<InputException>(() => TrainingCheckpoint.Read(file, Session(3, Updates.Chain.Of(Momentum.Of(0.9), LearningRate.Of(0.1)), average: false), "f")).Message;
        Assert.Contains("matched: dense1.weight, dense1.bias, applied-steps, learning-rate-factor; missing: momentum.velocity; left over: adam.first-moment, adam.second-moment, ema.average", strict, StringComparison.Ordinal);
        Assert.Contains("other shape: dense2.weight (here [16, 3], saved [16, 2]), dense2.bias (here [3], saved [2])", strict, StringComparison.Ordinal);
        Assert.Contains("missing: momentum.velocity", Assert.Throws<ArgumentException>(() => Session(2, Updates.Chain.Of(Momentum.Of(0.9), LearningRate.Of(0.1))).Restore(old.Save())).Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of", Assert.Throws<ArgumentException>(() => Session(2, Chain(2)).WarmStart(WarmStartSource.Read(file), new WarmStartPolicy { Parameters = ["conv*"] })).Message, StringComparison.Ordinal);
        old.Step();
        Assert.Throws<InvalidOperationException>(() => old.WarmStart(WarmStartSource.Read(file)));
    }

    private static readonly TrainingOptions Options = new() { Epochs = 3, BatchSize = 32, Seed = 5 };

    private static TrainingSession Trained(TestFolder folder, out string file, int epochs = 3)
    {
        var checkpoints = new CheckpointFolder(folder.File("old"), "f");
        file = checkpoints.LastFile;
        return new Trainer(Net(2), new CrossEntropy(), Chain(2)) { Average = Ema.Of(0.9), Options = Options with { Epochs = epochs } }.Fit(Ring(2), checkpoints: checkpoints).Session;
    }

    private static TrainingSession Session(int classes, Chain chain, bool average = true, ParameterAverage? ema = null) =>
        new(Net(classes).Build(new Shape(2)), new CrossEntropy(), chain, average ? ema ?? Ema.Of(0.9) : null, Ring(classes), Options);

    private static Chain Chain(int scale) => Optimizers.Adam(0.01 * scale);

    private static Network Net(int classes) => Network.Of(new Dense(16), new Tanh(), new Dense(classes));

    private static float[] Part(FlatVector<float> vector, TrainingSession session, string name)
    {
        LayoutEntry entry = session.Network.Layout[name];
        return vector.Span.Slice(entry.Offset, entry.Length).ToArray();
    }

    private static Dictionary<string, float[]> Values(TrainingSession session) => session.Updater.State.ToDictionary(s => s.Key, s => s.Value.Span.ToArray());

    /// <summary>Points of a square by their distance from the middle: within a ring or not, or within the inner or the outer of two.</summary>
    private static TrainingData Ring(int classes)
    {
        var random = new Random(11);
        float[] features = [.. Enumerable.Range(0, 1000).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        int[] labels = [.. Enumerable.Range(0, 500).Select(i =>
        {
            double radius = Math.Sqrt((features[2 * i] * features[2 * i]) + (features[(2 * i) + 1] * features[(2 * i) + 1]));
            return classes == 2 ? (radius < 1.4 ? 1 : 0) : radius < 0.9 ? 2 : radius < 1.6 ? 1 : 0;
        })];
        return TrainingData.Of(Dataset.ForClassification(["x", "y"], features, [.. Enumerable.Range(0, classes).Select(c => $"class {c}")], labels), test: 0.2, standardize: true, seed: 2);
    }

    private sealed class StopAfter(long step, CancellationTokenSource cancellation) : ITrainingObserver
    {
        public WarmStartReport? Report { get; private set; }

        public void OnWarmStart(WarmStartReport report) => Report = report;

        public void OnStart(TrainingSession session) => Stop(session.StepsTaken);

        public void OnStep(in StepRecord record) => Stop(record.Step);

        public void OnEpoch(EpochRecord record)
        {
        }

        public void OnCheckpoint()
        {
        }

        private void Stop(long at)
        {
            if (at >= step && step < 1000)
            {
                cancellation.Cancel();
            }
        }
    }
}
