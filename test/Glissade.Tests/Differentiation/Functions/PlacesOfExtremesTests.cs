using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Places of extremes over any axes; and reductions and softmaxes whose axes, kept or not, are given alike.</summary>
public sealed class PlacesOfExtremesTests
{
    private static readonly double[] Sample = [0.5, -1.25, 3.0, 2.0, 1.5, 0.25, -0.75, 4.0, -2.0, 0.125, 1.0, -0.5];

    /// <summary>Against lines gathered by plain loops; whole numbers, so that there are ties, of which the first counts.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("9")]
    [InlineData("3 4")]
    [InlineData("2 3 4")]
    [InlineData("3 1 5")]
    [InlineData("2 3 4 5")]
    [InlineData("0 3")]
    public void OverAnyAxes(string text)
    {
        Shape shape = new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
        var random = new Random(8);
        double[] x = [.. Enumerable.Range(0, shape.Count).Select(_ => (double)random.Next(-6, 7))];
        for (int mask = 0; mask < 1 << shape.Rank; mask++)
        {
            int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(a => (mask & (1 << a)) != 0)];
            bool[] reduced = [.. Enumerable.Range(0, shape.Rank).Select(a => mask == 0 || axes.Contains(a))];
            if (Enumerable.Range(0, shape.Rank).Any(a => reduced[a] && shape[a] == 0))
            {
                continue;
            }

            // In any order, and counted from the last or not, they are the same axes.
            int[] given = [.. axes.Reverse().Select(a => a % 2 == 0 ? a : a - shape.Rank)];
            TracedFunction function = TracedFunction.Of([shape], v => [ArgMax(v[0], given), ArgMin(v[0], given), ArgMax(v[0], given, keepAxes: true), ArgMin(v[0], given, keepAxes: true)]);
            int[][] lines = [.. Enumerable.Range(0, x.Length).GroupBy(i => Place(i, reduced, false)).OrderBy(g => g.Key).Select(g => g.OrderBy(i => Place(i, reduced, true)).ToArray())];
            double[] greatest = [.. lines.Select(l => (double)Array.FindIndex(l, i => x[i] == l.Max(j => x[j])))], smallest = [.. lines.Select(l => (double)Array.FindIndex(l, i => x[i] == l.Min(j => x[j])))];
            double[][] wide = FunctionCheck.Run(function, x);
            float[][] single = function.Compile<float>().Run([x]);
            for (int o = 0; o < 4; o++)
            {
                Assert.Equal(o % 2 == 0 ? greatest : smallest, wide[o]);
                Assert.Equal(wide[o], single[o].Select(v => (double)v));
                Assert.Equal(new Shape([.. Enumerable.Range(0, shape.Rank).Where(a => o > 1 || !reduced[a]).Select(a => reduced[a] ? 1 : shape[a])]), function.Outputs[o].Shape);
            }

            if (shape.Rank > 0 && shape.Count > 0)
            {
                FunctionCheck.Check([shape], v => ArgMax(v[0], given, keepAxes: true) * v[0], [[.. x.Select((v, i) => v + (0.005 * i))]]);
            }
        }

        // Where an element stands among those of the axes that are reduced, or among those of the others.
        int Place(int element, bool[] reduced, bool among)
        {
            int place = 0, unit = 1;
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                (element, int at) = Math.DivRem(element, shape[axis]);
                if (reduced[axis] == among)
                {
                    place += at * unit;
                    unit *= shape[axis];
                }
            }

