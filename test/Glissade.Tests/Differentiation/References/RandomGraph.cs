using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Random smooth functions of random shapes: compositions of most operations, kept in a range where differences are accurate.</summary>
internal static class RandomGraph
{
    public static TracedFunction Make(int seed, int nodes)
    {
        var random = new Random(seed);
        int rows = random.Next(1, 10), columns = random.Next(1, 20), depth = random.Next(1, 6);
        Shape[] shapes = [new(rows, columns), new(columns), new(rows, 1), new(columns, depth), Shape.Scalar];
        return TracedFunction.Of(shapes, x => Trace(seed, nodes, x));
    }

    /// <summary>The same function of given arguments.</summary>
    public static IReadOnlyList<Tensor> Trace(int seed, int nodes, IReadOnlyList<Tensor> x)
    {
        var random = new Random(~seed);
        List<Tensor> pool = [.. x];
        for (int n = 0; n < nodes; n++)
        {
            Tensor a = pool[random.Next(pool.Count)];
            Tensor b = pool[random.Next(pool.Count)];
            // A third of the graphs take every other node from the rarer functions.
            Tensor? next = seed % 3 == 2 && random.Next(2) == 0 ? Rarer(random, a, b) : random.Next(24) switch
            {
                0 => Fits(a, b) ? a + b : null,
                1 => Fits(a, b) ? a * b : null,
                2 => Fits(a, b) ? a - b : null,
                3 => Fits(a, b) ? a / (1.5 + Square(b)) : null,
                4 => Tanh(a),
                5 => Sigmoid(a),
                6 => Exp(Tanh(a)),
                7 => Log(1.5 + Square(a)),
                8 => Sqrt(1 + Square(a)),
                9 => Erf(Tanh(a)),
                10 => Sin(a),
                11 => Softplus(a),
                12 => a.Shape.Rank == 2 && b.Shape.Rank == 2 && a.Shape[1] == b.Shape[0] ? Tanh(MatrixProduct(a, b)) : null,
                13 => a.Shape.Rank == 2 && b.Shape.Rank == 2 && a.Shape[1] == b.Shape[1] ? Tanh(MatrixProduct(a, b, transposeY: true)) : null,
                14 => a.Shape.Rank == 2 && b.Shape.Rank == 2 && a.Shape[0] == b.Shape[0] ? Tanh(MatrixProduct(a, b, transposeX: true)) : null,
                15 => a.Shape.Rank > 0 ? Mean(a, 0) : null,
                16 => a.Shape.Rank > 0 ? Mean(a, -1) : null,
                17 => Mean(a),
                18 => a.Shape.Rank == 2 ? Transpose(a) : null,
                19 => a.Shape.Rank > 0 ? Softmax(a) : null,
                20 => a.Shape.Rank > 0 && a.Shape[0] > 1 ? Slice(a, 0, 1, a.Shape[0] - 1) : null,
                21 => a.Shape.Rank > 0 ? Concatenate(-1, a, Tanh(a)) : null,
                22 => Fits(a, b) && a.Shape.Rank > 0 ? Blend(a, b, Sigmoid(Mean(a))) : null,
                _ => a.Shape.Rank > 0 ? Pad(a, -1, 1, 2) : null,
            };
            if (next is not null && next.Shape.Count < 2000)
            {
                pool.Add(next);
            }
        }

        Tensor loss = Mean(Square(pool[^1]));
        for (int i = 0; i < pool.Count; i++)
        {
            loss += Mean(pool[i] * (0.1 + (0.01 * i)));
        }

        // An unreduced output too, so that values are needed both inside and outside of loops.
        return [loss, pool[^1], pool[pool.Count / 2]];
    }

