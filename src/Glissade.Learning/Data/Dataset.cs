using System.Collections.Immutable;
using Glissade.Input;

namespace Glissade.Learning.Data;

/// <summary>Examples to learn from: rows of numbers, and for each row a class or a value.</summary>
/// <remarks>Features stand in one row-major table of <see cref="Count"/> x <see cref="FeatureCount"/>. All numbers are finite. Immutable; free to share between threads.</remarks>
public sealed class Dataset
{
    private readonly float[] _features;
    private readonly int[] _classes;
    private readonly float[] _values;

    private Dataset(
        TargetKind kind, string targetName, ImmutableArray<string> featureNames, float[] features,
        ImmutableArray<string> classNames, int[] classes, float[] values)
    {
        Kind = kind;
        TargetName = targetName;
        FeatureNames = featureNames;
        ClassNames = classNames;
        _features = features;
        _classes = classes;
        _values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Count => Kind == TargetKind.Classification ? _classes.Length : _values.Length;

    /// <summary>Number of features of a row, at least one.</summary>
    public int FeatureCount => FeatureNames.Length;

    /// <summary>Names of the features, in order.</summary>
    public ImmutableArray<string> FeatureNames { get; }

    /// <summary>The features, row after row: <see cref="Count"/> x <see cref="FeatureCount"/> numbers.</summary>
    public ReadOnlySpan<float> Features => _features;

    /// <summary><see cref="TargetKind.Classification"/> or <see cref="TargetKind.Regression"/>.</summary>
    public TargetKind Kind { get; }

    /// <summary>Name of the target.</summary>
    public string TargetName { get; }

    /// <summary>Names of the classes: by number if all are numbers, in ordinal order otherwise. Empty for regression.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>For each row the index of its class in <see cref="ClassNames"/>. Empty for regression.</summary>
    public ReadOnlySpan<int> Classes => _classes;

    /// <summary>For each row its value. Empty for classification.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Reads a data set from a CSV file.</summary>
    /// <param name="path">The file; <see cref="CsvTable"/> says which dialect.</param>
    /// <param name="target">Name of the target column.</param>
    /// <param name="kind">What the target is.</param>
    /// <param name="features">Names of the feature columns, in the order wanted; null for all but the target, in the order of the file.</param>
    /// <param name="format">How the file is written; null for <see cref="CsvFormat.Default"/>.</param>
    /// <exception cref="InputException">
    /// The file is not a table of that kind, has no such column, has a feature or regression target that is not a finite number in the range of
    /// <see cref="float"/>, a class that is missing, fewer than two classes, or two classes that are the same number written differently.
    /// </exception>
    /// <exception cref="ArgumentException">A feature is named twice, is the target, or none is named.</exception>
    public static Dataset FromCsv(string path, string target, TargetKind kind = TargetKind.Automatic, IEnumerable<string>? features = null, CsvFormat? format = null) =>
        DatasetReader.Read(CsvTable.Read(path, format), target, kind, features);

    /// <summary>A data set of classes from numbers in memory.</summary>
    /// <param name="featureNames">Names of the features; their number is the length of a row.</param>
    /// <param name="features">Row-major table of as many rows as there are classes, copied; all finite.</param>
    /// <param name="classNames">Names of the classes, two or more.</param>
    /// <param name="classes">For each row the index of its class, copied.</param>
    /// <param name="targetName">Name of the target.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a feature is not finite, names are not different, or there is no feature.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class index has no name.</exception>
    public static Dataset ForClassification(
        IEnumerable<string> featureNames, ReadOnlySpan<float> features, IEnumerable<string> classNames, ReadOnlySpan<int> classes, string targetName = "class")
    {
        ImmutableArray<string> columns = DifferentNames(featureNames, nameof(featureNames), 1);
        ImmutableArray<string> names = DifferentNames(classNames, nameof(classNames), 2);
        RequireTable(features, columns.Length, classes.Length);
        foreach (int index in classes)
        {
            if ((uint)index >= (uint)names.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(classes), index, $"A class index must be from 0 to {names.Length - 1}, but one is {index}.");
            }
        }

        return new Dataset(TargetKind.Classification, targetName, columns, features.ToArray(), names, classes.ToArray(), []);
    }

