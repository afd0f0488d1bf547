using Glissade.Learning.Data;
using Glissade.Tests;

namespace Glissade.Learning.Tests.Data;

public sealed class BatchesTests
{
    private static readonly Dataset Numbers = Dataset.ForRegression(
        ["a", "b"], [.. Enumerable.Range(0, 10).SelectMany(i => new float[] { i, i + 0.5f })], [.. Enumerable.Range(0, 10).Select(i => 100f + i)]);

    [Fact]
    public void An_epoch_brings_every_row_once_and_the_last_batch_its_true_size()
    {
        var batches = new Batches(Numbers, 4, seed: 1);
        Assert.Equal(3, batches.CountPerEpoch);
        var seen = new List<float>();
        float[] features = new float[8], values = new float[4];
        for (int batch = 0; batch < 3; batch++)
        {
            Array.Fill(features, -1);
            int count = batches.Copy(0, batch, features, values);
            Assert.Equal(batch < 2 ? 4 : 2, count);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal((values[i] - 100, values[i] - 99.5f), (features[2 * i], features[(2 * i) + 1]));
                seen.Add(values[i] - 100);
            }

            Assert.All(features[(2 * count)..], number => Assert.Equal(-1, number));
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (float)i), seen.Order());
    }

    [Fact]
    public void The_order_is_a_function_of_seed_and_epoch_whatever_was_asked_before()
    {
        var forwards = new Batches(Numbers, 10, seed: 1);
        int[][] orders = [.. Enumerable.Range(0, 6).Select(epoch => forwards.Rows(epoch, 0).ToArray())];
        var backwards = new Batches(Numbers, 10, seed: 1);
        for (int epoch = 5; epoch >= 0; epoch--)
        {
            Assert.Equal(orders[epoch], backwards.Rows(epoch, 0).ToArray());
        }

        Assert.Equal(6, orders.Select(order => string.Join(',', order)).Distinct().Count());
        Assert.NotEqual(orders[0], new Batches(Numbers, 10, seed: 2).Rows(0, 0).ToArray());
        Assert.Equal(Enumerable.Range(0, 10), new Batches(Numbers, 10, seed: 2, shuffle: false).Rows(3, 0).ToArray());
    }

    [Fact]
    public void Every_order_is_as_likely_as_every_other()
    {
        Dataset three = Dataset.ForRegression(["a"], [0, 1, 2], [0, 1, 2]);
        var batches = new Batches(three, 3, seed: 9);
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < 6000; epoch++)
        {
            string order = string.Join(',', batches.Rows(epoch, 0).ToArray());
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // χ² of 6 cells with 1000 expected in each: 20.5 is the 0.1% point for 5 degrees of freedom.
        Assert.Equal(6, counts.Count);
        Assert.InRange(counts.Values.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000), 0, 20.5);
    }

    [Fact]
    public void Copying_allocates_nothing_within_an_epoch_and_an_order_takes_no_array()
    {
        Dataset digits = Dataset.FromCsv(TestFolder.Data("digits.csv"), "digit");
        var batches = new Batches(digits, 64, seed: 1);
        var features = new float[64 * 64];
        var classes = new int[64];
        batches.Copy(0, 0, features, classes);
        long epoch = 0;

        // The stream and nothing that grows with the rows: an order of 1,797 numbers would be 7 kB.
        Assert.InRange(AllocatedBytes.Of(() => batches.Copy(++epoch, 0, features, classes)), 1, 256);
        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int batch = 1; batch < batches.CountPerEpoch; batch++)
            {
                batches.Copy(epoch, batch, features, classes);
            }
        }));
    }

    [Fact]
    public void Faults_are_refused()
    {
        var batches = new Batches(Numbers, 4, seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches(Numbers, 0, seed: 1));
        Assert.Throws<ArgumentException>(() => new Batches(Numbers.Subset([]), 4, seed: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => batches.Copy(0, 3, new float[8], new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => batches.Copy(-1, 0, new float[8], new float[4]));
        Assert.Throws<ArgumentException>(() => batches.Copy(0, 0, new float[7], new float[4]));
        Assert.Throws<ArgumentException>(() => batches.Copy(0, 0, new float[8], new float[3]));
        Assert.Throws<InvalidOperationException>(() => batches.Copy(0, 0, new float[8], new int[4]));
        Assert.Equal(2, batches.Copy(0, 2, new float[4], new float[2]));
        Assert.Equal(1, new Batches(Numbers, int.MaxValue, seed: 1).CountPerEpoch);
    }
}
