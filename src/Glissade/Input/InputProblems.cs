namespace Glissade.Input;

/// <summary>The problems found so far in one reading, so that all of them can be told at once.</summary>
/// <remarks>Belongs to one thread.</remarks>
public sealed class InputProblems
{
    /// <summary>How many problems are collected before reading stops: beyond that, one mistake is probably showing many times.</summary>
    public const int Limit = 20;

    private readonly List<InputProblem> _problems = [];

    /// <summary>Whether anything is wrong so far.</summary>
    public bool Any => _problems.Count > 0;

    /// <summary>How many problems have been noted so far.</summary>
    public int Count => _problems.Count;

    /// <summary>Notes a problem.</summary>
    /// <param name="problem">The problem; noted once, however often it is reported.</param>
    /// <exception cref="InputException">It is the last that is collected.</exception>
    public void Add(InputProblem problem)
    {
        if (_problems.Contains(problem))
        {
            return;
        }

        _problems.Add(problem);
        if (_problems.Count >= Limit)
        {
            throw Exception(isCutShort: true);
        }
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="InputException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw Exception(isCutShort: false);
        }
    }

    internal IReadOnlyList<InputProblem> Noted => _problems;

    internal InputException Exception(bool isCutShort, Exception? inner = null) => new([.. _problems], isCutShort, inner);
}
