using Glissade.Differentiation;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Learning.Tests.Training;

/// <summary>Rules that want the curvature, in a trainer, which makes the estimates that they name.</summary>
public sealed class CurvatureTrainingTests
{
    private static readonly TrainingOptions Options = new() { Epochs = 6, BatchSize = 32, Seed = 5 };
    private static readonly CurvatureEstimate[] Estimates = [CurvatureEstimate.Hutchinson(), CurvatureEstimate.GaussNewtonBartlett(), CurvatureEstimate.Exact(7)];

    [Fact]
    public void SophiaLearnsARingWithEachEstimate()
    {
        foreach (CurvatureEstimate estimate in Estimates)
        {
            TrainingResult result = Trainer(Optimizers.Sophia(0.03, 0.01, gamma: 20, curvature: estimate)).Fit(SmallTraining.Ring());
            Assert.Equal(TrainingStatus.Completed, result.Status);
            Assert.Equal(0, result.SkippedSteps);
            Assert.True(result.Test!.Accuracy >= 0.85, $"{estimate}: accuracy {result.Test.Accuracy}");

            // The curvature must have a say: not every element is clipped.
            Assert.InRange(result.Session.Updater.Clips[0].Value, 0, 0.95);
            FlatVector<float> curvature = result.Session.Updater.State.Single(s => s.Key == "sophia.curvature").Value;
            Assert.True(curvature.Span.ToArray().Count(h => h != 0) > curvature.Length / 2);
        }
    }

