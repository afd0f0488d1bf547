using System.Globalization;
using System.Text.RegularExpressions;
using Glissade.Experiments.Reading;

namespace Glissade.Experiments.Sections;

/// <summary>The keys at the head of every experiment: what it is called, of what kind it is, and what its random numbers come from.</summary>
internal sealed partial record HeadSection(string Name, string Kind, ulong Seed)
{
    /// <summary>How long a name may be: it becomes the name of a folder.</summary>
    private const int NameLimit = 64;

    /// <summary>The kinds of experiments.</summary>
    public const string Train = "train", Minimize = "minimize";

    /// <summary>Reads the keys.</summary>
    /// <param name="map">The experiment.</param>
    public static HeadSection Read(FileMapping map) =>
        new(ReadName(map.Required("name")), map.Required("kind").AsWord(Train, Minimize), map.Optional("seed") is { } seed ? ReadSeed(seed) : 0);

    /// <summary>The keys, written out.</summary>
    public IEnumerable<(string Key, FileNode? Value)> Resolved =>
    [
        ("name", NodeWriter.Text(Name)),
        ("kind", NodeWriter.Text(Kind)),
        ("seed", NodeWriter.Literal(Seed.ToString(CultureInfo.InvariantCulture))),
    ];

    /// <summary>Whether a folder can have this name.</summary>
    public static bool IsFolderName(string name) => name.Length <= NameLimit && FolderName().IsMatch(name);

    private static string ReadName(FileNode node)
    {
        string name = node.AsText("a name");
        if (node.Kind == FileNodeKind.Scalar && !node.IsNothing && !IsFolderName(name))
        {
            string meant = NotInFolderNames().Replace(name, "-").Trim('-', '.', '_');
            node.Report(
                $"a name that a folder can have: at most {NameLimit} letters A–Z and a–z, digits, '-', '_' and '.', the first a letter or a digit",
                meant.Length is > 0 and <= NameLimit ? meant : null);
        }

        return name;
    }

    // Seeds have the full 64 bits, of which a whole number in a file has one less.
    private static ulong ReadSeed(FileNode node)
    {
        bool isScalar = node is { Kind: FileNodeKind.Scalar, IsQuoted: false };
        if (isScalar && ulong.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
        {
            return seed;
        }

        if (isScalar && ScalarText.TryNumber(node.Text, out double number) && number > ulong.MaxValue / 2)
        {
            node.Report(string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {ulong.MaxValue}, in digits"));
            return 0;
        }

        return (ulong)node.AsInteger(min: 0);
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex FolderName();

    [GeneratedRegex("[^A-Za-z0-9._-]+")]
    private static partial Regex NotInFolderNames();
}
