using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>Whole rows of a fused loop as machine code, the sums of their columns in registers.</summary>
/// <param name="slots">Where each slot's first row begins, and after them the totals of each reduction, which are added to.</param>
/// <param name="rows">Rows, one or more.</param>
/// <param name="columns">Elements of a row, and from one row to the next.</param>
internal unsafe delegate void ColumnKernel(Operand* slots, int rows, int columns);
