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
            case CholeskyFactor:
                int n = shape[-1];
                for (int start = 0; start < result.Length; start += Math.Max(1, n * n))
                {
                    for (int row = 0; row < n; row++)
                    {
                        for (int column = 0; column <= row; column++)
                        {
                            double sum = (x[0][start + (row * n) + column] + x[0][start + (column * n) + row]) / 2;
                            for (int k = 0; k < column; k++)
                            {
                                sum -= result[start + (row * n) + k] * result[start + (column * n) + k];
                            }

                            result[start + (row * n) + column] = row == column ? Math.Sqrt(sum) : sum / result[start + (column * n) + column];
                        }
                    }
                }

                break;
            case TriangularSolve solve:
                (int size, int sides) = (shape[-2], shape[-1]);
                for (int matrix = 0; matrix * size * sides < result.Length; matrix++)
                {
                    int t = from[0].Shape.Rank > 2 ? matrix * size * size : 0, b = from[1].Shape.Rank > 2 ? matrix * size * sides : 0;
                    double At(int row, int column) => solve.Transposed ? x[0][t + (column * size) + row] : x[0][t + (row * size) + column];
                    int[] order = [.. Enumerable.Range(0, size)];
                    if (solve.Upper != solve.Transposed)
                    {
                        Array.Reverse(order);
                    }

                    for (int side = 0; side < sides; side++)
                    {
                        for (int i = 0; i < size; i++)
                        {
                            double sum = order[..i].Sum(j => At(order[i], j) * result[(((matrix * size) + j) * sides) + side]);
                            result[(((matrix * size) + order[i]) * sides) + side] = (x[1][b + (order[i] * sides) + side] - sum) / At(order[i], order[i]);
                        }
                    }
                }

                break;
            case Triangle triangle:
                for (int i = 0; i < result.Length; i++)
                {
                    int row = i / shape[-1] % shape[-2], column = i % shape[-1];
                    result[i] = row == column ? triangle.Diagonal * x[0][i] : row < column == triangle.Upper ? x[0][i] : 0;
                }

                break;
            case MaximumPooling pooling:
                ForEachWindow(pooling.Geometry, from[0].Shape, (w, elements) => result[w] = elements.Select(e => x[0][e]).Aggregate(double.NegativeInfinity, Math.Max));
                break;
            case MaximumPoolingTangent pooling:
                ForEachWindow(pooling.Geometry, from[0].Shape, (w, elements) => result[w] = elements.Zip(Shares(x[0], elements), (e, share) => share * x[1][e]).Sum());
                break;
            case MaximumPoolingAdjoint pooling:
                ForEachWindow(pooling.Geometry, shape, (w, elements) => Give(elements, Shares(x[0], elements), x[1][w]));
                break;
            case AveragePooling pooling:
                ForEachWindow(pooling.Geometry, from[0].Shape, (w, elements) => result[w] = elements.Select(e => x[0][e]).DefaultIfEmpty(0).Average());
                break;
            case AveragePoolingAdjoint pooling:
                ForEachWindow(pooling.Geometry, shape, (w, elements) => Give(elements, [.. elements.Select(_ => 1.0 / elements.Length)], x[0][w]));
                break;
            case Convolve convolve:
                ForEachTerm(convolve.Geometry, convolve.Groups, from[0].Shape, from[1].Shape, (i, k, o) => result[o] += x[0][i] * x[1][k]);
                break;
            case ConvolveTransposed convolve:
                ForEachTerm(convolve.Geometry, convolve.Groups, shape, from[1].Shape, (i, k, o) => result[i] += x[0][o] * x[1][k]);
                break;
            case ConvolveKernel convolve:
                ForEachTerm(convolve.Geometry, convolve.Groups, from[0].Shape, shape, (i, k, o) => result[k] += x[0][i] * x[1][o]);
                break;
            case RandomDraw draw:
                for (int i = 0; i < x[0].Length; i++)
                {
                    RandomStream stream = RandomStream.Of(draw.Seed, draw.Purpose, (long)x[0][i]);
                    for (int j = 0; j < draw.Shape.Count; j++)
                    {
                        result[(i * draw.Shape.Count) + j] = draw.First + (draw.Normal ? draw.Second * stream.NextNormal() : (draw.Second - draw.First) * stream.NextDouble());
                    }
                }

                break;
            default:
                throw new NotSupportedException(node.Operation.Name);
        }

        return result;

        void Give(int[] elements, double[] shares, double number)
        {
            for (int i = 0; i < elements.Length; i++)
            {
                result[elements[i]] += shares[i] * number;
            }
        }
    }

    /// <summary>What part of a window's greatest element each is.</summary>
    private static double[] Shares(double[] x, int[] elements)
    {
        double greatest = elements.Select(e => x[e]).Aggregate(double.NegativeInfinity, Math.Max);
        int ties = elements.Count(e => x[e] == greatest);
        return [.. elements.Select(e => (x[e] == greatest ? 1.0 : 0) / ties)];
    }

    /// <summary>Each window with the elements of the image that it has.</summary>
    private static void ForEachWindow(WindowGeometry geometry, Shape image, Action<int, int[]> window)
    {
        Shape windows = geometry.ResultOf(image), kernel = new(geometry.Kernel.ToArray());
        for (int w = 0; w < windows.Count; w++)
        {
            int[] index = Unravel(w, windows);
            window(w, [.. Enumerable.Range(0, kernel.Count).Select(k => Pixel(geometry, [.. Unravel(k, kernel), .. index], image)).Where(e => e >= 0)]);
        }
    }

    /// <summary>Where an element of a window comes from; −1 if from the padding.</summary>
    private static int Pixel(WindowGeometry geometry, int[] index, Shape shape)
    {
        int axes = geometry.Axes, leading = shape.Rank - axes - 1;
        int windows = axes + leading, kernel = 0;
        int[] pixel = [.. index[(windows - leading)..windows], .. new int[axes], index[^1]];
        for (int axis = 0; axis < axes; axis++)
        {
            int at = (index[windows + axis] * geometry.Strides[axis]) + (index[kernel + axis] * geometry.Dilations[axis]) - geometry.Before[axis];
            if (at < 0 || at >= shape[leading + axis])
            {
                return -1;
            }

            pixel[leading + axis] = at;
        }

        return Ravel(pixel, shape);
    }

    /// <summary>Every element of an image, of the kernel and of the result of a convolution that meet, as indices.</summary>
    private static void ForEachTerm(WindowGeometry geometry, int groups, Shape image, Shape kernel, Action<int, int, int> term)
    {
        Shape result = new([.. geometry.CountsOf(image), kernel[-1]]), windows = new([.. geometry.Kernel.ToArray(), .. geometry.CountsOf(image), image[-1]]);
        int axes = geometry.Axes, inner = kernel[-2], outer = kernel[-1] / groups;
        for (int w = 0; w < windows.Count; w++)
        {
            int[] window = Unravel(w, windows);
            int pixel = Pixel(geometry, window, image), group = inner == 0 ? 0 : window[^1] / inner;
            for (int q = group * outer; pixel >= 0 && q < (group + 1) * outer; q++)
            {
                term(pixel, Ravel([.. window[..axes], window[^1] % inner, q], kernel), Ravel([.. window[axes..^1], q], result));
            }
        }
    }
}
