using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>A whole block of a fused loop as machine code: all instructions on one vector after another, in registers.</summary>
/// <param name="slots">Where each slot's block begins, and whether it is read on or stands still.</param>
/// <param name="count">Elements of a block.</param>
/// <param name="blocks">Blocks, one after another; more than one only where every one is full (see <see cref="LoopPlan{T}.IsStreaming"/>).</param>
internal unsafe delegate void BlockKernel(Operand* slots, int count, int blocks);

/// <summary>Whole rows of a fused loop as machine code, the sums of their columns in registers.</summary>
/// <param name="slots">Where each slot's first row begins, and after them the totals of each reduction, which are added to.</param>
/// <param name="rows">Rows, one or more.</param>
/// <param name="columns">Elements of a row, and from one row to the next.</param>
internal unsafe delegate void ColumnKernel(Operand* slots, int rows, int columns);