    [Fact]
    public void StoppingWithinAnIntervalAndResumingGivesTheBytesOfNeverStopping()
    {
        // 13 steps an epoch, estimates every 10 of them; with micro-batches of 3 every 30 batches.
        Chain[] chains = [.. Estimates.Select(e => Optimizers.Sophia(0.02, 0.01, gamma: 20, curvature: e)), Chain.Of([new Accumulate(3), .. Optimizers.Sophia(0.02, gamma: 20, curvature: CurvatureEstimate.Hutchinson(2)).Rules])];
        foreach (Chain chain in chains)
        {
            using var folder = new TestFolder();
            string whole = folder.File("whole"), parts = folder.File("parts");
            Trainer(chain).Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(whole, "f") { Interval = TimeSpan.Zero });
            foreach (int stopAt in new[] { 1, 7, 10, 26, 43 })
            {
                using var cancellation = new CancellationTokenSource();
                TrainingResult stopped = Trainer(chain).Fit(SmallTraining.Ring(), new StopAfter(stopAt, cancellation), new CheckpointFolder(parts, "f"), resume: true, cancellation.Token);
                Assert.Equal((TrainingStatus.Interrupted, stopAt), (stopped.Status, (int)stopped.Steps));
            }

            Assert.Equal(TrainingStatus.Completed, Trainer(chain).Fit(SmallTraining.Ring(), checkpoints: new CheckpointFolder(parts, "f"), resume: true).Status);
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "last.safetensors")), File.ReadAllBytes(Path.Combine(parts, "last.safetensors")));
        }
    }

    [Fact]
    public void AnEstimateGoesThroughBatchNormalisationAndLeavesItsStatesAlone()
    {
        foreach (CurvatureEstimate estimate in Estimates)
        {
            TrainingSession Session(Chain chain) => new(Network.Of(new Dense(8), new BatchNormalization(), new Tanh(), new Dense(2)).Build(new Shape(2)), new CrossEntropy(), chain, null, SmallTraining.Ring(), Options);
            TrainingSession with = Session(Optimizers.Sophia(0, 0, curvature: estimate)), without = Session(Chain.Of(LearningRate.Of(0)));
            for (int t = 0; t < 11; t++)
            {
                Assert.True(with.Step().Outcome.Applied);
                without.Step();
            }

            Assert.Equal(without.LayerStates.Span.ToArray(), with.LayerStates.Span.ToArray());

            // A normalisation takes out the mean of what comes before it, and a bias with it, which so has no curvature at all.
            LayoutEntry bias = with.Network.Layout["dense1.bias"], last = with.Network.Layout["dense2.bias"];
            Assert.All(with.Updater.Curvature!.Span.Slice(bias.Offset, bias.Length).ToArray(), h => Assert.Equal(0, h, 1e-4));
            Assert.All(with.Updater.Curvature!.Span.Slice(last.Offset, last.Length).ToArray(), h => Assert.NotEqual(0, h));
        }
    }

    [Fact]
    public void ThePrecisionOfTheNetworkLeavesTheEstimatesInFloats()
    {
        TrainingResult result = new Trainer(Network.Of(new Dense(16), new Tanh(), new Dense(2)), new CrossEntropy(), Optimizers.Sophia(0.03, 0.01)) { Options = Options with { Precision = TrainingPrecision.Half } }.Fit(SmallTraining.Ring());
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.True(result.Test!.Accuracy >= 0.85, $"accuracy {result.Test.Accuracy}");
    }

    [Fact]
    public void ALineOfSquaredErrorsHasItsClosedFormsOnTheBatchOfTheStep()
    {
        // (wx + b − y)²: the diagonal is 2·mean(x²) and 2, for the Hessian and for Gauss and Newton alike.
        float[] x = [-1.5f, -0.5f, 0.25f, 2];
        TrainingData data = new(Dataset.ForRegression(["x"], x, [3, 1, -1, 2]));
        double[] truth = [2 * x.Average(v => (double)v * v), 2];
        TrainingSession Session(CurvatureEstimate estimate) => new(
            Network.Of(new Dense(1)).Build(new Shape(1)), new SquaredError(), Chain.Of(Sophia.Scaling(curvature: estimate), LearningRate.Of(0)), null, data, Options with { BatchSize = 4, Epochs = 2000 });

        TrainingSession exact = Session(CurvatureEstimate.Exact(1));
        exact.Step();
        Assert.Equal(truth[0], exact.Updater.Curvature![0], 1e-5);
        Assert.Equal(truth[1], exact.Updater.Curvature![1], 1e-5);

        // The estimate of Gauss, Newton and Bartlett is here a number of the χ² distribution of one degree, times its mean.
        TrainingSession drawn = Session(CurvatureEstimate.GaussNewtonBartlett(1));
        const int Steps = 2000;
        double[] sums = new double[2], squares = new double[2];
        for (int t = 0; t < Steps; t++)
        {
            drawn.Step();
            drawn.BeginNextEpoch();
            for (int i = 0; i < 2; i++)
            {
                double v = drawn.Updater.Curvature![i];
                Assert.True(v >= 0);
                sums[i] += v / Steps;
                squares[i] += v * v / Steps;
            }
        }

        for (int i = 0; i < 2; i++)
        {
            double error = 5 * Math.Sqrt(2.0 / Steps);
            Assert.InRange(sums[i], truth[i] * (1 - error), truth[i] * (1 + error));

            // The second moment of such a number is 3 times the square of its mean; that of its square 105 − 9 of them.
            error = 5 * Math.Sqrt(96.0 / Steps) / 3;
            Assert.InRange(squares[i], 3 * truth[i] * truth[i] * (1 - error), 3 * truth[i] * truth[i] * (1 + error));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void CrossEntropyOfALineHasItsClosedFormWhateverTheSmoothing(double smoothing)
    {
        // By the weight and the bias of class k: mean of x²p(1 − p) and of p(1 − p).
        float[] x = [-1.5f, -0.5f, 0.25f, 2];
        TrainingData data = new(Dataset.ForClassification(["x"], x, ["a", "b", "c"], [0, 2, 1, 1]));
        var session = new TrainingSession(
            Network.Of(new Dense(3)).Build(new Shape(1)), new CrossEntropy(smoothing), Chain.Of(Sophia.Scaling(curvature: CurvatureEstimate.Exact(1)), LearningRate.Of(0)), null, data, Options with { BatchSize = 4 });
        session.Step();
        float[] theta = session.Parameters.Span.ToArray();
        for (int k = 0; k < 3; k++)
        {
            double[] spread = [.. x.Select(v =>
            {
                double[] e = [.. Enumerable.Range(0, 3).Select(c => Math.Exp((theta[c] * v) + theta[3 + c]))];
                return e[k] / e.Sum() * (1 - (e[k] / e.Sum()));
            })];
            Assert.Equal(x.Zip(spread, (v, p) => v * v * p).Average(), session.Updater.Curvature![k], 1e-6);
            Assert.Equal(spread.Average(), session.Updater.Curvature![3 + k], 1e-6);
        }
    }

    [Fact]
    public void ALossWithoutTargetsToDrawIsRefusedByName()
    {
        string message = Assert.Throws<ArgumentException>(() =>
            new Trainer(Network.Of(new Dense(2)), new Hinge(), Optimizers.Sophia(0.1, curvature: CurvatureEstimate.GaussNewtonBartlett())).Fit(SmallTraining.Ring())).Message;
        Assert.Contains("'sophia' wants its curvature by gauss-newton-bartlett", message, StringComparison.Ordinal);
        Assert.Contains("the loss 'hinge' is no likelihood's", message, StringComparison.Ordinal);
        Assert.Equal(TrainingStatus.Completed, new Trainer(Network.Of(new Dense(2)), new Hinge(), Optimizers.Sophia(0.1)) { Options = Options with { Epochs = 1 } }.Fit(SmallTraining.Ring()).Status);
    }

    [Fact]
    public void AnEstimateThatOverflowsSkipsItsStepAndManyEndTheRunByName()
    {
        // Features of 1e22 make ĝ² overflow while the gradient is finite: of 7 draws between even odds, one class has more.
        float[] x = [.. Enumerable.Repeat(1e22f, 63)];
        TrainingData data = new(Dataset.ForClassification(["x"], x, ["a", "b"], [.. Enumerable.Range(0, 63).Select(i => i % 2)]));
        TrainingResult result = new Trainer(
            Network.Of(new Dense(2, true, Initializer.Zeros)), new CrossEntropy(), Optimizers.Sophia(0, curvature: CurvatureEstimate.GaussNewtonBartlett()))
        { Options = Options with { BatchSize = 7 } }.Fit(data);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.StartsWith("the curvature was not finite in 5 steps in a row", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AStepAllocatesNothing()
    {
        foreach (CurvatureEstimate estimate in new[] { CurvatureEstimate.Hutchinson(3), CurvatureEstimate.GaussNewtonBartlett(3) })
        {
            var session = new TrainingSession(Network.Of(new Dense(16), new Gelu(), new Dense(2)).Build(new Shape(2)), new CrossEntropy(0.1), Optimizers.Sophia(0.01, curvature: estimate), null, SmallTraining.Ring(), Options);
            SmallTraining.AssertStepsAllocateNothing(session);
        }
    }

    private static Trainer Trainer(Chain chain) => new(Network.Of(new Dense(16), new Gelu(), new Dense(2)), new CrossEntropy(0.02), chain) { Options = Options };

    /// <summary>A loss that is no likelihood's: the mean of max(0, 1 − margin).</summary>
    private sealed record Hinge : Loss
    {
        public override string Name => "hinge";

        public override string Formula => "max(0, 1 − (z_y − z_other))";

        public override TargetKind Targets => TargetKind.Classification;

        public override Tensor Trace(Tensor output, Tensor target)
        {
            Tensor sign = (2 * Functions.OneHot(target, 2)) - 1;
            return Functions.Mean(Functions.Relu(1 - Functions.Sum(sign * output, 1)));
        }
    }

    private sealed class StopAfter(long step, CancellationTokenSource cancellation) : ITrainingObserver
    {
        public void OnStart(TrainingSession session)
        {
            if (session.StepsTaken >= step)
            {
                cancellation.Cancel();
            }
        }

        public void OnStep(in StepRecord record)
        {
            if (record.Step >= step)
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
