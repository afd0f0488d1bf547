using Glissade.Input;

namespace Glissade.Tests.Input;

public sealed class InputExceptionTests
{
    [Theory]
    [InlineData(7, 5, "'x'", "a number", null, "a.csv:7:5: found 'x', expected a number")]
    [InlineData(7, 5, "'x'", "one of y, z", "y", "a.csv:7:5: found 'x', expected one of y, z; did you mean 'y'?")]
    [InlineData(7, 0, "'x'", "a number", null, "a.csv:7: found 'x', expected a number")]
    [InlineData(0, 0, "no such file", null, null, "a.csv: no such file")]
    [InlineData(0, 0, "no such file", null, "b.csv", "a.csv: no such file; did you mean 'b.csv'?")]
    public void A_problem_is_one_line(int line, int column, string found, string? expected, string? suggestion, string text)
    {
        var problem = new InputProblem("a.csv", line, column, found, expected, suggestion);
        Assert.Equal(text, problem.ToString());
        var cause = new IOException();
        var error = new InputException(problem, cause);
        Assert.Equal(text, error.Message);
        Assert.Equal([problem], error.Problems);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public void A_problem_of_a_whole_file_has_no_place() =>
        Assert.Equal(new InputProblem("a.csv", 0, 0, "3 bytes", "8", "b.csv"), new InputProblem("a.csv", "3 bytes", "8", "b.csv"));

    [Fact]
    public void Problems_are_collected_once_each_and_told_together()
    {
        var problems = new InputProblems();
        problems.ThrowIfAny();
        problems.Add(new InputProblem("a", 1, 1, "x", "y"));
        problems.Add(new InputProblem("a", 2, 1, "x", "y"));
        problems.Add(new InputProblem("a", 1, 1, "x", "y"));
        Assert.True(problems.Any);
        Assert.Equal(2, problems.Count);
        InputException error = Assert.Throws<InputException>(problems.ThrowIfAny);
        Assert.Equal("a:1:1: found x, expected y\na:2:1: found x, expected y", error.Message);
        Assert.Equal(2, error.Problems.Length);
    }

    [Fact]
    public void The_last_problem_collected_ends_the_reading()
    {
        var problems = new InputProblems();
        for (int line = 1; line < InputProblems.Limit; line++)
        {
            problems.Add(new InputProblem("a", line, 1, "x"));
        }

        InputException error = Assert.Throws<InputException>(() => problems.Add(new InputProblem("a", InputProblems.Limit, 1, "x")));
        Assert.Equal(InputProblems.Limit, error.Problems.Length);
        Assert.EndsWith("\nand perhaps more: reading stopped here", error.Message);
    }
}
