using System.Collections.Immutable;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <content>The questions that a reader of a section asks. Each notes what is wrong and answers with something usable.</content>
public sealed partial class FileNode
{
    /// <summary>Notes that something else was expected here.</summary>
    /// <param name="expected">What would be right, such as <c>a number above 0</c>.</param>
    /// <param name="suggestion">What was probably meant, if anything.</param>
    /// <param name="found">What was found; null for a description of the node.</param>
    public void Report(string expected, string? suggestion = null, string? found = null)
    {
        if (Kind != FileNodeKind.Absent)
        {
            Problems.Add(new InputProblem(Path, Line, Column, found ?? Describe(), expected, suggestion));
        }
    }

    /// <summary>Makes something of what was read here; if its constructor refuses, notes why.</summary>
    /// <typeparam name="T">What is made.</typeparam>
    /// <param name="make">Makes it; an <see cref="ArgumentException"/> of its is taken for a problem of the file.</param>
    /// <param name="since">
    /// How many problems there were before the reading of what <paramref name="make"/> uses: with more by now, the refusal may be of a stand-in,
    /// would mislead, and is not noted.
    /// </param>
    /// <returns>What was made, or null.</returns>
    public T? Make<T>(Func<T> make, int since = 0)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        try
        {
            return make();
        }
        catch (ArgumentException refusal)
        {
            if (Problems.Count <= since && Kind != FileNodeKind.Absent)
            {
                string message = refusal.Message;
                int note = message.IndexOf(" (Parameter", StringComparison.Ordinal);
                string where = Place.Name is { } name ? $"{name}: " : string.Empty;
                Problems.Add(new InputProblem(Path, Line, Column, where + (note > 0 ? message[..note] : message)));
            }

            return null;
        }
    }

    /// <summary>The node as a mapping.</summary>
    /// <param name="what">What it is, with its article, such as <c>an experiment</c>.</param>
    public FileMapping AsMapping(string what)
    {
        if (Kind != FileNodeKind.Mapping)
        {
            Report($"{what} (a mapping)");
        }

        return new FileMapping(this);
    }

    /// <summary>The node as a list of nodes.</summary>
    /// <param name="what">What it is, such as <c>the milestones</c>.</param>
    public ImmutableArray<FileNode> AsList(string what = "items")
    {
        if (Kind != FileNodeKind.Sequence)
        {
            Report($"a list of {what}");
        }

        return Items;
    }

    /// <summary>The node as text. An unquoted number or boolean is taken as it was written; nothing is not text.</summary>
    /// <param name="what">What it is, with its article.</param>
    public string AsText(string what = "text")
    {
        if (Kind != FileNodeKind.Scalar || IsNothing)
        {
            Report(what);
        }

        return Text;
    }

    /// <summary>The node as one of the given words.</summary>
    /// <param name="words">The words that are right.</param>
    /// <returns>The word, or the first one where the node is none of them.</returns>
    public string AsWord(params IEnumerable<string> words)
    {
        string[] right = [.. words];
        if (Kind == FileNodeKind.Scalar && right.Contains(Text))
        {
            return Text;
        }

        Report(OneOf(right), Kind == FileNodeKind.Scalar ? NearestName.Find(Text, right) : null);
        return right[0];
    }

    /// <summary>The node as true or false. Words such as <c>yes</c> are text.</summary>
    public bool AsBoolean()
    {
        if (Kind == FileNodeKind.Scalar && !IsQuoted && ScalarText.TryBoolean(Text, out bool value))
        {
            return value;
        }

        Report("true or false", Kind == FileNodeKind.Scalar ? ScalarText.MeantBoolean(Text) : null);
        return false;
    }

    /// <summary>The node as a number.</summary>
    /// <param name="min">The least that is right.</param>
    /// <param name="max">The greatest that is right.</param>
    /// <param name="above">A bound that is itself too small.</param>
    /// <param name="below">A bound that is itself too large.</param>
    /// <param name="allowNonFinite">Whether <c>.inf</c> and <c>.nan</c> are right.</param>
    public double AsNumber(double? min = null, double? max = null, double? above = null, double? below = null, bool allowNonFinite = false)
        => AsNumber(new NumberRange(min, max, above, below, allowNonFinite));

    /// <summary>The node as a number of a range.</summary>
    /// <param name="range">The numbers that are right.</param>
    public double AsNumber(NumberRange range)
    {
        if (Kind == FileNodeKind.Scalar && !IsQuoted && ScalarText.TryNumber(Text, out double value) && range.Contains(value))
        {
            return value;
        }

        Report(range.Describe("a number"), MeantNumber());
        return range.Placeholder;
    }

    /// <summary>The node as a whole number; <c>1e6</c> is one, <c>1.5</c> is not.</summary>
    /// <param name="min">The least that is right.</param>
    /// <param name="max">The greatest that is right.</param>
    public long AsInteger(long min = long.MinValue, long max = long.MaxValue)
    {
        if (Kind == FileNodeKind.Scalar && !IsQuoted && ScalarText.TryInteger(Text, out long value) && value >= min && value <= max)
        {
            return value;
        }

        if (Kind == FileNodeKind.Scalar && !IsQuoted && ScalarText.TryNumber(Text, out double number) && number > max)
        {
            Report(min == long.MinValue ? FormattableString.Invariant($"a whole number of {max} or less") : FormattableString.Invariant($"a whole number from {min} to {max}"));
            return Math.Clamp(1, min, max);
        }

        Report(
            new NumberRange(min == long.MinValue ? null : min, max is long.MaxValue or int.MaxValue ? null : max).Describe("a whole number"),
            MeantNumber());
        return Math.Clamp(1, min, max);
    }

    /// <summary>The node as a count: a whole number that fits an <see cref="int"/>.</summary>
    /// <param name="min">The least that is right.</param>
    /// <param name="max">The greatest that is right.</param>
    public int AsCount(int min = 1, int max = int.MaxValue) => (int)AsInteger(min, max);

    /// <summary>The node as one of several things: a bare word, <c>gelu</c>, or a mapping of one key, <c>{ dense: 128 }</c>.</summary>
    /// <param name="keywords">The words that are right.</param>
    /// <returns>The choice, or null where it is none of them.</returns>
    public FileChoice? AsChoice(params IEnumerable<string> keywords)
    {
        string[] right = [.. keywords];
        (string? word, FileNode? argument) = Kind switch
        {
            FileNodeKind.Scalar when !IsNothing => (Text, null),
            FileNodeKind.Mapping when Entries.Length == 1 => (Entries[0].Key, Entries[0].Value.IsNothing ? null : Entries[0].Value),
            _ => (default(string), default(FileNode)),
        };
        if (word is not null && right.Contains(word))
        {
            return new FileChoice(word, argument, this);
        }

        Report(OneOf(right), word is null ? null : NearestName.Find(word, right), word is null ? null : $"'{Short(word)}'");
        return null;
    }

    /// <summary>The node in the words of a message.</summary>
    internal string Describe() => Kind switch
    {
        FileNodeKind.Mapping when Entries.Length == 0 => "an empty mapping",
        FileNodeKind.Mapping => $"a mapping with {(Entries.Length == 1 ? "the key" : "the keys")} {Short(string.Join(", ", Entries.Select(e => e.Key)))}",
        FileNodeKind.Sequence => Items.Length == 1 ? "a list of 1 item" : $"a list of {Items.Length} items",
        _ when IsNothing => "nothing",
        _ when IsLiteral => Short(Text),
        _ => IsQuoted ? $"the text '{Short(Text)}'" : $"'{Short(Text)}'",
    };

    internal static string OneOf(IReadOnlyList<string> words) => words.Count == 1 ? $"'{words[0]}'" : $"one of {string.Join(", ", words)}";

    /// <summary>Text for one line of a message: not endless, and without characters that would break the line or the terminal.</summary>
    internal static string Short(string text, int length = 60)
    {
        string shown = text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 4]) ? length - 4 : length - 3)] + "...";
        return string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c));
    }

    private string? MeantNumber()
        => Kind != FileNodeKind.Scalar ? null : IsQuoted && ScalarText.TryNumber(Text, out _) ? Text : ScalarText.MeantNumber(Text);
}
