using System.IO.Enumeration;

namespace Glissade.Updates;

/// <summary>Names in which * stands for any characters; equal by value.</summary>
internal sealed class NamePatterns : IEquatable<NamePatterns>
{
    private readonly string[] _patterns;

    public NamePatterns(IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        if (patterns.Count == 0 || patterns.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("At least one name pattern such as '*.bias' is needed, and none may be empty.", nameof(patterns));
        }

        _patterns = [.. patterns];
    }

    public IReadOnlyList<string> Patterns => _patterns;

    public bool Matches(string name) => Array.Exists(_patterns, p => Matches(p, name));

    /// <summary>Whether a name is of one pattern.</summary>
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    public bool Equals(NamePatterns? other) => other is not null && _patterns.AsSpan().SequenceEqual(other._patterns);

    public override bool Equals(object? obj) => Equals(obj as NamePatterns);

    public override int GetHashCode() => _patterns.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(", ", _patterns);
}
