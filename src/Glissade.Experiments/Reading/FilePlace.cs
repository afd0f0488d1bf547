using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>Where a node stands: in which text, at which line and column, at which address of the tree.</summary>
internal sealed record FilePlace(string Path, int Line, int Column, string Address, InputProblems Problems)
{
    /// <summary>The place of the value of a key.</summary>
    public FilePlace Key(string key) => this with { Address = Address.Length == 0 ? key : $"{Address}.{key}" };

    /// <summary>The place of an item.</summary>
    public FilePlace Item(int index) => this with { Address = $"{Address}[{index}]" };

    /// <summary>The last part of the address in quotes, or null for the root.</summary>
    public string? Name => Address.Length == 0 ? null : $"'{Address[(Address.LastIndexOf('.') + 1)..]}'";
}
