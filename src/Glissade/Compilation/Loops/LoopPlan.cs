using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Differentiation;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>What all workers of a loop share: places, kernels, and which block of scratch holds which value.</summary>
internal sealed class LoopPlan<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[] _lastRead;

    public LoopPlan(FusedLoop loop, Func<Tensor, Place<T>> placeOf)
    {
        Loop = loop;
        RowsPerBlock = Math.Max(1, Math.Min(loop.Rows, BlockLength / Math.Max(1, loop.Columns)));
        long fullBytes = (loop.Inputs.Count(i => i.Access == Access.Full) + loop.Stores.Count) * (long)loop.Rows * loop.Columns * Unsafe.SizeOf<T>();
        RowsPerPanel = Math.Max(1, (fullBytes > NearBytes ? BlockLength : PanelLength) / Math.Max(1, loop.Columns));
        Inputs = [.. loop.Inputs.Select(i => (placeOf(i.Value), i.Access))];
        IsConstant = [.. loop.Inputs.Select(i => i.Value.Operation is Differentiation.Operations.Constant or Differentiation.Operations.ArrayConstant or Rewriting.FoldedConstant)];
        SegmentEnds = loop.Inputs.Select(i => i.Value.Operation).OfType<Differentiation.Operations.SegmentInput>().FirstOrDefault()?.Ends.ToArray() ?? [];
        Kernels = [.. loop.Instructions.Select(i => i.Operation.Kernel<T>())];
        int slots = loop.Inputs.Count + loop.Instructions.Count;
        Scratch = new int[slots];
        Destinations = new Place<T>?[slots];
        IsDeferred = new bool[slots];
        foreach ((int slot, Tensor result) in loop.Stores)
        {
            Destinations[slot] = placeOf(result);
        }

        InputFormats = [.. Inputs.Select(i => i.Place.Format)];

        _lastRead = LastReads();
        FindDeferred(_lastRead);
        DeferredSlots = [.. Enumerable.Range(0, slots).Where(s => IsDeferred[s])];
        Instructions = [.. loop.Instructions];
        CanBeMoved = [.. Inputs.Select((input, slot) => RowsPerBlock > 1 && LaneTable<T>.IsSupported && input.Access is Access.PerRow or Access.PerColumn
            && !Instructions.Any(i => LoopCuts.IsCalled(i.Operation) && LoopBody.OperandsOf(i).Contains(slot)))];
        InnerSumOf = [];
        InnerSums = [.. Enumerable.Range(0, loop.Reductions.Count).Where(r =>
            loop.Reductions[r] is { Kind: Differentiation.Operations.ReductionKind.Sum, Over: Access.Scalar } reduction
            && reduction.Slot >= Inputs.Length && !LoopCuts.IsCalled(loop.Instructions[reduction.Slot - Inputs.Length].Operation))];
    }

    /// <summary>Elements of a block: 4 KiB, so that a handful of them fit in the first-level cache.</summary>
    public static unsafe int BlockLength => 4096 / sizeof(T);

    /// <summary>Full blocks that are run together at most.</summary>
    public static int BlocksTogether => 64;

    /// <summary>Elements of a panel of rows that is run down its columns, where the second-level cache holds them.</summary>
    private static int PanelLength => 8 * BlockLength;

    /// <summary>
    /// Bytes beyond which a loop's elements come from further away. Panels are then a page at most: going down its columns reads line after line of several pages
    /// in turn, which nothing fetches ahead (256 × 1024, four arrays: 390 µs with eight rows at once, 180 with one).
    /// </summary>
    private const long NearBytes = 256 << 10;

    /// <summary>
    /// Whether an emitted kernel moves the numbers of each input, one for each row or column, to their lanes as a table says. Not where an instruction reads them
    /// that may be interpreted.
    /// </summary>
    public bool[] CanBeMoved { get; }

    /// <summary>The table of lanes; null where nothing is moved by one.</summary>
    public LaneTable<T>? Lanes { get; private set; }

    /// <summary>Distance of scratch blocks: a block, or the whole loop where that is less, and the room a kernel may read beyond it.</summary>
    public int ScratchLength
    {
        get
        {
            int block = (int)Math.Min(BlockLength, (long)Loop.Rows * Loop.Columns);
            int granule = ElementKernel<T>.SpreadLength;
            return ((block + granule - 1) / granule * granule) + granule;
        }
    }

    /// <summary>Elements of scratch for each worker.</summary>
    public int WorkerLength => (ScratchBlocks * ScratchLength) + (InnerSums.Length * SumsLength) + AsideLength;

    /// <summary>Elements that the running sums of one inner sum take: those of each block that is run together with others; none where nothing makes them.</summary>
    public int SumsLength { get; private set; }

    /// <summary>Elements of the vectors that emitted bodies store aside.</summary>
    private int AsideLength => Emitted?.Max(b => b.Body.Slots.Length - b.Body.Inputs.Length) * ElementKernel<T>.SpreadLength ?? 0;

    public FusedLoop Loop { get; }

    public int RowsPerBlock { get; }

    public (Place<T> Place, Access Access)[] Inputs { get; }

    /// <summary>The format of 16 bits of each input; null where it holds elements as they are.</summary>
    public StorageFormat?[] InputFormats { get; }

    /// <summary>Whether each input is the same in every run.</summary>
    public bool[] IsConstant { get; }

    public int[] SegmentEnds { get; }

    public ElementKernel<T>[] Kernels { get; }

    /// <summary>Index of each slot's scratch block; −1 where it needs none.</summary>
    public int[] Scratch { get; }

    public int ScratchBlocks { get; private set; }

    /// <summary>Where each slot is stored; null where it is not.</summary>
    public Place<T>?[] Destinations { get; }

    /// <summary>Slots computed into scratch and copied at the end of the block: their destination overlies an input that is still read, or holds numbers of 16 bits.</summary>
    public bool[] IsDeferred { get; }

    public int[] DeferredSlots { get; }

    public LoopInstruction[] Instructions { get; }

    /// <summary>A block as machine code, one body after another; null where the instructions are interpreted one by one.</summary>
    public EmittedBody[]? Emitted { get; private set; }

    /// <summary>Whether numbers are read where they are: an interpreted kernel wants them spread over a vector, but of a single element it needs only the first lane.</summary>
    public bool ReadsNumbersInPlace => IsEmitted || (Loop.Rows == 1 && Loop.Columns == 1);

    /// <summary>
    /// Whether full blocks can be run many together: emitted in one body, a single row, everything read and written where it lies, nothing reduced after the block.
    /// The pipeline to memory then never drains; the sums of the blocks stay apart, so the bits are those of blocks run one by one.
    /// </summary>
    public bool IsStreaming { get; private set; }

    /// <summary>Whole rows as machine code that sums up columns on its way; null where they are summed up after each block.</summary>
    public ColumnKernel? EmittedColumns { get; private set; }

    /// <summary>Whether machine code runs the loop.</summary>
    public bool IsEmitted => Emitted is not null || EmittedColumns is not null;

    /// <summary>
    /// Whether the loop can be run down its columns: several rows, nothing but sums of columns reduced, everything read and written where it lies.
    /// Short rows are summed several at a time, in another order (see <see cref="ColumnTotals{T}"/>).
    /// </summary>
    public bool IsColumnar => Loop.Rows > 1 && Loop.Columns >= ColumnTotals<T>.LeastColumnsAlone && Loop.Reductions.Count > 0 && DeferredSlots.Length == 0
        && Loop.Reductions.All(r => r is { Kind: Differentiation.Operations.ReductionKind.Sum, Over: Access.PerColumn })
        && Enumerable.Range(0, Inputs.Length).All(i => Inputs[i].Access != Access.Segment && InputFormats[i] is null);

    /// <summary>Rows that the column kernel is given at once; the bits do not depend on how many.</summary>
    public int RowsPerPanel { get; }

    /// <summary>The reductions that an emitted kernel can make in registers: sums of results to one number.</summary>
    public int[] InnerSums { get; }

    /// <summary>For each reduction which of the inner sums it is, if the emitted kernel makes its running sums; else −1.</summary>
    public int[] InnerSumOf { get; private set; }

    /// <summary>Whether a slot's block is needed in memory, whole: stored, or reduced after the block.</summary>
    public bool IsWritten(int slot)
    {
        for (int r = 0; r < Loop.Reductions.Count; r++)
        {
            if (Loop.Reductions[r].Slot == slot && Array.IndexOf(InnerSums, r) < 0)
            {
                return true;
            }
        }

        return Destinations[slot] is not null;
    }

    /// <summary>Whether the kernels move the numbers of an input to their lanes, and they are so many.</summary>
    public bool IsMoved(int input, Access access) => Lanes is not null && CanBeMoved[input] && Inputs[input].Access == access;

    /// <summary>The instruction that reads each slot last: −1 where none does, the greatest number where it is still needed after all of them.</summary>
    private int[] LastReads()
    {
        int[] lastRead = new int[Scratch.Length];
        Array.Fill(lastRead, -1);
        for (int i = 0; i < Loop.Instructions.Count; i++)
        {
            LoopInstruction instruction = Loop.Instructions[i];
            lastRead[instruction.X] = lastRead[instruction.Y] = lastRead[instruction.Z] = i;
        }

        foreach (LoopReduction reduction in Loop.Reductions)
        {
            lastRead[reduction.Slot] = int.MaxValue;
        }

        return lastRead;
    }

    /// <summary>Finds the results that overlie an input which is still read after them, and those to be stored in 16 bits.</summary>
    private void FindDeferred(int[] lastRead)
    {
        ILookup<Numerics.FlatVector<T>, int> inputsIn = Enumerable.Range(0, Inputs.Length).ToLookup(i => Inputs[i].Place.Vector);
        foreach ((int slot, Tensor result) in Loop.Stores)
        {
            Place<T> destination = Destinations[slot]!.Value;
            int length = result.Shape.Count;
            IsDeferred[slot] = destination.Format is not null || inputsIn[destination.Vector].Any(input =>
                lastRead[input] > slot - Inputs.Length && Place<T>.Overlap(Inputs[input].Place, length, destination, length));
        }
    }

    /// <summary>Says what runs the loop, and gives scratch to the values that need it then.</summary>
    /// <param name="blocks">Blocks as machine code.</param>
    /// <param name="columns">Columns as machine code; if neither is there, the instructions are interpreted.</param>
    public void Choose(EmittedBody[]? blocks, ColumnKernel? columns)
    {
        (Emitted, EmittedColumns) = (blocks, columns);
        IsStreaming = blocks is { Length: 1 } && Loop.Rows == 1 && DeferredSlots.Length == 0 && InnerSums.Length == Loop.Reductions.Count
            && Enumerable.Range(0, Inputs.Length).All(i => Inputs[i].Access == Access.Scalar || (Inputs[i].Access == Access.Full && InputFormats[i] is null));
        int together = IsStreaming ? Math.Clamp(Loop.Columns / BlockLength, 1, BlocksTogether) : 1;
        InnerSumOf = [.. Enumerable.Range(0, Loop.Reductions.Count).Select(r => blocks is null ? -1 : Array.IndexOf(InnerSums, r))];
        SumsLength = blocks is null ? 0 : together * ReductionKernels<T>.SumStride;
        Lanes = blocks is not null && CanBeMoved.Contains(true) ? new LaneTable<T>(Loop.Columns, RowsPerBlock * Loop.Columns) : null;
        AssignScratch();
    }

    /// <summary>Blocks are reused as soon as their value has been read for the last time; what stays in registers has none.</summary>
    private void AssignScratch()
    {
        int inputs = Inputs.Length;
        HashSet<int>? stored = EmittedColumns is not null ? []
            : Emitted?.SelectMany(b => b.Body.Slots.Where((_, slot) => b.Body.IsStored[slot] || b.Body.IsSummed(slot))).ToHashSet();
        ILookup<int, int> diesAt = Enumerable.Range(inputs, Scratch.Length - inputs).Where(s => !IsDeferred[s]).ToLookup(s => _lastRead[s]);
        var free = new Stack<int>();
        for (int slot = 0; slot < inputs; slot++)
        {
            bool isReadInPlace = IsMoved(slot, Access.PerRow) || (Inputs[slot].Access == Access.Full && InputFormats[slot] is null) || EmittedColumns is not null || (Inputs[slot].Access == Access.Scalar && ReadsNumbersInPlace);
            Scratch[slot] = isReadInPlace ? -1 : ScratchBlocks++;
        }

        for (int i = 0; i < Instructions.Length; i++)
        {
            int slot = inputs + i;
            bool direct = Destinations[slot] is not null && !IsDeferred[slot];
            Scratch[slot] = direct || stored?.Contains(slot) == false ? -1 : free.TryPop(out int block) ? block : ScratchBlocks++;
            foreach (int dead in diesAt[i])
            {
                if (Scratch[dead] >= 0)
                {
                    free.Push(Scratch[dead]);
                }
            }
        }
    }
}
