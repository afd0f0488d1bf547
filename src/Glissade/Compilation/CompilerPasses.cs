namespace Glissade.Compilation;

/// <summary>Which parts of the compiler run; all unless a test or a measurement switches one off.</summary>
/// <remarks>
/// Results have the same bits with and without each pass, except that a sum may round differently without <see cref="FuseLoops"/>, the length of a gradient
/// (<see cref="MeasuredGradient{T}"/>) without <see cref="FuseProducts"/>, and where
/// <see cref="Fold"/>, <see cref="Simplify"/> or <see cref="FuseProducts"/> change which operations share a loop with it: whether the axes are cut into rows and columns at one place
/// or another is chosen for a whole loop, and a sum adds block by block.
/// </remarks>
internal sealed record CompilerPasses
{
    public static CompilerPasses All { get; } = new();

    /// <summary>Algebra that is exact in IEEE arithmetic, and fewer copies.</summary>
    public bool Simplify { get; init; } = true;

    /// <summary>What depends on constants alone is computed when the program is built.</summary>
    public bool Fold { get; init; } = true;

    /// <summary>Matrix products and convolutions add their bias and rectify; products, and the gradient of a pooled maximum, pass a gradient through a rectifier; products sum the squares of the gradient that they are.</summary>
    public bool FuseProducts { get; init; } = true;

    /// <summary>Elementwise operations and reductions run as one loop.</summary>
    public bool FuseLoops { get; init; } = true;

    /// <summary>Intermediate values that never live at once share memory, and outputs are computed where they belong.</summary>
    public bool ReuseMemory { get; init; } = true;

    /// <summary>Values that were rounded to 16 bits are stored in 16 bits.</summary>
    public bool StoreCompactly { get; init; } = true;

    /// <summary>Loops may become machine code.</summary>
    public bool Emit { get; init; } = true;
}
