using System.Numerics;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Loops;

/// <summary>Where a loop's instructions are cut into bodies, each a method of its own that runs a block before the next does.</summary>
/// <remarks>
/// The runtime's compiler stops inlining at 512 locals and calls the rest with every vector in memory: twenty tanh in one method were five times slower than
/// interpreted ones. And a processor looks some 300 instructions ahead, so that transcendental functions of each other's results, of which each waits for the one
/// before, run at half their speed from four on; apart, many vectors are under way at once. What is cut passes through blocks in the first-level cache.
/// </remarks>
internal static class LoopCuts
{
    /// <summary>Locals that a method may have by our estimate: the compiler's limit less what it makes besides.</summary>
    private const int MostLocals = 480;

    /// <summary>Transcendental functions within one body: shorter bodies are more often alike, and then compiled once.</summary>
    private const int MostFunctions = 3;

    /// <summary>Of these, how many of each other's results.</summary>
    private const int MostInTurn = 1;

    /// <summary>Whether a method has room for copies of all of some instructions.</summary>
    /// <param name="instructions">The instructions.</param>
    /// <param name="inputs">Slots that they read.</param>
    /// <param name="copies">How often they are written.</param>
    public static bool Fits(LoopInstruction[] instructions, int inputs, int copies) =>
        LocalsOfSlots(instructions.Length + inputs) + (copies * instructions.Sum(i => LocalsOf(i.Operation))) <= MostLocals;

    /// <summary>The bodies of a loop, in the order of its instructions.</summary>
    public static List<(int First, int End)> Of<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var bodies = new List<(int, int)>();
        int inputs = plan.Inputs.Length, first = 0, locals = 0, functions = 0;
        bool sums = false;
        int[] turns = new int[plan.Scratch.Length];
        for (int i = 0; i < plan.Instructions.Length; i++)
        {
            LoopInstruction instruction = plan.Instructions[i];
            int taken = LocalsOf(instruction.Operation), function = IsTranscendental(instruction.Operation) ? 1 : 0;
            int turn = LoopBody.OperandsOf(instruction).Max(s => turns[s]) + function;
            bool isSummed = LoopBody.SumsWithin(plan, i, i + 1).Any();

            // As if every instruction read one slot more; a body with sums is written twice at least.
            int total = LocalsOfSlots(2 * (i + 1 - first)) + ((sums || isSummed ? 2 : 1) * (locals + taken));
            if (i > first && (turn > MostInTurn || functions + function > MostFunctions || total > MostLocals
                || IsCalled(plan.Instructions[i - 1].Operation) || IsCalled(instruction.Operation)))
            {
                bodies.Add((first, i));
                (first, locals, functions, sums, turn) = (i, 0, 0, false, function);
                Array.Clear(turns);
            }

            (locals, functions, sums, turns[inputs + i]) = (locals + taken, functions + function, sums || isSummed, turn);
        }

        bodies.Add((first, plan.Instructions.Length));
        return bodies;
    }

    /// <summary>A value and a pointer for each.</summary>
    private static int LocalsOfSlots(int slots) => 2 * slots;

    /// <summary>About how many locals the compiler makes of an operation that it inlines: measured by chains of it, in float and in double.</summary>
    private static int LocalsOf(ElementwiseOperation operation) => operation switch
    {
        Softplus or Erf or Sinh or Cosh => 105,
        Exp or Gaussian or ExpMinusOne or LogOnePlus or Log or Tanh or Asin or Atan => 50,
        Power or ScaledPower => 150,
        RoundToBFloat16 or RoundToHalf => 25,
        Sqrt => 10,
        Select or Sign or Round => 8,
        _ => IsTranscendental(operation) ? 75 : 1,
    };

    /// <summary>Whether the compiler leaves an operation as a call, around which every vector is in memory: it stands alone, and its sum is made afterwards.</summary>
    public static bool IsCalled(ElementwiseOperation operation) => operation is Power or ScaledPower;

    private static bool IsTranscendental(ElementwiseOperation operation) => operation is
        Exp or ExpMinusOne or Log or LogOnePlus or Power or ScaledPower or Sin or Cos or Tan or Tanh or Erf or Gaussian or Sigmoid or Softplus
        or Sinh or Cosh or Asinh or Acosh or Atanh or Asin or Acos or Atan or Atan2;
}
