using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <summary>NumPy's broadcasting: counted from the last axis, two lengths are equal or one of them is 1.</summary>
internal static class Broadcasting
{
    /// <summary>What shapes must do, as an error says it.</summary>
    public const string Rule = "counted from the last axis, two lengths must be equal or one of them 1.";

    /// <summary>The shape to which both broadcast.</summary>
    public static bool TryJoin(Shape left, Shape right, out Shape joined)
    {
        joined = left;
        if (left == right)
        {
            return true;
        }

        int rank = Math.Max(left.Rank, right.Rank);
        Span<int> lengths = rank <= 16 ? stackalloc int[rank] : new int[rank];
        for (int axis = 1; axis <= rank; axis++)
        {
            int l = axis <= left.Rank ? left[-axis] : 1;
            int r = axis <= right.Rank ? right[-axis] : 1;
            if (l != r && l != 1 && r != 1)
            {
                return false;
            }

            lengths[rank - axis] = l == 1 ? r : l;
        }

        joined = new Shape(lengths);
        return true;
    }
}
