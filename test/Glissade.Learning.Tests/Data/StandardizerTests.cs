using Glissade.Learning.Data;

namespace Glissade.Learning.Tests.Data;

public sealed class StandardizerTests
{
    [Fact]
    public void Agrees_with_the_formula_by_hand()
    {
        // Column 1: 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and population standard deviation 2; column 2 is constant, and not exact in binary.
        float[] table = [2, 0.1f, 4, 0.1f, 4, 0.1f, 4, 0.1f, 5, 0.1f, 5, 0.1f, 7, 0.1f, 9, 0.1f];
        Standardizer standardizer = Standardizer.Fit(table, 2);
        Assert.Equal([5.0, 0.1f], standardizer.Means);
        Assert.Equal([2.0, 1.0], standardizer.Scales);
        float[] applied = [.. table];
        standardizer.Apply(applied);
        Assert.Equal([-1.5f, 0, -0.5f, 0, -0.5f, 0, -0.5f, 0, 0, 0, 0, 0, 1, 0, 2, 0], applied);
        standardizer.Invert(applied);
        Assert.Equal(table, applied);
    }

    [Fact]
    public void Is_fitted_on_one_part_and_applied_to_another()
    {
        Split split = Split.Of(Dataset.FromCsv(TestFolder.Data("diabetes.csv"), "progression"), 0.25, 5);
        Standardizer features = Standardizer.OfFeatures(split.Training), values = Standardizer.OfValues(split.Training);
        Dataset training = values.ApplyToValues(features.ApplyToFeatures(split.Training));
        for (int column = 0; column < training.FeatureCount; column++)
        {
            double[] numbers = [.. Enumerable.Range(0, training.Count).Select(row => (double)training.Row(row)[column])];
            Assert.Equal(0, numbers.Average(), 1e-6);
            Assert.Equal(1, numbers.Average(number => number * number), 1e-6);
        }

        Assert.Equal(0, training.Values.ToArray().Average(value => (double)value), 1e-6);
        Dataset test = features.ApplyToFeatures(split.Test);
        Assert.Equal((split.Test.Row(3)[2] - features.Means[2]) / features.Scales[2], test.Row(3)[2], 1e-6);
        Assert.Equal(split.Test.Values, test.Values);
        float[] back = training.Values.ToArray();
        values.Invert(back);
        Assert.All(back.Zip(split.Training.Values.ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public void Large_and_far_numbers_keep_their_spread()
    {
        Standardizer standardizer = Standardizer.Fit([float.MaxValue, -float.MaxValue], 1);
        Assert.Equal((0.0, (double)float.MaxValue), (standardizer.Means[0], standardizer.Scales[0]));
        Assert.Equal(0.5, Standardizer.Fit([16_000_000, 16_000_001], 1).Scales[0]);
    }

    [Fact]
    public void Survives_as_plain_arrays()
    {
        Standardizer standardizer = Standardizer.Fit([1, 2, 3, 5, 8, 13], 2);
        var again = new Standardizer(standardizer.Means.AsSpan(), standardizer.Scales.AsSpan());
        float[] left = [4, 5], right = [4, 5];
        standardizer.Apply(left);
        again.Apply(right);
        Assert.Equal(left, right);
    }

    [Fact]
    public void Faults_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Standardizer.Fit([], 2));
        Assert.Throws<ArgumentException>(() => Standardizer.Fit([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => Standardizer.Fit([1, float.NaN], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Standardizer.Fit([1], 0));
        Assert.Throws<ArgumentException>(() => new Standardizer([1], [0]));
        Assert.Throws<ArgumentException>(() => new Standardizer([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new Standardizer([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new Standardizer([1, 2], [1, 2]).Apply(new float[3]));
        Dataset classes = Dataset.ForClassification(["x"], [1, 2], ["a", "b"], [0, 1]);
        Assert.Throws<ArgumentException>(() => Standardizer.OfValues(classes));
        Assert.Throws<ArgumentException>(() => new Standardizer([1, 2], [1, 2]).ApplyToFeatures(classes));
    }
}
