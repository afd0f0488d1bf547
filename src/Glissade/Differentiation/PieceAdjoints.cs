using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>The adjoints of slices of one tensor, put together to the adjoint of the whole.</summary>
/// <remarks>
/// Each slice alone would give zeros with its adjoint among them, and many slices a sum of as many whole tensors: reading a vector element by element
/// would cost its length squared. Pieces that do not overlap are concatenated instead.
/// </remarks>
internal sealed class PieceAdjoints
{
    private readonly List<(Slice Slice, Tensor Adjoint)> _pieces = [];

    public void Add(Slice slice, Tensor adjoint) => _pieces.Add((slice, adjoint));

    /// <summary>The adjoint of the whole tensor.</summary>
    public Tensor Assemble(Tensor whole)
    {
        Tensor? sum = null;
        foreach (var axis in _pieces.GroupBy(p => p.Slice.Axis))
        {
            foreach (List<(Slice Slice, Tensor Adjoint)> layer in Layers(axis.OrderBy(p => p.Slice.Start)))
            {
                Tensor joined = Join(whole, axis.Key, layer);
                sum = sum is null ? joined : sum + joined;
            }
        }

        return sum!;
    }

    /// <summary>As few layers of pieces as need be so that no two of a layer overlap; pieces come by their start.</summary>
    private static List<List<(Slice Slice, Tensor Adjoint)>> Layers(IEnumerable<(Slice Slice, Tensor Adjoint)> pieces)
    {
        var layers = new List<List<(Slice Slice, Tensor Adjoint)>>();
        var freeFrom = new PriorityQueue<List<(Slice Slice, Tensor Adjoint)>, (int End, int Order)>();
        foreach ((Slice Slice, Tensor Adjoint) piece in pieces)
        {
            if (!freeFrom.TryPeek(out List<(Slice Slice, Tensor Adjoint)>? layer, out (int End, int Order) free) || free.End > piece.Slice.Start)
            {
                layer = [];
                free.Order = layers.Count;
                layers.Add(layer);
            }
            else
            {
                freeFrom.Dequeue();
            }

            layer.Add(piece);
            freeFrom.Enqueue(layer, (piece.Slice.Start + piece.Slice.Length, free.Order));
        }

        return layers;
    }

    private static Tensor Join(Tensor whole, int axis, List<(Slice Slice, Tensor Adjoint)> layer)
    {
        int length = whole.Shape[axis];
        if (layer is [(Slice only, Tensor adjoint)])
        {
            return Functions.Pad(adjoint, axis, only.Start, length - only.Start - only.Length);
        }

        var parts = new List<Tensor>();
        int end = 0;
        foreach ((Slice slice, Tensor part) in layer)
        {
            AddZeros(slice.Start - end);
            parts.Add(part);
            end = slice.Start + slice.Length;
        }

        AddZeros(length - end);
        return Functions.Concatenate(axis, [.. parts]);

        void AddZeros(int count)
        {
            if (count > 0)
            {
                int[] lengths = whole.Shape.Lengths.ToArray();
                lengths[axis] = count;
                parts.Add(Functions.BroadcastTo(whole.Trace.Constant(0), new Shape(lengths)));
            }
        }
    }
}