            return place;
        }
    }

    [Fact]
    public void OfAllElementsAsNumPyHasThem()
    {
        const double NaN = double.NaN;
        TracedFunction function = TracedFunction.Of([new Shape(2, 2, 3)], x => [ArgMax(x[0]), ArgMin(x[0]), ArgMax(x[0], [], keepAxes: true)]);
        Assert.Equal([[7], [8], [7]], FunctionCheck.Run(function, Sample));
        Assert.Equal(new Shape(1, 1, 1), function.Outputs[2].Shape);
        Assert.Equal([[3], [3], [3]], FunctionCheck.Run(function, [1, 2, 9, NaN, -4, NaN, 0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void OverAxesUnderAMap()
    {
        TracedFunction function = TracedFunction.Of([new Shape(2, 2, 3)], x => [VectorizedMap(e => ArgMax(e), x[0]), VectorizedMap(e => ArgMax(e, 0), x[0])]);
        Assert.Equal([[2, 1], [1, 1, 0, 1, 0, 1]], FunctionCheck.Run(function, Sample));
    }

    /// <summary>Figures of PyTorch 1.13.</summary>
    [Fact]
    public void SoftmaxesAlongEachAxis()
    {
        double[][] softmax =
        [
            [0.7772998611746911, 0.005220125693558397, 0.9933071490757153, 0.8670357598021706, 0.6224593312018546, 0.679178699175393, 0.22270013882530884, 0.9947798743064417, 0.006692850924284856, 0.13296424019782924, 0.37754066879814546, 0.32082130082460697],
            [0.18242552380635632, 0.06008665017400762, 0.9399133498259924, 0.8175744761936437, 0.9399133498259924, 0.06008665017400762, 0.29421497216298875, 0.9525741268224334, 0.18242552380635632, 0.7057850278370112, 0.04742587317756679, 0.8175744761936437],
            [0.07487121456204028, 0.01301066620537013, 0.9121181192325896, 0.5617016314080712, 0.34068926105959985, 0.09760910753232892, 0.00855645799762076, 0.9889920757419283, 0.002451466260451085, 0.2541853703976187, 0.6097590051347233, 0.13605562446765804],
        ];
        double[][] logSoftmax =
        [
            [-0.25192908134537295, -5.255233798151743, -0.006715348489117967, -0.1426750576056016, -0.4740769841801067, -0.3868710061149, -1.501929081345373, -0.005233798151743009, -5.006715348489118, -2.0176750576056017, -0.9740769841801067, -1.1368710061148999],
            [-1.7014132779827524, -2.8119675890031988, -0.061967589003198625, -0.20141327798275246, -0.061967589003198625, -2.8119675890031988, -1.2234445810050558, -0.048587351573741965, -1.7014132779827524, -0.34844458100505576, -3.048587351573742, -0.20141327798275246],
            [-2.5919857805919686, -4.341985780591969, -0.09198578059196878, -0.5767844750362334, -1.0767844750362334, -2.3267844750362334, -4.761068959785934, -0.011068959785934564, -6.011068959785934, -1.36969147342653, -0.49469147342652986, -1.99469147342653],
        ];
        for (int axis = 0; axis < 3; axis++)
        {
            TracedFunction function = TracedFunction.Of([new Shape(2, 2, 3)], x => [Softmax(x[0], axis), Softmax(x[0], axis - 3), LogSoftmax(x[0], axis), LogSoftmax(x[0], axis - 3)]);
            double[][] values = FunctionCheck.Run(function, Sample);
            for (int o = 0; o < 4; o++)
            {
                FunctionCheck.Close((o < 2 ? softmax : logSoftmax)[axis], values[o], 1e-14, $"output {o} along {axis}");
            }

            FunctionCheck.Check([new(2, 2, 3)], x => Softmax(x[0], axis));
            FunctionCheck.Check([new(2, 2, 3)], x => LogSoftmax(x[0], axis));
        }

        double[][] last = FunctionCheck.Run(TracedFunction.Of([new Shape(2, 2, 3)], x => [Softmax(x[0]), LogSoftmax(x[0])]), Sample);
        FunctionCheck.Close(softmax[2], last[0], 1e-14, "softmax");
        FunctionCheck.Close(logSoftmax[2], last[1], 1e-14, "log-softmax");
    }

    [Fact]
    public void KeepingAxesNeedsNoOtherArgument()
    {
        TracedFunction function = TracedFunction.Of([new Shape(3, 4)], x =>
        [
            LogSumExp(x[0], [0], keepAxes: true), LogSumExp(x[0], 0), Variance(x[0], [0], keepAxes: true), Variance(x[0], 0), StandardDeviation(x[0], [1], keepAxes: true), StandardDeviation(x[0], 1),
        ]);
        double[][] values = FunctionCheck.Run(function, Sample);
        Assert.Equal([new(1, 4), new(4), new(1, 4), new(4), new(3, 1), new(3)], function.Outputs.Select(o => o.Shape));
        for (int o = 0; o < values.Length; o += 2)
        {
            Assert.Equal(values[o + 1], values[o]);
        }
    }

    [Theory]
    [InlineData(0, 0.0, double.NegativeInfinity, double.NegativeInfinity)]
    [InlineData(1, 1.0, double.PositiveInfinity, 2.0)]
    [InlineData(2, double.NaN, 0.0, 1.0)]
    [InlineData(3, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity)]
    public void SoftmaxesOfInfinitiesAsDocumented(int kind, double a, double b, double c)
    {
        const double NaN = double.NaN, Infinity = double.PositiveInfinity;
        double[][] values = FunctionCheck.Run(TracedFunction.Of([new Shape(3)], x => [Softmax(x[0]), LogSoftmax(x[0])]), [a, b, c]);
        double[][] expected = kind switch
        {
            0 => [[1, 0, 0], [0, -Infinity, -Infinity]],
            1 => [[NaN, NaN, NaN], [-Infinity, NaN, -Infinity]],
            _ => [[NaN, NaN, NaN], [NaN, NaN, NaN]],
        };
        Assert.Equal(expected, values);
    }
}
