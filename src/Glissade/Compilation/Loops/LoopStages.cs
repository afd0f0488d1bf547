using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Loops;

/// <summary>A body's instructions in stages, each of which waits for roots or quotients of the one before: run on vectors that follow each other, the stages do not wait.</summary>
/// <remarks>
/// An update of Adam takes a root, divides by it and subtracts: 80 cycles, of which the divider is busy for 16. A processor that holds 190 vectors in registers has begun six
/// updates then, and waits. If the last stage of one group of vectors stands before the middle stage of the next and the first stage of the one after it, what is read has
/// long been computed (software pipelining: M. Lam, 1988, Software Pipelining: An Effective Scheduling Technique for VLIW Machines). Every vector still goes through the
/// same instructions, and what is summed up is in the same order.
/// </remarks>
internal sealed class LoopStages
{
    /// <summary>More stages would want more registers than there are.</summary>
    private const int Most = 3;

    private readonly LoopBody _body;
    private readonly int[] _stages;
    private readonly int[] _lastStages;

    private LoopStages(LoopBody body, int[] stages)
    {
        _body = body;
        _stages = stages;
        Count = stages.Max() + 1;
        _lastStages = [.. stages.Select((stage, slot) => Readers(body, slot).Select(r => stages[r]).Append(stage).Max())];
    }

    /// <summary>Stages.</summary>
    public int Count { get; }

    /// <summary>Registers that one vector of a group keeps from stage to stage.</summary>
    public int Kept => Enumerable.Range(0, Count).Sum(stage => Enumerable.Range(0, _stages.Length).Count(slot => IsKept(slot, stage)));

    /// <summary>A body's stages; null where there is nothing to wait for.</summary>
    public static LoopStages? Of(LoopBody body)
    {
        int inputs = body.Inputs.Length;
        if (body.Instructions.Count(i => IsLong(i.Operation)) < 2 || !body.Instructions.Any(i => i.Operation is Sqrt) || body.Sums.Any(s => s < inputs))
        {
            return null;
        }

        int[] stages = new int[body.Slots.Length];
        for (int i = 0; i < body.Instructions.Length; i++)
        {
            IEnumerable<int> waits = LoopBody.OperandsOf(body.Instructions[i]).Where(s => s >= inputs).Select(s => stages[s] + (IsLong(OperationOf(body, s)) ? 1 : 0));
            stages[inputs + i] = Math.Min(waits.DefaultIfEmpty(0).Max(), Most - 1);
        }

        Postpone(body, stages);
        Load(body, stages);
        return stages.Max() == 0 || body.Sums.Select(s => stages[s]).Distinct().Count() > 1 ? null : new LoopStages(body, stages);
    }

    /// <summary>The stage in which all that is summed up gets its value.</summary>
    public int SumStage => _stages[_body.Sums[0]];

    /// <summary>The stage in which a slot gets its value.</summary>
    public int StageOf(int slot) => _stages[slot];

    /// <summary>Whether a slot's value is read in a later stage than some stage, and is known by then.</summary>
    public bool IsKept(int slot, int stage) => _stages[slot] <= stage && _lastStages[slot] > stage && !_body.IsNumber(slot);

    /// <summary>What only later stages read waits for them if nothing more is kept for it then, such as the product of a parameter and a number.</summary>
    private static void Postpone(LoopBody body, int[] stages)
    {
        for (int slot = body.Slots.Length - 1; slot >= body.Inputs.Length; slot--)
        {
            int first = Readers(body, slot).Select(r => stages[r]).DefaultIfEmpty(0).Min();
            if (first > stages[slot] && CanWait(slot, first))
            {
                stages[slot] = first;
            }
        }

        bool CanWait(int slot, int stage) => slot < body.Inputs.Length || (!body.IsStored[slot] && !body.IsSummed(slot) && !IsLong(OperationOf(body, slot))
            && LoopBody.OperandsOf(body.Instructions[slot - body.Inputs.Length]).All(s => CanWait(s, stage) && Readers(body, s).All(r => r == slot || stages[r] >= stage)));
    }

    /// <summary>Inputs are loaded where they are read first. What may stand where a result is stored, since it was read before, must be loaded before the store as well.</summary>
    private static void Load(LoopBody body, int[] stages)
    {
        int inputs = body.Inputs.Length;
        for (int slot = 0; slot < inputs; slot++)
        {
            int[] readers = [.. Readers(body, slot)];
            stages[slot] = readers.Select(r => stages[r]).DefaultIfEmpty(0).Min();
            for (int result = readers.DefaultIfEmpty(inputs).Max(); result < stages.Length; result++)
            {
                if (body.IsStored[result] || body.IsSummed(result))
                {
                    stages[slot] = Math.Min(stages[slot], stages[result]);
                }
            }
        }
    }

    /// <summary>The slots whose values are made from that of a slot.</summary>
    private static IEnumerable<int> Readers(LoopBody body, int slot) =>
        Enumerable.Range(body.Inputs.Length, body.Instructions.Length).Where(r => LoopBody.OperandsOf(body.Instructions[r - body.Inputs.Length]).Contains(slot));

    private static ElementwiseOperation OperationOf(LoopBody body, int slot) => body.Instructions[slot - body.Inputs.Length].Operation;

    private static bool IsLong(ElementwiseOperation operation) => operation is Sqrt or ReciprocalSqrt or Divide;
}
