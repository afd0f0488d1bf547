using Glissade.Learning.Data;
using Glissade.Learning.Training;

namespace Glissade.Learning.Tests.Training;

/// <summary>What tests of training share.</summary>
internal static class SmallTraining
{
    /// <summary>Points of a square; those of a ring around the middle are one class, the others another.</summary>
    public static TrainingData Ring(double? validation = null)
    {
        var random = new Random(11);
        float[] features = [.. Enumerable.Range(0, 1000).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        int[] classes = [.. Enumerable.Range(0, 500).Select(i => Math.Sqrt((features[2 * i] * features[2 * i]) + (features[(2 * i) + 1] * features[(2 * i) + 1])) < 1.4 ? 1 : 0)];
        return TrainingData.Of(Dataset.ForClassification(["x", "y"], features, ["outside", "inside"], classes), test: 0.2, validation, standardize: true, seed: 2);
    }

    /// <summary>Takes the steps of some epochs and sees that they allocate nothing, the first step of each apart.</summary>
    public static void AssertStepsAllocateNothing(TrainingSession session)
    {
        // A collection that another test causes can be booked to this thread, so the least of several epochs counts: what a step allocates is in each.
        long least = long.MaxValue;
        for (int epoch = 0; epoch < 6; epoch++)
        {
            session.Step();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 1; i < session.StepsPerEpoch; i++)
            {
                session.Step();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            session.EndEpoch();
        }

        Assert.Equal(0, least);
    }
}
