using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Storage;

/// <summary>Finds the values all of whose elements are numbers of a format of 16 bits: what was rounded, and what only picks among such numbers or changes their sign.</summary>
internal sealed class StoredFormats
{
    /// <summary>The greatest whole number up to which all are numbers of both formats.</summary>
    private const double WholeUpTo = 256;

    private readonly Dictionary<Tensor, StorageFormat> _formats = [];

    /// <summary>Values that are numbers of every format, such as those of a condition.</summary>
    private readonly HashSet<Tensor> _any = [];

    /// <summary>Looks at all nodes.</summary>
    /// <param name="nodes">Inputs before users.</param>
    public StoredFormats(IEnumerable<Tensor> nodes)
    {
        foreach (Tensor node in nodes)
        {
            Look(node);
        }
    }

    /// <summary>The format of a value; null where none is known.</summary>
    public StorageFormat? Of(Tensor value) => _formats.TryGetValue(value, out StorageFormat format) ? format : null;

    private void Look(Tensor node)
    {
        switch (node.Operation)
        {
            case IRounding rounding:
                _formats[node] = rounding.Format;
                break;
            case Constant { Value: var value } when Math.Abs(value) <= WholeUpTo && double.IsInteger(value):
            case Greater or GreaterOrEqual or EqualTo:
                _any.Add(node);
                break;
            case Relu or Negate or Abs or Maximum or Minimum or Reshape or BroadcastTo or Slice or Permute:
                Join(node, node.Inputs);
                break;
            case Select:
                Join(node, node.Inputs[1..]);
                break;
        }
    }

    private void Join(Tensor node, Tensor[] parts)
    {
        if (!Array.TrueForAll(parts, p => _any.Contains(p) || _formats.ContainsKey(p)))
        {
            return;
        }

        StorageFormat[] formats = [.. parts.Where(_formats.ContainsKey).Select(p => _formats[p]).Distinct()];
        if (formats.Length == 0)
        {
            _any.Add(node);
        }
        else if (formats.Length == 1)
        {
            _formats[node] = formats[0];
        }
    }
}
