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
        _lastStages = new int[stages.Length];
        for (int i = 0; i < body.Instructions.Length; i++)
        {
            int slot = body.Inputs.Length + i;
            _lastStages[slot] = Math.Max(_lastStages[slot], stages[slot]);
            foreach (int read in LoopBody.OperandsOf(body.Instructions[i]))
            {
                _lastStages[read] = Math.Max(_lastStages[read], stages[slot]);
            }
        }
    }

    /// <summary>Stages.</summary>
    public int Count { get; }

    /// <summary>A body's stages; null where there is nothing to wait for.</summary>
    public static LoopStages? Of(LoopBody body)
    {
        int inputs = body.Inputs.Length;
        if (body.Instructions.Count(i => IsLong(i.Operation)) < 2 || !body.Instructions.Any(i => i.Operation is Sqrt) || body.Sums.Any(s => s < inputs))
        {
            return null;
        }

        int[] stages = new int[body.Slots.Length], lastReads = new int[inputs];
        Array.Fill(stages, Most - 1, 0, inputs);
        for (int i = 0; i < body.Instructions.Length; i++)
        {
            int stage = 0;
            foreach (int slot in LoopBody.OperandsOf(body.Instructions[i]))
            {
                if (slot >= inputs)
                {
                    stage = Math.Max(stage, stages[slot] + (IsLong(body.Instructions[slot - inputs].Operation) ? 1 : 0));
                }
                else
                {
                    lastReads[slot] = i;
                }
            }

            stages[inputs + i] = Math.Min(stage, Most - 1);
        }

        // What may stand where a result is stored was read before: it must be still, so that the store does not overtake it.
        for (int i = 0; i < body.Instructions.Length; i++)
        {
            foreach (int slot in LoopBody.OperandsOf(body.Instructions[i]).Where(s => s < inputs))
            {
                stages[slot] = Math.Min(stages[slot], stages[inputs + i]);
            }

            if (body.IsStored[inputs + i] || body.IsSummed(inputs + i))
            {
                for (int slot = 0; slot < inputs; slot++)
                {
                    stages[slot] = lastReads[slot] <= i ? Math.Min(stages[slot], stages[inputs + i]) : stages[slot];
                }
            }
        }

        return stages.Max() == 0 || body.Sums.Select(s => stages[s]).Distinct().Count() > 1 ? null : new LoopStages(body, stages);
    }

    /// <summary>The stage in which all that is summed up gets its value.</summary>
    public int SumStage => _stages[_body.Sums[0]];

    /// <summary>The stage in which a slot gets its value.</summary>
    public int StageOf(int slot) => _stages[slot];

    /// <summary>Whether a slot's value is read in a later stage than some stage, and is known by then.</summary>
    public bool IsKept(int slot, int stage) => _stages[slot] <= stage && _lastStages[slot] > stage && !IsHeld(slot);

    /// <summary>Whether a slot's value is one number, which stands in a register all along.</summary>
    public bool IsHeld(int slot) => slot < _body.Inputs.Length && _body.Inputs[slot] == Access.Scalar;

    private static bool IsLong(ElementwiseOperation operation) => operation is Sqrt or ReciprocalSqrt or Divide;
}
