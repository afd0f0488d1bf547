using Glissade.Numerics;

namespace Glissade.Learning.Data;

/// <summary>A data set cut into a part to learn from and a part to judge by.</summary>
/// <remarks>
/// Classes are cut one by one, so each class's share of the test part is within one example of exact, and every class that occurs keeps
/// at least one example to learn from; a class with a single example goes to the training part whole. Values are cut at random.
/// The same data, fraction and seed give the same parts. Within a part rows keep the order of the data set.
/// </remarks>
public sealed class Split
{
    private readonly int[] _trainingRows;
    private readonly int[] _testRows;

    private Split(Dataset data, int[] trainingRows, int[] testRows)
    {
        _trainingRows = trainingRows;
        _testRows = testRows;
        Training = data.Subset(trainingRows);
        Test = data.Subset(testRows);
    }

    /// <summary>The part to learn from, never empty.</summary>
    public Dataset Training { get; }

    /// <summary>The part to judge by, never empty.</summary>
    public Dataset Test { get; }

    /// <summary>Rows of the data set that went to <see cref="Training"/>, rising.</summary>
    public ReadOnlySpan<int> TrainingRows => _trainingRows;

    /// <summary>Rows of the data set that went to <see cref="Test"/>, rising.</summary>
    public ReadOnlySpan<int> TestRows => _testRows;

    /// <summary>Cuts a data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="testFraction">Share of the rows for the test part, above 0 and below 1.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="testFraction"/> is not above 0 and below 1.</exception>
    /// <exception cref="ArgumentException">There are too few rows: one of the parts would be empty.</exception>
    public static Split Of(Dataset data, double testFraction, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(testFraction > 0 && testFraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, $"The fraction for the test part must be above 0 and below 1, not {testFraction}.");
        }

        int[][] groups = Groups(data);
        int[] quotas = Quotas(groups, testFraction, data.Kind == TargetKind.Classification);
        int tests = quotas.Sum();
        if (tests == 0 || tests == data.Count)
        {
            throw new ArgumentException(
                $"{data.Count} rows are too few to give a share of {testFraction}: the {(tests == 0 ? "test" : "training")} part would be empty.", nameof(data));
        }

        var isTest = new bool[data.Count];
        for (int group = 0; group < groups.Length; group++)
        {
            RandomStream.Of(seed, "split", group).Shuffle(groups[group].AsSpan());
            foreach (int row in groups[group].AsSpan(0, quotas[group]))
            {
                isTest[row] = true;
            }
        }

        IEnumerable<int> rows = Enumerable.Range(0, data.Count);
        return new Split(data, [.. rows.Where(row => !isTest[row])], [.. rows.Where(row => isTest[row])]);
    }

    private static int[][] Groups(Dataset data)
    {
        if (data.Kind == TargetKind.Regression)
        {
            return [[.. Enumerable.Range(0, data.Count)]];
        }

        var groups = new List<int>[data.ClassNames.Length];
        for (int index = 0; index < groups.Length; index++)
        {
            groups[index] = [];
        }

        for (int row = 0; row < data.Count; row++)
        {
            groups[data.Classes[row]].Add(row);
        }

        return Array.ConvertAll(groups, group => group.ToArray());
    }

    // Each group gets its exact share rounded down; what is missing from the whole goes, one each, to those that lost most by the rounding.
    private static int[] Quotas(int[][] groups, double fraction, bool keepOne)
    {
        double[] shares = Array.ConvertAll(groups, group => group.Length * fraction);
        var quotas = new int[groups.Length];
        for (int group = 0; group < groups.Length; group++)
        {
            quotas[group] = Math.Min((int)shares[group], Most(groups[group], keepOne));
        }

        int missing = (int)Math.Round(groups.Sum(group => group.Length) * fraction, MidpointRounding.AwayFromZero) - quotas.Sum();
        foreach (int group in Enumerable.Range(0, groups.Length).OrderByDescending(group => shares[group] - quotas[group]))
        {
            if (missing > 0 && quotas[group] < Most(groups[group], keepOne))
            {
                quotas[group]++;
                missing--;
            }
        }

        return quotas;
    }

    private static int Most(int[] group, bool keepOne) => keepOne ? Math.Max(0, group.Length - 1) : group.Length;
}
