using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>A whole block of a fused loop as machine code: all instructions on one vector after another, in registers.</summary>
/// <param name="slots">Where each slot's block begins, and whether it is read on or stands still.</param>
/// <param name="count">Elements of a block.</param>
/// <param name="blocks">Blocks, one after another; more than one only where every one is full (see <see cref="LoopPlan{T}.IsStreaming"/>).</param>
internal unsafe delegate void BlockKernel(Operand* slots, int count, int blocks);
