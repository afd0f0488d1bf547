using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Rewriting;

/// <summary>Views and copies of views and copies, taken from the first of them.</summary>
internal static class StructureSimplification
{
    /// <summary>What has the same elements with one step less; null where nothing does.</summary>
    public static Tensor? Once(Tensor node)
    {
        // The functions make none of what can be taken from further back; here inputs may have become simpler since. The same node comes back where nothing has.
        Tensor x = node.Inputs[0];
        Tensor? simpler = node.Operation switch
        {
            Reshape reshape => Functions.Reshape(x, reshape.Shape),
            BroadcastTo copy => Functions.BroadcastTo(x, copy.Shape),
            Slice slice => Functions.Slice(x, slice.Axis, slice.Start, slice.Length),
            Concatenate concatenate => Concatenate(node, concatenate),
            _ => null,
        };
        return simpler == node ? null : simpler;
    }

    /// <summary>Slices that follow each other in one tensor are one slice of it.</summary>
    private static Tensor? Concatenate(Tensor node, Concatenate concatenate)
    {
        var parts = new List<Tensor>();
        foreach (Tensor part in node.Inputs)
        {
            if (parts.Count > 0 && part.Operation is Slice next && parts[^1].Operation is Slice last
                && next.Axis == concatenate.Axis && last.Axis == concatenate.Axis
                && part.Inputs[0] == parts[^1].Inputs[0] && last.Start + last.Length == next.Start)
            {
                parts[^1] = node.Trace.Add(last with { Length = last.Length + next.Length }, part.Inputs);
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts.Count == node.Inputs.Length && parts.Count > 1 ? null
            : parts.Count > 1 ? node.Trace.Add(concatenate, [.. parts])
            : Once(parts[0]) ?? parts[0];
    }
}
