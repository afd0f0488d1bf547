using System.Collections.Concurrent;
using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>One step of a loop as a graph of its own: carried values, elements of sequences and constants in, next carried values and results out.</summary>
/// <remarks>Immutable; it is copied into a trace wherever it is differentiated, vectorised or compiled.</remarks>
internal sealed class ScanBody
{
    private readonly Tensor[] _inputs, _outputs;
    private readonly ConcurrentDictionary<string, ScanBody> _vectorized = new(StringComparer.Ordinal);

    /// <summary>A body whose graph exists.</summary>
    /// <param name="inputs">Carried values, then elements, then constants: inputs of one trace.</param>
    /// <param name="carries">How many are carried.</param>
    /// <param name="elements">How many are elements.</param>
    /// <param name="outputs">Next carried values, then results, computed from the inputs alone.</param>
    public ScanBody(Tensor[] inputs, int carries, int elements, Tensor[] outputs) =>
        (_inputs, Carries, Elements, _outputs) = (inputs, carries, elements, outputs);

    public int Carries { get; }

    public int Elements { get; }

    public int Constants => _inputs.Length - Carries - Elements;

    public int Results => _outputs.Length - Carries;

    public Shape InputShape(int i) => _inputs[i].Shape;

    public Shape OutputShape(int i) => _outputs[i].Shape;

    /// <summary>
    /// The body of a step that was traced among other things: what does not depend on the placeholders is computed once outside and comes in as a constant.
    /// </summary>
    /// <param name="placeholders">Stand for carried values, then elements.</param>
    /// <param name="carries">How many are carried.</param>
    /// <param name="outputs">Next carried values, then results.</param>
    /// <param name="captured">The tensors outside that are the body's constants.</param>
    public static ScanBody Capture(IReadOnlyList<Tensor> placeholders, int carries, IReadOnlyList<Tensor> outputs, out Tensor[] captured)
    {
        Tensor[] nodes = Graph.Ancestors(outputs);
        HashSet<Tensor> dependent = Graph.Dependents(nodes, placeholders);
        var trace = new Trace();
        var own = new Dictionary<Tensor, Tensor>();
        Tensor[] inputs = [.. placeholders.Select((p, i) => own[p] = trace.Input($"{(i < carries ? "carry" : "element")}{i}", p.Shape))];
        var outside = new List<Tensor>();
        foreach (Tensor used in nodes.Where(dependent.Contains).SelectMany(n => n.Inputs).Concat(outputs))
        {
            // A copied scalar is better copied again inside than brought in as a whole tensor.
            Tensor source = used.Operation is BroadcastTo ? used.Inputs[0] : used;
            if (!dependent.Contains(source) && source.Operation is not Constant && !own.ContainsKey(source))
            {
                own[source] = trace.Input($"constant{outside.Count}", source.Shape);
                outside.Add(source);
            }
        }

        captured = [.. outside];
        Tensor[] all = [.. inputs, .. outside.Select(o => own[o])];
        return new ScanBody(all, carries, placeholders.Count - carries, Graph.Transplant(outputs, own, trace));
    }

    /// <summary>The same step without some of its results.</summary>
    /// <param name="isKept">Which outputs stay; carried ones must.</param>
    public ScanBody WithOutputs(Func<int, bool> isKept) => new(_inputs, Carries, Elements, [.. _outputs.Where((_, i) => isKept(i))]);

    /// <summary>The step for all indices of a batch, whose axis comes first in all carried values and in the inputs that are mapped; the same body whenever it is asked for.</summary>
    /// <param name="batch">Length of the batch.</param>
    /// <param name="mapped">Which inputs have the batch axis beside the carried values, which always get it.</param>
    public ScanBody Vectorized(int batch, bool[] mapped) =>
        _vectorized.GetOrAdd($"{batch} {string.Concat(mapped.Select((m, i) => m || i < Carries ? '1' : '0'))}", _ =>
        {
            var trace = new Trace();
            Tensor[] examples = NewInputs(trace);
            Tensor[] outputs = Apply(trace, examples);
            bool IsMapped(int i) => i < Carries || mapped[i];
            Tensor[] all = [.. examples.Select((e, i) => IsMapped(i) ? trace.Input($"all{i}", new Shape([batch, .. e.Shape.Lengths])) : e)];
            int[] which = [.. Enumerable.Range(0, all.Length).Where(IsMapped)];
            Tensor[] together = which.Length == 0
                ? [.. outputs.Select(o => Functions.BroadcastTo(o, new Shape([batch, .. o.Shape.Lengths])))]
                : Vectorization.Map(outputs, [.. which.Select(i => examples[i])], [.. which.Select(i => all[i])]);
            return new ScanBody(all, Carries, Elements, together);
        });

    /// <summary>Inputs like the body's in another trace.</summary>
    public Tensor[] NewInputs(Trace trace) => [.. _inputs.Select(i => trace.Input(i.Operation.Name, i.Shape))];

    /// <summary>The body's outputs for given inputs, in their trace.</summary>
    public Tensor[] Apply(Trace trace, IReadOnlyList<Tensor> inputs)
    {
        var given = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < _inputs.Length; i++)
        {
            given.Add(_inputs[i], inputs[i]);
        }

        return Graph.Transplant(_outputs, given, trace);
    }
}
