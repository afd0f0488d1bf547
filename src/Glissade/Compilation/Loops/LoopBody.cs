using System.Numerics;
using System.Text;

namespace Glissade.Compilation.Loops;

/// <summary>Consecutive instructions of a loop as one emitted method runs them: with slots of their own, first what they read, then what they compute.</summary>
internal sealed class LoopBody
{
    private LoopBody(int[] slots, Access[] inputs, bool[] isMoved, LoopInstruction[] instructions, bool[] isStored, int[] sums) =>
        (Slots, Inputs, IsMoved, Instructions, IsStored, Sums) = (slots, inputs, isMoved, instructions, isStored, sums);

    /// <summary>The loop's slot for each of the body's.</summary>
    public int[] Slots { get; }

    /// <summary>How each slot that is read moves; what an earlier body has computed is read element by element.</summary>
    public Access[] Inputs { get; }

    /// <summary>Whether the numbers of each slot that is read get to their lanes as a <see cref="LaneTable{T}"/> says.</summary>
    public bool[] IsMoved { get; }

    /// <summary>The instructions, on the body's slots.</summary>
    public LoopInstruction[] Instructions { get; }

    /// <summary>Whether each slot's elements are written to where its operand points.</summary>
    public bool[] IsStored { get; }

    /// <summary>The slots that are summed up in registers.</summary>
    public int[] Sums { get; }

    /// <summary>The whole of a loop, its columns summed up.</summary>
    public static LoopBody OfColumns<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T> => new(
            [.. Enumerable.Range(0, plan.Scratch.Length)],
            [.. plan.Inputs.Select(i => i.Access)],
            new bool[plan.Inputs.Length],
            plan.Instructions,
            [.. plan.Destinations.Select(d => d is not null)],
            [.. plan.Loop.Reductions.Select(r => r.Slot)]);

    /// <summary>The instructions from one up to another, sums to one number made on the way.</summary>
    public static LoopBody OfBlocks<T>(LoopPlan<T> plan, int first, int end)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int inputs = plan.Inputs.Length, last = plan.Instructions.Length;
        bool isWhole = first == 0 && end == last;
        LoopInstruction[] instructions = plan.Instructions[first..end];

        // The whole loop keeps its numbers, so that its operands are handed over as they are.
        List<int> slots = [.. isWhole ? Enumerable.Range(0, inputs)
            : instructions.SelectMany(OperandsOf).Where(s => s < inputs + first).Distinct()];
        var numbers = new Dictionary<int, int>();
        foreach (int slot in slots.Concat(Enumerable.Range(inputs + first, end - first)))
        {
            numbers.Add(slot, numbers.Count);
        }

        var readLater = new HashSet<int>(plan.Instructions.Skip(end).SelectMany(OperandsOf));
        return new LoopBody(
            [.. numbers.Keys],
            [.. slots.Select(s => s < inputs ? plan.Inputs[s].Access : Access.Full)],
            [.. slots.Select(s => s < inputs && plan.CanBeMoved[s])],
            [.. instructions.Select(i => new LoopInstruction(i.Operation, numbers[i.X], numbers[i.Operation.Arity > 1 ? i.Y : i.X], numbers[i.Operation.Arity > 2 ? i.Z : i.X]))],
            [.. numbers.Keys.Select(s => s >= inputs + first && (plan.IsWritten(s) || readLater.Contains(s)))],
            [.. SumsWithin(plan, first, end).Select(s => numbers[plan.Loop.Reductions[plan.InnerSums[s]].Slot])]);
    }

    /// <summary>Which of a loop's inner sums are of what some of its instructions compute.</summary>
    public static IEnumerable<int> SumsWithin<T>(LoopPlan<T> plan, int first, int end)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Enumerable.Range(0, plan.InnerSums.Length).Where(s => plan.Loop.Reductions[plan.InnerSums[s]].Slot - plan.Inputs.Length is int i && i >= first && i < end);

    /// <summary>The slots that an instruction reads.</summary>
    public static int[] OperandsOf(LoopInstruction instruction) => instruction.Operation.Arity switch
    {
        1 => [instruction.X],
        2 => [instruction.X, instruction.Y],
        _ => [instruction.X, instruction.Y, instruction.Z],
    };

    /// <summary>Whether a slot is one number for the whole loop.</summary>
    public bool IsNumber(int slot) => slot < Inputs.Length && Inputs[slot] == Access.Scalar;

    /// <summary>Whether a slot is summed up in registers.</summary>
    public bool IsSummed(int slot) => Array.IndexOf(Sums, slot) >= 0;

    /// <summary>What two bodies of the same code have in common.</summary>
    public string KeyFor<T>()
    {
        var key = new StringBuilder(typeof(T).Name);
        for (int slot = 0; slot < Inputs.Length; slot++)
        {
            char access = Inputs[slot] switch { Access.Scalar => 's', Access.PerRow => 'r', Access.PerColumn => 'c', Access.Segment => 'g', _ => 'f' };
            key.Append(IsMoved[slot] ? char.ToUpperInvariant(access) : access);
        }

        for (int i = 0; i < Instructions.Length; i++)
        {
            LoopInstruction instruction = Instructions[i];
            key.Append('|').Append(instruction.Operation.Name).Append(' ').AppendJoin(' ', OperandsOf(instruction)).Append(IsStored[Inputs.Length + i] ? 'w' : '-');
        }

        return key.Append('|').AppendJoin(' ', Sums).ToString();
    }
}
