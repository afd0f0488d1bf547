using System.Collections.Immutable;

namespace Glissade.Input;

/// <summary>A file or an argument from outside cannot be used; the message has a line for each problem.</summary>
/// <remarks>A line reads <c>path:line:column: found …, expected …; did you mean …?</c>, without the parts that there are not.</remarks>
public sealed class InputException : Exception
{
    /// <summary>An exception of one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="inner">What brought it to light, if that was an exception.</param>
    public InputException(InputProblem problem, Exception? inner = null)
        : this([problem], isCutShort: false, inner)
    {
    }

    /// <summary>The problems noted so far and one that ends the reading.</summary>
    internal InputException(InputProblems before, InputProblem last, Exception? inner = null)
        : this([.. before.Noted, last], isCutShort: false, inner)
    {
    }

    internal InputException(ImmutableArray<InputProblem> problems, bool isCutShort, Exception? inner = null)
        : base(string.Join('\n', problems) + (isCutShort ? "\nand perhaps more: reading stopped here" : string.Empty), inner)
        => Problems = problems;

    /// <summary>The problems, in the order in which they were found; at least one.</summary>
    public ImmutableArray<InputProblem> Problems { get; }
}
