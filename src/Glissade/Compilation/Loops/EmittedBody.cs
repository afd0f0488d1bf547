namespace Glissade.Compilation.Loops;

/// <summary>Some of a loop's instructions as machine code, or one of them to be interpreted between others.</summary>
/// <param name="Body">What the code does; its operands are those of the body's slots, then where its running sums go, where vectors are stored aside, and the two parts of the table of lanes.</param>
/// <param name="Kernel">The code; null where the interpreted kernel of the only instruction is faster.</param>
/// <param name="InnerSums">Which of the loop's inner sums each of <see cref="LoopBody.Sums"/> is.</param>
internal sealed record EmittedBody(LoopBody Body, BlockKernel? Kernel, int[] InnerSums);
