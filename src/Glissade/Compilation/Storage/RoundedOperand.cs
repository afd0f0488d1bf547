using Glissade.Compilation.Rewriting;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Storage;

/// <summary>An input that a matrix product rounds as it reads it: it stands where the input stands and takes no memory of its own.</summary>
internal sealed record RoundedOperand(StorageFormat Format) : LoweredOperation
{
    public override string Name => "rounded-operand";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape;

    /// <summary>Lets products round the inputs they read, parameters above all, rather than a loop store them once more.</summary>
    public static Tensor[] Apply(Tensor[] outputs) => Graph.Rewrite(outputs, (node, inputs) =>
    {
        if (node.Operation is MatrixMultiply or MatrixMultiplyFused)
        {
            inputs = [.. inputs.Select((x, i) => i < 2 && x.Operation is IRounding rounding && x.Inputs[0].Operation is Differentiation.Operations.Input
                ? x.Trace.Add(new RoundedOperand(rounding.Format), x.Inputs[0])
                : x)];
        }

        return Lowering.Rebuild(node, inputs);
    });
}