    /// <summary>A data set of values from numbers in memory.</summary>
    /// <param name="featureNames">Names of the features; their number is the length of a row.</param>
    /// <param name="features">Row-major table of as many rows as there are values, copied; all finite.</param>
    /// <param name="values">For each row its value, copied; all finite.</param>
    /// <param name="targetName">Name of the target.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, a number is not finite, names are not different, or there is no feature.</exception>
    public static Dataset ForRegression(
        IEnumerable<string> featureNames, ReadOnlySpan<float> features, ReadOnlySpan<float> values, string targetName = "value")
    {
        ImmutableArray<string> columns = DifferentNames(featureNames, nameof(featureNames), 1);
        RequireTable(features, columns.Length, values.Length);
        RequireFinite(values, nameof(values));
        return new Dataset(TargetKind.Regression, targetName, columns, features.ToArray(), [], [], values.ToArray());
    }

    /// <summary>The features of a row.</summary>
    /// <param name="row">Row from 0 to <see cref="Count"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<float> Row(int row) => (uint)row < (uint)Count
        ? _features.AsSpan(row * FeatureCount, FeatureCount)
        : throw new ArgumentOutOfRangeException(nameof(row), row, $"A row must be from 0 to {Count - 1}, not {row}.");

    /// <summary>The given rows as a data set of their own, with the same names and classes.</summary>
    /// <param name="rows">Rows from 0 to <see cref="Count"/>−1, in the order wanted; a row may come more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Dataset Subset(ReadOnlySpan<int> rows)
    {
        var features = new float[checked(rows.Length * FeatureCount)];
        int[] classes = Kind == TargetKind.Classification ? new int[rows.Length] : [];
        float[] values = Kind == TargetKind.Regression ? new float[rows.Length] : [];
        for (int i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(features.AsSpan(i * FeatureCount));
            if (Kind == TargetKind.Classification)
            {
                classes[i] = _classes[rows[i]];
            }
            else
            {
                values[i] = _values[rows[i]];
            }
        }

        return new Dataset(Kind, TargetName, FeatureNames, features, ClassNames, classes, values);
    }

    /// <summary>The same data set with other features; the array is kept.</summary>
    internal Dataset WithFeatures(float[] features) => new(Kind, TargetName, FeatureNames, features, ClassNames, _classes, _values);

    /// <summary>The same data set with other values; the array is kept.</summary>
    internal Dataset WithValues(float[] values) => new(Kind, TargetName, FeatureNames, _features, ClassNames, _classes, values);

    private static ImmutableArray<string> DifferentNames(IEnumerable<string> names, string parameter, int least)
    {
        ArgumentNullException.ThrowIfNull(names, parameter);
        ImmutableArray<string> all = [.. names];
        if (all.Length < least)
        {
            throw new ArgumentException($"At least {least} must be named, but {all.Length} were.", parameter);
        }

        return all.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new ArgumentException($"'{twice.Key}' is named twice; names must be different.", parameter)
            : all;
    }

    private static void RequireTable(ReadOnlySpan<float> features, int width, int rows)
    {
        if (features.Length != (long)width * rows)
        {
            throw new ArgumentException($"{rows} targets of {width} features need {(long)width * rows} numbers, but {features.Length} were given.", nameof(features));
        }

        RequireFinite(features, nameof(features));
    }

    private static void RequireFinite(ReadOnlySpan<float> numbers, string parameter)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!float.IsFinite(numbers[i]))
            {
                throw new ArgumentException($"Numbers must be finite, but number {i} is {numbers[i]}.", parameter);
            }
        }
    }
}