    private static Tensor? Rarer(Random random, Tensor a, Tensor b)
    {
        int axis = a.Shape.Rank > 0 ? random.Next(a.Shape.Rank) : 0;
        bool flag = random.Next(2) == 0;
        return random.Next(26) switch
        {
            0 => Atan(a),
            1 => Fits(a, b) ? Atan2(a, 1.5 + Square(b)) : null,
            2 => Asin(0.5 * Tanh(a)),
            3 => Acos(0.5 * Sin(a)),
            4 => Sinh(Tanh(a)),
            5 => Cosh(Tanh(a)),
            6 => Asinh(a),
            7 => Acosh(1.5 + Square(Tanh(a))),
            8 => Atanh(0.5 * Sin(a)),
            9 => Tan(0.5 * Tanh(a)),
            10 => ReciprocalSqrt(1 + Square(a)),
            11 => Fits(a, b) ? LogAddExp(a, b) : null,
            12 => Silu(a) - (0.5 * Mish(a)),
            13 => a.Shape.Rank > 0 ? Tanh(CumulativeSum(a, axis, flag, random.Next(2) == 0)) : null,
            14 => a.Shape.Rank > 0 ? Product(Tanh(a), [axis], flag) : null,
            15 => a.Shape.Rank > 0 ? Variance(Tanh(a), [axis], 0, flag) : null,
            16 => a.Shape.Rank > 0 ? StandardDeviation(Concatenate(axis, Tanh(a), 2 + Tanh(a)), [axis], 0, flag) : null,
            17 => a.Shape.Rank > 0 ? LogSumExp(a, [axis], 0.7, flag) : null,
            18 => a.Shape.Rank > 0 ? Norm(1.5 + Tanh(a), flag ? 3.5 : 2, [axis], flag) : null,
            19 => Fits(a, b) ? Tanh(FusedMultiplyAdd(a, b, 0.5 - b)) : null,
            20 => a.Shape.Rank > 0 ? Recurrence(a, flag, random.Next(3)) : null,
            21 => Fits(a, b) ? Checkpointed(x => Tanh(x * b) + Sin(x), a) : null,
            22 => a.Shape.Rank > 0 ? Gather(a, a.Trace.Constant([.. Enumerable.Range(0, 3).Select(i => (double)(i * 7 % a.Shape[0]))], new Shape(3))) : null,
            23 => a.Shape.Rank == 2 && b.Shape.Rank == 2 && a.Shape[1] == b.Shape[0] ? Tanh(Windows(a, b, flag)) : null,
            24 => a.Shape.Rank == 2 && a.Shape[0] <= a.Shape[1] ? Solved(a) : null,
            _ => a.Shape.Rank > 0 ? Reversed(a, axis) : null,
        };
    }

    /// <summary>A recurrence along the first axis, whose step uses a tensor from outside.</summary>
    private static Tensor Recurrence(Tensor x, bool reverse, int checkpointEvery)
    {
        Tensor outside = Sigmoid(Mean(x, 0));
        ScanResult result = Scan(
            [Tanh(outside)],
            [x],
            (carry, element) =>
            {
                Tensor next = Tanh((carry[0] * outside) + (0.5 * element[0]));
                return new ScanStepResult([next], [Sin(next) * element[0]]);
            },
            reverse: reverse,
            checkpointEvery: checkpointEvery);
        return Concatenate(0, result.Results[0], Reshape(result.Final[0], new Shape([1, .. outside.Shape.Lengths])));
    }

    /// <summary>A convolution along the rows, and a mean of its neighbours.</summary>
    private static Tensor Windows(Tensor x, Tensor kernel, bool pools)
    {
        Tensor image = Reshape(x, new Shape([1, .. x.Shape.Lengths]));
        Tensor result = Convolution1D(image, Reshape(kernel, new Shape([1, .. kernel.Shape.Lengths])), padding: WindowPadding.Same);
        result = pools ? AveragePool1D(result, 2, 1, WindowPadding.Same) : result;
        return Reshape(result, new Shape(x.Shape[0], kernel.Shape[1]));
    }

    /// <summary>A well-conditioned symmetric system's solution.</summary>
    private static Tensor Solved(Tensor x)
    {
        Tensor y = Tanh(x), matrix = MatrixProduct(y, y, transposeY: true) + (3 * IdentityMatrix(x, x.Shape[0]));
        return SymmetricSolve(matrix, y);
    }

    /// <summary>The elements of each line in reversed order, and the first once more.</summary>
    private static Tensor Reversed(Tensor x, int axis)
    {
        // The indices are constant, so no step of a difference changes an order.
        int[] lengths = x.Shape.Lengths.ToArray();
        int length = lengths[axis];
        Array.Fill(lengths, 1);
        lengths[axis] = length + 1;
        Tensor places = x.Trace.Constant([.. Enumerable.Range(0, length + 1).Select(i => (double)((length - 1 - i + length) % length))], new Shape(lengths));
        int[] full = x.Shape.Lengths.ToArray();
        full[axis]++;
        return TakeAlongAxis(x, BroadcastTo(places, new Shape(full)), axis);
    }

    public static double[][] Arguments(TracedFunction function, int seed)
    {
        var random = new Random(seed ^ 0x5eed);
        return [.. function.Inputs.Select(i => Enumerable.Range(0, i.Shape.Count).Select(_ => (random.NextDouble() * 2) - 1).ToArray())];
    }

    private static bool Fits(Tensor a, Tensor b)
    {
        for (int axis = 1; axis <= Math.Min(a.Shape.Rank, b.Shape.Rank); axis++)
        {
            if (a.Shape[-axis] != b.Shape[-axis] && a.Shape[-axis] != 1 && b.Shape[-axis] != 1)
            {
                return false;
            }
        }

        return true;
    }
}
