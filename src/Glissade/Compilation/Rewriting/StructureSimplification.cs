using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Rewriting;

/// <summary>Views and copies of views and copies, taken from the first of them.</summary>
internal static class StructureSimplification
{
    /// <summary>What has the same elements with one step less; null where nothing does.</summary>
    public static Tensor? Once(Tensor node)
    {
        Tensor x = node.Inputs[0];
        return node.Operation switch
        {
            Reshape or BroadcastTo when x.Shape == node.Shape => x,
            Reshape when x.Operation is Reshape => node.Trace.Add(node.Operation, x.Inputs),
            BroadcastTo when x.Operation is BroadcastTo => node.Trace.Add(node.Operation, x.Inputs),
            Slice slice => Slice(node, slice),
            Concatenate concatenate => Concatenate(node, concatenate),
            _ => null,
        };
    }

    private static Tensor? Slice(Tensor node, Slice slice)
    {
        Tensor x = node.Inputs[0];
        switch (x.Operation)
        {
            case var _ when slice.Start == 0 && slice.Length == x.Shape[slice.Axis]:
                return x;
            case Slice outer when outer.Axis == slice.Axis:
                return node.Trace.Add(outer with { Start = outer.Start + slice.Start, Length = slice.Length }, x.Inputs);
            case Pad pad when pad.Axis == slice.Axis && slice.Start >= pad.Before && slice.Start + slice.Length <= x.Shape[pad.Axis] - pad.After:
                return node.Trace.Add(slice with { Start = slice.Start - pad.Before }, x.Inputs);
            case Concatenate parts when parts.Axis == slice.Axis:
                int start = slice.Start;
                foreach (Tensor part in x.Inputs)
                {
                    int length = part.Shape[slice.Axis];
                    if (start < length)
                    {
                        return start + slice.Length <= length ? node.Trace.Add(slice with { Start = start }, part) : null;
                    }

                    start -= length;
                }

                return null;
            default:
                return null;
        }
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
