using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Tests.Differentiation;

/// <content>Indexing, linear algebra, windows and random numbers.</content>
internal sealed partial class ReferenceEvaluator
{
    private static double[] IndexingAndAlgebra(Tensor node, double[][] x)
    {
        Shape shape = node.Shape;
        double[] result = new double[shape.Count];
        Tensor[] from = node.Inputs;
        switch (node.Operation)
        {
            case Gather gather:
                for (int i = 0; i < result.Length; i++)
                {
                    int[] index = Unravel(i, shape);
                    int own = from[1].Shape.Rank - gather.BatchAxes;
                    int at = (int)x[1][Ravel([.. index[..gather.BatchAxes], .. index[gather.Axis..(gather.Axis + own)]], from[1].Shape)];
                    result[i] = x[0][Ravel([.. index[..gather.Axis], at, .. index[(gather.Axis + own)..]], from[0].Shape)];
                }

                break;
            case ScatterAdd scatter:
                for (int i = 0; i < x[1].Length; i++)
                {
                    int[] index = Unravel(i, from[1].Shape);
                    int own = from[0].Shape.Rank - scatter.BatchAxes;
                    int at = (int)x[0][Ravel([.. index[..scatter.BatchAxes], .. index[scatter.Axis..(scatter.Axis + own)]], from[0].Shape)];
                    result[Ravel([.. index[..scatter.Axis], at, .. index[(scatter.Axis + own)..]], shape)] += x[1][i];
                }

                break;
            default:
                throw new NotSupportedException(node.Operation.Name);
        }

        return result;
    }
}
