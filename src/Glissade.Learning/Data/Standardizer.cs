using System.Collections.Immutable;

namespace Glissade.Learning.Data;

/// <summary>Shifts and scales columns of numbers to mean 0 and standard deviation 1: z = (x − μ) / σ.</summary>
/// <remarks>
/// μ and σ are those of the rows it was fitted on, σ being the population standard deviation; fit on the training part only and apply to every part,
/// else the test part has leaked into the training. A constant column has σ = 1, so it becomes 0. Immutable; free to share between threads.
/// </remarks>
public sealed class Standardizer
{
    /// <summary>A standardizer of known means and scales, such as kept in a checkpoint.</summary>
    /// <param name="means">Mean of each column; finite.</param>
    /// <param name="scales">Scale of each column, as many; finite and above 0.</param>
    /// <exception cref="ArgumentException">Lengths differ or are 0, or a number is out of its range.</exception>
    public Standardizer(ReadOnlySpan<double> means, ReadOnlySpan<double> scales)
    {
        if (means.Length != scales.Length || means.IsEmpty)
        {
            throw new ArgumentException($"There must be as many scales as means and at least one, but there are {means.Length} means and {scales.Length} scales.", nameof(scales));
        }

        for (int column = 0; column < means.Length; column++)
        {
            if (!double.IsFinite(means[column]))
            {
                throw new ArgumentException($"A mean must be finite, but that of column {column} is {means[column]}.", nameof(means));
            }

            if (!double.IsFinite(scales[column]) || scales[column] <= 0)
            {
                throw new ArgumentException($"A scale must be finite and above 0, but that of column {column} is {scales[column]}.", nameof(scales));
            }
        }

        Means = [.. means];
        Scales = [.. scales];
    }

    /// <summary>Mean μ of each column.</summary>
    public ImmutableArray<double> Means { get; }

    /// <summary>Scale σ of each column.</summary>
    public ImmutableArray<double> Scales { get; }

    /// <summary>Number of columns.</summary>
    public int Width => Means.Length;

    /// <summary>Fits to a row-major table.</summary>
    /// <param name="numbers">The table, rows x <paramref name="width"/>, at least one row; all finite.</param>
    /// <param name="width">Number of columns.</param>
    /// <exception cref="ArgumentException">The table is empty, not of whole rows, or has a number that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is not above 0.</exception>
    public static Standardizer Fit(ReadOnlySpan<float> numbers, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        RequireRows(numbers.Length, width, nameof(numbers));
        if (numbers.IsEmpty)
        {
            throw new ArgumentException("There must be at least one row to fit to.", nameof(numbers));
        }

        var means = new double[width];
        var scales = new double[width];
        for (int column = 0; column < width; column++)
        {
            (means[column], scales[column]) = Fit(numbers, width, column);
        }

        return new Standardizer(means, scales);
    }

    /// <summary>Fits to the features of a data set.</summary>
    /// <param name="training">The training part.</param>
    /// <exception cref="ArgumentException">The data set is empty.</exception>
    public static Standardizer OfFeatures(Dataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Fit(training.Features, training.FeatureCount);
    }

    /// <summary>Fits to the values of a regression data set; the result has one column.</summary>
    /// <param name="training">The training part.</param>
    /// <exception cref="ArgumentException">The data set is empty or has classes.</exception>
    public static Standardizer OfValues(Dataset training)
    {
        RequireRegression(training);
        return Fit(training.Values, 1);
    }

    /// <summary>Standardizes a row-major table in place: x ← (x − μ) / σ.</summary>
    /// <param name="numbers">Whole rows of <see cref="Width"/> numbers.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="Width"/>.</exception>
    public void Apply(Span<float> numbers)
    {
        RequireRows(numbers.Length, Width, nameof(numbers));
        for (int start = 0; start < numbers.Length; start += Width)
        {
            for (int column = 0; column < Width; column++)
            {
                ref float number = ref numbers[start + column];
                number = (float)((number - Means[column]) / Scales[column]);
            }
        }
    }

    /// <summary>Undoes <see cref="Apply(Span{float})"/> in place, up to rounding: x ← x σ + μ.</summary>
    /// <param name="numbers">Whole rows of <see cref="Width"/> numbers.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="Width"/>.</exception>
    public void Invert(Span<float> numbers)
    {
        RequireRows(numbers.Length, Width, nameof(numbers));
        for (int start = 0; start < numbers.Length; start += Width)
        {
            for (int column = 0; column < Width; column++)
            {
                ref float number = ref numbers[start + column];
                number = (float)((number * Scales[column]) + Means[column]);
            }
        }
    }

    /// <summary>A data set with standardized features; the given one is not changed.</summary>
    /// <param name="data">Any part, of <see cref="Width"/> features.</param>
    /// <exception cref="ArgumentException">It has another number of features.</exception>
    public Dataset ApplyToFeatures(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.FeatureCount != Width)
        {
            throw new ArgumentException($"The standardizer was fitted to {Width} features, but the data set has {data.FeatureCount}.", nameof(data));
        }

        float[] features = data.Features.ToArray();
        Apply(features);
        return data.WithFeatures(features);
    }

    /// <summary>A regression data set with standardized values; the given one is not changed.</summary>
    /// <param name="data">Any part.</param>
    /// <exception cref="ArgumentException">It has classes, or this standardizer has more than one column.</exception>
    public Dataset ApplyToValues(Dataset data)
    {
        RequireRegression(data);
        if (Width != 1)
        {
            throw new ArgumentException($"Values are one column, but the standardizer was fitted to {Width}.", nameof(data));
        }

        float[] values = data.Values.ToArray();
        Apply(values);
        return data.WithValues(values);
    }

    private static (double Mean, double Scale) Fit(ReadOnlySpan<float> numbers, int width, int column)
    {
        int rows = numbers.Length / width;
        float least = numbers[column], greatest = least;
        double sum = 0;
        for (int i = column; i < numbers.Length; i += width)
        {
            float number = numbers[i];
            if (!float.IsFinite(number))
            {
                throw new ArgumentException($"Numbers must be finite, but row {i / width}, column {column} is {number}.", nameof(numbers));
            }

            sum += number;
            least = Math.Min(least, number);
            greatest = Math.Max(greatest, number);
        }

        // The rounded mean of equal numbers may differ from them, and their tiny deviations would then be blown up to 1.
        if (least == greatest)
        {
            return (least, 1);
        }

        double mean = sum / rows, squares = 0;
        for (int i = column; i < numbers.Length; i += width)
        {
            double deviation = numbers[i] - mean;
            squares += deviation * deviation;
        }

        return (mean, Math.Sqrt(squares / rows));
    }

    private static void RequireRows(int length, int width, string parameter)
    {
        if (length % width != 0)
        {
            throw new ArgumentException($"{length} numbers are not whole rows of {width}.", parameter);
        }
    }

    private static void RequireRegression(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Kind != TargetKind.Regression)
        {
            throw new ArgumentException($"The target '{data.TargetName}' has classes; only values can be standardized.", nameof(data));
        }
    }
}
