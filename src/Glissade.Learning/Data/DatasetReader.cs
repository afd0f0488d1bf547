using System.Globalization;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Data;

/// <summary>Makes a data set of the columns of a CSV table.</summary>
internal static class DatasetReader
{
    private const int MostAutomaticClasses = 20;
    private const int LeastAutomaticShare = 5;

    public static Dataset Read(CsvTable table, string target, TargetKind kind, IEnumerable<string>? features)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, $"The kind of target must be one of {string.Join(", ", Enum.GetNames<TargetKind>())}.");
        }

        int targetColumn = table.IndexOf(target);
        int[] columns = FeatureColumns(table, targetColumn, features);
        long size = (long)table.RowCount * columns.Length;
        if (size > Array.MaxLength)
        {
            throw new InputException(new InputProblem(table.Path, $"{table.RowCount} rows of {columns.Length} features", $"a table of at most {Array.MaxLength} numbers"));
        }

        var numbers = new float[size];
        for (int feature = 0; feature < columns.Length; feature++)
        {
            table.CopyNumbers(columns[feature], numbers, feature, columns.Length);
        }

        IEnumerable<string> names = columns.Select(column => table.ColumnNames[column]);
        if (kind == TargetKind.Automatic)
        {
            kind = Judge(table, targetColumn);
        }

        if (kind == TargetKind.Regression)
        {
            return Dataset.ForRegression(names, numbers, table.Numbers(targetColumn), target);
        }

        (string[] classNames, int[] classes) = Classes(table, targetColumn);
        return Dataset.ForClassification(names, numbers, classNames, classes, target);
    }

    private static int[] FeatureColumns(CsvTable table, int targetColumn, IEnumerable<string>? features)
    {
        if (features is null)
        {
            int[] others = [.. Enumerable.Range(0, table.ColumnNames.Length).Where(column => column != targetColumn)];
            return others.Length > 0
                ? others
                : throw new InputException(new InputProblem(table.Path, 1, 1, "the target column only", "at least one other column to learn from"));
        }

        var columns = new List<int>();
        foreach (string feature in features)
        {
            int column = table.IndexOf(feature);
            if (column == targetColumn)
            {
                throw new ArgumentException($"'{feature}' is the target, so it cannot be a feature too.", nameof(features));
            }

            if (columns.Contains(column))
            {
                throw new ArgumentException($"The feature '{feature}' is named twice.", nameof(features));
            }

            columns.Add(column);
        }

        return columns.Count > 0
            ? [.. columns]
            : throw new ArgumentException("No feature is named; name at least one, or pass null for all columns but the target.", nameof(features));
    }

    private static TargetKind Judge(CsvTable table, int column)
    {
        var different = new HashSet<float>();
        bool whole = true;
        for (int row = 0; row < table.RowCount; row++)
        {
            if (table.TryNumber(row, column, out float number))
            {
                whole &= float.IsInteger(number);
                if (different.Count <= MostAutomaticClasses)
                {
                    different.Add(number);
                }
            }
            else if (!IsMissing(table.Text(row, column).Trim()))
            {
                return TargetKind.Classification;
            }
        }

        bool few = different.Count <= Math.Min(MostAutomaticClasses, table.RowCount / LeastAutomaticShare);
        return whole && few ? TargetKind.Classification : TargetKind.Regression;
    }

    private static (string[] Names, int[] Classes) Classes(CsvTable table, int column)
    {
        var firstRows = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = new string[table.RowCount];
        for (int row = 0; row < texts.Length; row++)
        {
            string text = table.Text(row, column).Trim();
            if (IsMissing(text))
            {
                throw table.Fault(row, column, $"the name of a class in column '{table.ColumnNames[column]}' (rows with missing values must be filled or left out)");
            }

            texts[row] = text;
            firstRows.TryAdd(text, row);
        }

        string[] names = Sorted(table, column, firstRows);
        if (names.Length < 2)
        {
            throw new InputException(new InputProblem(
                table.Path, 1, 0, $"the one class {Quotation.Of(names[0])} in column '{table.ColumnNames[column]}'", "at least two classes to tell apart"));
        }

        Dictionary<string, int> indices = names.Select((name, index) => (name, index)).ToDictionary(StringComparer.Ordinal);
        return (names, Array.ConvertAll(texts, text => indices[text]));
    }

    private static string[] Sorted(CsvTable table, int column, Dictionary<string, int> firstRows)
    {
        string[] names = [.. firstRows.Keys.Order(StringComparer.Ordinal)];
        var numbers = new double[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (!double.TryParse(names[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return names;
            }
        }

        Array.Sort(numbers, names);
        for (int i = 1; i < names.Length; i++)
        {
            // 1 and 1.0 are likely one class written in two ways; two classes made of it would spoil the model without a word.
            if (numbers[i] == numbers[i - 1])
            {
                (string first, string second) = firstRows[names[i - 1]] < firstRows[names[i]] ? (names[i - 1], names[i]) : (names[i], names[i - 1]);
                throw table.Fault(firstRows[second], column, $"class '{first}' written as in line {table.PlaceOf(firstRows[first], column).Line}");
            }
        }

        return names;
    }

    private static bool IsMissing(string text) => text.Length == 0 || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);
}
