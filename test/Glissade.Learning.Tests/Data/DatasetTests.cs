using Glissade.Input;
using Glissade.Learning.Data;

namespace Glissade.Learning.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Counts from the descriptions of the data sets.
    [Theory]
    [InlineData("digits.csv", "digit", 1797, 64, 10, TargetKind.Classification)]
    [InlineData("iris.csv", "species", 150, 4, 3, TargetKind.Classification)]
    [InlineData("breast_cancer.csv", "diagnosis", 569, 30, 2, TargetKind.Classification)]
    [InlineData("diabetes.csv", "progression", 442, 10, 0, TargetKind.Regression)]
    public void Reads_the_ready_data(string file, string target, int rows, int features, int classes, TargetKind kind)
    {
        Dataset data = Dataset.FromCsv(TestFolder.Data(file), target);
        Assert.Equal((rows, features, classes, kind), (data.Count, data.FeatureCount, data.ClassNames.Length, data.Kind));
        Assert.Equal(rows * features, data.Features.Length);
        Assert.DoesNotContain(target, data.FeatureNames);
    }

    [Fact]
    public void Cells_agree_with_the_lines_of_the_file()
    {
        string[][] lines = [.. File.ReadAllLines(TestFolder.Data("iris.csv")).Skip(1).Select(line => line.Split(','))];
        Dataset data = Dataset.FromCsv(TestFolder.Data("iris.csv"), "species", features: ["petal_width", "sepal_length"]);
        Assert.Equal(["setosa", "versicolor", "virginica"], data.ClassNames);
        for (int row = 0; row < data.Count; row++)
        {
            Assert.Equal([float.Parse(lines[row][3]), float.Parse(lines[row][0])], data.Row(row).ToArray());
            Assert.Equal(lines[row][4], data.ClassNames[data.Classes[row]]);
        }
    }

    [Fact]
    public void Classes_that_are_numbers_stand_in_the_order_of_numbers()
    {
        string path = _folder.Write("x,y\n1,10\n2,9\n3,-1\n4,1e1x\n".Replace("1e1x", "10"));
        Dataset data = Dataset.FromCsv(path, "y", TargetKind.Classification);
        Assert.Equal(["-1", "9", "10"], data.ClassNames);
        Assert.Equal([2, 1, 0, 2], data.Classes.ToArray());
        Assert.Equal(["10", "9", "b"], Dataset.FromCsv(_folder.Write("x,y\n1,9\n2,10\n3,b\n"), "y").ClassNames);
    }

    [Fact]
    public void One_number_written_in_two_ways_is_a_fault()
    {
        InputException fault = Assert.Throws<InputException>(
            () => Dataset.FromCsv(_folder.Write("x,y\n1,2\n2,1\n3,1.0\n"), "y", TargetKind.Classification));
        InputProblem problem = Assert.Single(fault.Problems);
        Assert.Equal((4, 3, "'1.0'"), (problem.Line, problem.Column, problem.Found));
        Assert.Contains("class '1' written as in line 3", problem.Expected);
    }

    [Theory]
    [InlineData("x,y\n1,a\n2,a\n", "y", "the one class 'a'")]
    [InlineData("x,y\n1,a\n2,\n3,b\n", "y", "an empty cell")]
    [InlineData("x,y\n1,a\nb,b\n", "y", "'b'")]
    [InlineData("y\na\nb\n", "y", "the target column only")]
    [InlineData("x,y\n1,a\n2,b\n", "z", "no column 'z'")]
    public void Faults_of_the_file(string text, string target, string found) =>
        Assert.StartsWith(found, Assert.Single(Assert.Throws<InputException>(() => Dataset.FromCsv(_folder.Write(text), target)).Problems).Found);

    [Fact]
    public void Features_of_text_are_refused_by_cell()
    {
        InputException fault = Assert.Throws<InputException>(() => Dataset.FromCsv(TestFolder.Data("iris.csv"), "petal_width"));
        InputProblem problem = Assert.Single(fault.Problems);
        Assert.Equal((2, 17, "'setosa'"), (problem.Line, problem.Column, problem.Found));
        Assert.Contains("must be numbers", fault.Message);
    }

    [Fact]
    public void Faults_of_the_caller()
    {
        string iris = TestFolder.Data("iris.csv");
        Assert.Contains("did you mean 'petal_width'?", Assert.Throws<InputException>(() => Dataset.FromCsv(iris, "species", features: ["petal_widht"])).Message);
        Assert.Throws<ArgumentException>(() => Dataset.FromCsv(iris, "species", features: ["petal_width", "petal_width"]));
        Assert.Throws<ArgumentException>(() => Dataset.FromCsv(iris, "species", features: ["species"]));
        Assert.Throws<ArgumentException>(() => Dataset.FromCsv(iris, "species", features: []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.FromCsv(iris, "species", (TargetKind)7));
        Assert.Throws<InputException>(() => Dataset.FromCsv(iris, "species", TargetKind.Regression));
        Assert.Throws<ArgumentException>(() => Dataset.ForRegression(["a", "a"], [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => Dataset.ForRegression(["a"], [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => Dataset.ForRegression(["a"], [float.NaN], [1]));
        Assert.Throws<ArgumentException>(() => Dataset.ForRegression(["a"], [1], [float.PositiveInfinity]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.ForClassification(["a"], [1], ["p", "q"], [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.ForRegression(["a"], [1], [1]).Row(1));
    }

    [Fact]
    public void Subset_takes_rows_in_the_order_wanted()
    {
        Dataset data = Dataset.ForClassification(["a", "b"], [0, 1, 10, 11, 20, 21], ["p", "q"], [0, 1, 0]);
        Dataset subset = data.Subset([2, 1, 2]);
        Assert.Equal([20f, 21, 10, 11, 20, 21], subset.Features.ToArray());
        Assert.Equal([0, 1, 0], subset.Classes.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Subset([3]));
    }
}
