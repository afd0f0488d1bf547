using Glissade.Learning.Data;
using Glissade.Learning.Training;
using Glissade.Tests;

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
        bool isWithinEpoch = false;
        Assert.Equal(0, AllocatedBytes.Of(StepToTheEnd, Begin));

        void Begin()
        {
            if (isWithinEpoch)
            {
                session.EndEpoch();
            }

            isWithinEpoch = true;
            session.Step();
        }

        void StepToTheEnd()
        {
            for (int i = 1; i < session.StepsPerEpoch; i++)
            {
                session.Step();
            }
        }
    }
}
