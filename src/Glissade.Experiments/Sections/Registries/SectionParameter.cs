using System.Collections.Immutable;
using Glissade.Experiments.Reading;

namespace Glissade.Experiments.Sections;

/// <summary>What a parameter in an experiment file is, and so how it is written.</summary>
internal enum ParameterKind
{
    /// <summary>A number or a schedule.</summary>
    Schedule,

    /// <summary>A number that stays as it is.</summary>
    Number,

    /// <summary>A whole number of 1 or more.</summary>
    Count,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>One of some words.</summary>
    Word,

    /// <summary>A list of numbers.</summary>
    Numbers,

    /// <summary>Name patterns: a text or a list of texts.</summary>
    Patterns,
}

/// <summary>A parameter of something that an experiment file can name.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Range">The numbers that are right.</param>
/// <param name="Default">What it is where it is left out, as it would be written; null if it must be there.</param>
internal sealed record SectionParameter(string Name, ParameterKind Kind, NumberRange Range = default, string? Default = null)
{
    /// <summary>The words that are right.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>Whether it may be left out without standing for anything.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The default as if it stood in the file; null where there is none.</summary>
    /// <param name="place">The place of the parameter.</param>
    public FileNode? DefaultAt(FilePlace place) => Default is null ? null
        : Kind == ParameterKind.Numbers ? YamlReader.Read(Default, place)
        : FileNode.Scalar(place, Default, isQuoted: false);

    /// <summary>The parameter as listings show it.</summary>
    public override string ToString() => Default is null ? Name : $"{Name}={Default}";
}
