namespace Glissade.Compilation.Steps;

/// <summary>What a step is and what it costs, for listings and profiles.</summary>
/// <param name="Kind">The operation, or that it is a loop.</param>
/// <param name="Shapes">Operands and result, as in <c>[64, 128] × [128, 10] → [64, 10]</c>.</param>
/// <param name="Detail">What a loop computes, which executor runs it, what it overwrites.</param>
/// <param name="BytesRead">Bytes of the operands, each element counted once.</param>
/// <param name="BytesWritten">Bytes of the results that are stored.</param>
/// <param name="Flops">Additions and multiplications of products; every elementwise operation, whatever it costs, and every reduced element as 1.</param>
internal sealed record StepDescription(string Kind, string Shapes, string Detail, long BytesRead, long BytesWritten, double Flops)
{
    /// <summary>What the step is, without its costs.</summary>
    public override string ToString() => Detail.Length == 0 ? $"{Kind} {Shapes}" : $"{Kind} {Shapes}: {Detail}";
}
