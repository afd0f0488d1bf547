using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Tests.Differentiation;

/// <summary>Evaluates a graph node by node with plain loops over multi-indices: slow, dull, and independent of the compiler.</summary>
internal sealed partial class ReferenceEvaluator(IReadOnlyDictionary<Tensor, double[]> inputs)
{
    private readonly Dictionary<Tensor, double[]> _values = new(inputs);

    public double[] Evaluate(Tensor node)
    {
        if (!_values.TryGetValue(node, out double[]? value))
        {
            value = Compute(node, [.. node.Inputs.Select(Evaluate)]);
            _values[node] = value;
        }

        return value;
    }

    private static double[] Compute(Tensor node, double[][] x)
    {
        Shape shape = node.Shape;
        double[] result = new double[shape.Count];
        Tensor[] from = node.Inputs;
        switch (node.Operation)
        {
            case Constant constant:
                result[0] = constant.Value;
                break;
            case ArrayConstant array:
                return array.Values;
            case ElementwiseOperation operation:
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] = Scalar(operation, [.. from.Select((f, k) => x[k][BroadcastIndex(i, shape, f.Shape)])]);
                }

                break;
            case BroadcastTo:
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] = x[0][BroadcastIndex(i, shape, from[0].Shape)];
                }

                break;
            case Reshape or StopGradient:
                return x[0];
            case Reduce reduce:
                Array.Fill(result, reduce.Kind == ReductionKind.Sum ? 0 : double.NegativeInfinity);
                for (int i = 0; i < x[0].Length; i++)
                {
                    int[] index = Unravel(i, from[0].Shape);
                    int at = Ravel(reduce.Leading ? index[reduce.Axes..] : index[..^reduce.Axes], shape);
                    result[at] = reduce.Kind == ReductionKind.Sum ? result[at] + x[0][i] : Math.Max(result[at], x[0][i]);
                }

                break;
            case Permute permute:
                for (int i = 0; i < result.Length; i++)
                {
                    int[] index = Unravel(i, shape);
                    int[] source = new int[index.Length];
                    for (int axis = 0; axis < index.Length; axis++)
                    {
                        source[permute.Order[axis]] = index[axis];
                    }

                    result[i] = x[0][Ravel(source, from[0].Shape)];
                }

                break;
            case Slice slice:
                for (int i = 0; i < result.Length; i++)
                {
                    int[] index = Unravel(i, shape);
                    index[slice.Axis] += slice.Start;
                    result[i] = x[0][Ravel(index, from[0].Shape)];
                }

                break;
            case Flip flip:
                for (int i = 0; i < x[0].Length; i++)
                {
                    int[] index = Unravel(i, shape);
                    foreach (int axis in flip.Axes.ToArray())
                    {
                        index[axis] = shape[axis] - 1 - index[axis];
                    }

                    result[Ravel(index, shape)] = x[0][i];
                }

                break;
            case Pad pad:
                Array.Fill(result, pad.Value);
                for (int i = 0; i < x[0].Length; i++)
                {
                    int[] index = Unravel(i, from[0].Shape);
                    index[pad.Axis] += pad.Before;
                    result[Ravel(index, shape)] = x[0][i];
                }

                break;
            case Concatenate concatenate:
                int start = 0;
                for (int part = 0; part < x.Length; part++)
                {
                    for (int i = 0; i < x[part].Length; i++)
                    {
                        int[] index = Unravel(i, from[part].Shape);
                        index[concatenate.Axis] += start;
                        result[Ravel(index, shape)] = x[part][i];
                    }

                    start += from[part].Shape[concatenate.Axis];
                }

                break;
            case OneHot oneHot:
                for (int i = 0; i < x[0].Length; i++)
                {
                    result[(i * oneHot.Classes) + (int)x[0][i]] = 1;
                }

                break;
            case MatrixMultiply m:
                int depth = from[0].Shape[m.TransposeLeft ? -2 : -1], rows = shape[-2], columns = shape[-1];
                for (int i = 0; i < result.Length; i++)
                {
                    int matrix = i / (rows * columns), row = i / columns % rows, column = i % columns;
                    int left = from[0].Shape.Rank > 2 ? matrix * rows * depth : 0, right = from[1].Shape.Rank > 2 ? matrix * columns * depth : 0;
                    for (int k = 0; k < depth; k++)
                    {
                        result[i] += x[0][left + (m.TransposeLeft ? (k * rows) + row : (row * depth) + k)] * x[1][right + (m.TransposeRight ? (column * depth) + k : (k * columns) + column)];
                    }
                }

                break;
            case Scan scan:
                return RunScan(scan, node, x);
            case CumulativeSum sum:
                for (int i = 0; i < result.Length; i++)
                {
                    int[] index = Unravel(i, shape);
                    for (int k = 0; k < shape[sum.Axis]; k++)
                    {
                        int distance = sum.Reverse ? k - index[sum.Axis] : index[sum.Axis] - k;
                        if (distance > 0 || (distance == 0 && !sum.Exclusive))
                        {
                            int[] source = [.. index];
                            source[sum.Axis] = k;
                            result[i] += x[0][Ravel(source, shape)];
                        }
                    }
                }

                break;
            case ArgExtreme extreme:
                for (int i = 0; i < result.Length; i++)
                {
                    double[] line = Line(x[0], extreme.Lines(from[0].Shape), extreme.Axis, [.. Unravel(i, shape)[..extreme.Axis], 0, .. Unravel(i, shape)[extreme.Axis..]]);
                    int firstNaN = Array.FindIndex(line, double.IsNaN);
                    result[i] = firstNaN >= 0 ? firstNaN : Array.IndexOf(line, extreme.Greatest ? line.Max() : line.Min());
                }

                break;
            case ArgSort sort:
                for (int i = 0; i < result.Length; i++)
                {
                    int[] index = Unravel(i, shape);
                    double[] line = Line(x[0], shape, sort.Axis, index);
                    IEnumerable<int> places = Enumerable.Range(0, line.Length).OrderBy(p => double.IsNaN(line[p]) ? 1 : 0);
                    result[i] = (sort.Descending ? ((IOrderedEnumerable<int>)places).ThenByDescending(p => line[p]) : ((IOrderedEnumerable<int>)places).ThenBy(p => line[p])).ElementAt(index[sort.Axis]);
                }

                break;
            case TakeAlongAxis take:
                for (int i = 0; i < result.Length; i++)
                {
                    int[] index = Unravel(i, shape);
                    index[take.Axis] = (int)x[1][i];
                    result[i] = x[0][Ravel(index, from[0].Shape)];
                }

                break;
            case ScatterAddAlongAxis scatter:
                for (int i = 0; i < x[0].Length; i++)
                {
                    int[] index = Unravel(i, from[0].Shape);
                    index[scatter.Axis] = (int)x[1][i];
                    result[Ravel(index, shape)] += x[0][i];
                }

                break;
            default:
                return IndexingAndAlgebra(node, x);
        }

        return result;
    }

    private static double[] RunScan(Scan scan, Tensor node, double[][] x)
    {
        double[] result = new double[node.Shape.Count];
        ScanBody body = scan.Body;
        var trace = new Trace();
        Tensor[] inputs = body.NewInputs(trace), outputs = body.Apply(trace, inputs);
        double[][] carries = x[..body.Carries];
        for (int step = 0; step < scan.Length; step++)
        {
            int index = scan.Reverse ? scan.Length - 1 - step : step;
            double[][] arguments = [.. carries, .. x[body.Carries..].Select((v, i) => scan.IsSequence(body.Carries + i) ? v.Chunk(Math.Max(1, v.Length / scan.Length)).ElementAtOrDefault(index) ?? [] : v)];
            var evaluator = new ReferenceEvaluator(inputs.Zip(arguments).ToDictionary(p => p.First, p => p.Second));
            double[][] values = [.. outputs.Select(evaluator.Evaluate)];
            carries = values[..body.Carries];
            for (int r = body.Carries; r < values.Length; r++)
            {
                values[r].CopyTo(result, scan.Offset(r) + (index * values[r].Length));
            }
        }

        for (int c = 0; c < carries.Length; c++)
        {
            carries[c].CopyTo(result, scan.Offset(c));
        }

        return result;
    }

    private static double Scalar(ElementwiseOperation operation, double[] x) => operation switch
    {
        Add => x[0] + x[1],
        Subtract => x[0] - x[1],
        Multiply => x[0] * x[1],
        Divide => x[0] / x[1],
        Negate => -x[0],
        Square => x[0] * x[0],
        Identity => x[0],
        Exp => Math.Exp(x[0]),
        ExpMinusOne => Math.Exp(x[0]) - 1,
        Log => Math.Log(x[0]),
        LogOnePlus => Math.Log(1 + x[0]),
        Sqrt => Math.Sqrt(x[0]),
        Power => Math.Pow(x[0], x[1]),
        ScaledPower => x[0] == 0 ? 0 : x[0] * Math.Pow(x[1], x[2]),
        Sin => Math.Sin(x[0]),
        Cos => Math.Cos(x[0]),
        Tanh => Math.Tanh(x[0]),
        Sigmoid => 1 / (1 + Math.Exp(-x[0])),
        Softplus => Math.Log(1 + Math.Exp(x[0])),
        Erf => ErfSeries(x[0]),
        Gaussian => Math.Exp(-x[0] * x[0]),
        Relu => Math.Max(x[0], 0),
        Greater => x[0] > x[1] ? 1 : 0,
        GreaterOrEqual => x[0] >= x[1] ? 1 : 0,
        EqualTo => x[0] == x[1] ? 1 : 0,
        Maximum => Math.Max(x[0], x[1]),
        Minimum => Math.Min(x[0], x[1]),
        Abs => Math.Abs(x[0]),
        Sign => Math.Sign(x[0]),
        Floor => Math.Floor(x[0]),
        Round => Math.Round(x[0], MidpointRounding.ToEven),
        ReciprocalSqrt => 1 / Math.Sqrt(x[0]),
        Tan => Math.Tan(x[0]),
        Atan => Math.Atan(x[0]),
        Atan2 => Math.Atan2(x[0], x[1]),
        Asin => Math.Asin(x[0]),
        Acos => Math.Acos(x[0]),
        Sinh => Math.Sinh(x[0]),
        Cosh => Math.Cosh(x[0]),
        Asinh => Math.Asinh(x[0]),
        Acosh => Math.Acosh(x[0]),
        Atanh => Math.Atanh(x[0]),
        FiniteOr => double.IsFinite(x[0]) ? x[0] : x[1],
        FusedMultiplyAdd => Math.FusedMultiplyAdd(x[0], x[1], x[2]),
        Select => x[0] != 0 ? x[1] : x[2],
        Blend => ((1 - x[2]) * x[0]) + (x[2] * x[1]),
        _ => throw new NotSupportedException(operation.Name),
    };

    /// <summary>The elements along an axis that differ from an index in nothing else.</summary>
    private static double[] Line(double[] values, Shape shape, int axis, int[] index)
    {
        int[] at = [.. index];
        return [.. Enumerable.Range(0, shape[axis]).Select(k =>
        {
            at[axis] = k;
            return values[Ravel(at, shape)];
        })];
    }

    /// <summary>2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)), which is accurate for the moderate arguments of these tests.</summary>
    private static double ErfSeries(double x)
    {
        double sum = 0, power = x;
        for (int n = 0; n < 200; n++)
        {
            sum += power / ((2 * n) + 1);
            power *= -x * x / (n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static int[] Unravel(int i, Shape shape)
    {
        int[] index = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            index[axis] = i % shape[axis];
            i /= shape[axis];
        }

        return index;
    }

    private static int Ravel(int[] index, Shape shape)
    {
        int i = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            i = (i * shape[axis]) + index[axis];
        }

        return i;
    }

    private static int BroadcastIndex(int i, Shape shape, Shape from)
    {
        int[] index = Unravel(i, shape)[(shape.Rank - from.Rank)..];
        for (int axis = 0; axis < index.Length; axis++)
        {
            index[axis] = from[axis] == 1 ? 0 : index[axis];
        }

        return Ravel(index, from);
    }
}
