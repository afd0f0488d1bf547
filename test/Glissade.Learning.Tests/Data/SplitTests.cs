using FsCheck;
using FsCheck.Fluent;
using Glissade.Learning.Data;
using Glissade.Tests;

namespace Glissade.Learning.Tests.Data;

public sealed class SplitTests
{
    [Fact]
    public void Every_class_keeps_its_share_and_every_row_goes_somewhere() =>
        Prop.ForAll(Gen.Choose(1, 40).ListOf(4).ToArbitrary(), Gen.Choose(1, 99).ToArbitrary(), (counts, percent) =>
        {
            int[] sizes = [.. counts];
            int[] classes = [.. sizes.SelectMany((size, index) => Enumerable.Repeat(index, size))];
            double fraction = percent / 100.0;
            Dataset data = Dataset.ForClassification(["x"], Array.ConvertAll(classes, index => (float)index), ["a", "b", "c", "d"], classes);
            Split split;
            try
            {
                split = Split.Of(data, fraction, 7);
            }
            catch (ArgumentException fault)
            {
                Assert.Contains("too few", fault.Message);
                Assert.True(classes.Length * fraction < 1 || sizes.Sum(size => Math.Min(size - 1, Math.Ceiling(size * fraction))) == 0);
                return;
            }

            Assert.Equal(Enumerable.Range(0, data.Count), split.TrainingRows.ToArray().Concat(split.TestRows.ToArray()).Order());
            for (int index = 0; index < 4; index++)
            {
                int tested = split.Test.Classes.ToArray().Count(found => found == index);
                Assert.InRange(tested - (sizes[index] * fraction), -1.0000001, 1.0000001);
                Assert.Contains(index, split.Training.Classes.ToArray());
            }
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Is_a_function_of_the_seed()
    {
        Dataset data = Dataset.FromCsv(TestFolder.Data("digits.csv"), "digit");
        Split first = Split.Of(data, 0.25, 1), again = Split.Of(data, 0.25, 1), other = Split.Of(data, 0.25, 2);
        Assert.Equal(first.TestRows, again.TestRows);
        Assert.Equal(first.Test.Features, again.Test.Features);
        Assert.False(first.TestRows.SequenceEqual(other.TestRows));
        Assert.Equal(449, first.Test.Count); // 1797 / 4 is 449.25
    }

    [Fact]
    public void Values_are_cut_by_the_fraction()
    {
        Dataset data = Dataset.FromCsv(TestFolder.Data("diabetes.csv"), "progression");
        Split split = Split.Of(data, 0.2, 3);
        Assert.Equal((88, 354), (split.Test.Count, split.Training.Count));
        Assert.Equal(data.Row(split.TestRows[5]), split.Test.Row(5));
        Assert.Equal(data.Values[split.TestRows[5]], split.Test.Values[5]);
        Assert.Equal(data.TargetName, split.Test.TargetName);
    }

    [Fact]
    public void A_class_of_one_example_goes_to_the_training_part()
    {
        Dataset data = Dataset.ForClassification(["x"], [1, 2, 3, 4, 5], ["common", "single", "none"], [0, 0, 0, 0, 1]);
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.DoesNotContain(4, Split.Of(data, 0.6, seed).TestRows.ToArray());
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void A_fraction_must_be_one(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Of(Dataset.ForRegression(["x"], [1, 2], [1, 2]), fraction, 0));

    [Fact]
    public void Too_few_rows_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Split.Of(Dataset.ForRegression(["x"], [1], [1]), 0.5, 0));
        Assert.Throws<ArgumentException>(() => Split.Of(Dataset.ForRegression(["x"], [1, 2, 3], [1, 2, 3]), 0.1, 0));
        Assert.Throws<ArgumentException>(() => Split.Of(Dataset.ForClassification(["x"], [1, 2], ["a", "b"], [0, 1]), 0.5, 0));
    }
}
