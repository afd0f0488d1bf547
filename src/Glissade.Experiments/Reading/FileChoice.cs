namespace Glissade.Experiments.Reading;

/// <summary>One of several things, by its keyword, with or without an argument.</summary>
/// <param name="Keyword">The keyword.</param>
/// <param name="Argument">What stands behind the keyword; null for a bare word.</param>
/// <param name="Node">The whole.</param>
public sealed record FileChoice(string Keyword, FileNode? Argument, FileNode Node)
{
    /// <summary>The argument as a mapping; empty for a bare word, so that required keys are still asked for.</summary>
    /// <param name="what">What it is, with its article.</param>
    public FileMapping AsMapping(string what)
        => (Argument ?? FileNode.Mapping(Node.Place.Key(Keyword), [])).AsMapping(what);
}
