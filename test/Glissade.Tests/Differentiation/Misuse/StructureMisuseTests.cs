using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>What functions of shape, indices and matrices refuse: in their own name, with the shapes that they were given, and with what would fit.</summary>
public sealed class StructureMisuseTests
{
    private static readonly (string Name, Func<Tensor, int, Tensor> Function)[] AxisFunctions =
    [
        ("slice", (x, a) => Slice(x, a, 0, 0)), ("strided-slice", (x, a) => StridedSlice(x, a, 0, 0, 2)), ("pad", (x, a) => Pad(x, a, 0, 0)), ("pad", (x, a) => Pad(x, a, 1, 0, 3)),
        ("concatenate", (x, a) => Concatenate(a, x)), ("concatenate", (x, a) => Concatenate(a, x, x)), ("flip", (x, a) => Flip(x, a)), ("gather", (x, a) => Gather(x, Sum(x), a)),
    ];

    [Fact]
    public void AxesThatAreNotThereAreNamedWithTheFunction()
    {
        Shape[] shapes = [Shape.Scalar, new(3), new(2, 3), new(2, 0, 4)];
        foreach (Shape shape in shapes)
        {
            foreach ((string name, Func<Tensor, int, Tensor> function) in AxisFunctions)
            {
                for (int axis = -shape.Rank; axis < shape.Rank; axis++)
                {
                    int there = axis;
                    TracedFunction.Of(shape, x => function(x, there));
                }

                foreach (int axis in new[] { shape.Rank, -shape.Rank - 1, int.MaxValue, int.MinValue })
                {
                    ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => TracedFunction.Of(shape, x => function(x, axis)));
                    Assert.Equal("axis", refused.ParamName);
                    AssertNames(refused, $"'{name}'", shape.ToString(), $"{axis}");
                    Assert.DoesNotContain("from 0 to -1", refused.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void StackCountsTheAxesOfItsResult()
    {
        for (int axis = -3; axis <= 2; axis++)
        {
            TracedFunction.Of(new Shape(2, 3), x => Stack(axis, x, x));
        }

        foreach (int axis in new[] { 3, -4, int.MinValue })
        {
            ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => TracedFunction.Of(new Shape(2, 3), x => Stack(axis, x, x)));
            AssertNames(refused, "'stack'", "[2, 3]", "from -3 to 2");
            Assert.DoesNotContain("[1, 2, 3]", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TransposeTakesNegativeAxes()
    {
        double[] numbers = FunctionCheck.Numbers(24, 1, -1, 1);
        int[][][] orders = [[[0, -1, 1], [0, 2, 1]], [[-1, -2, -3], [2, 1, 0]], [[-3, 1, -1], [0, 1, 2]], [[-2, 2, 0], [1, 2, 0]]];
        foreach (int[][] pair in orders)
        {
            Assert.Equal(
                FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3, 4), x => Transpose(x, pair[1])), numbers)[0],
                FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3, 4), x => Transpose(x, pair[0])), numbers)[0]);
        }

        FunctionCheck.Check([new(2, 3, 4)], x => Square(Transpose(x[0], -1, 0, -2)));
        int[][] wrong = [[0, 1], [0, 1, -2], [0, 1, 3], [-4, 1, 2], [0, 1, 2, 3], [int.MinValue, 1, 2]];
        foreach (int[] order in wrong)
        {
            AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(2, 3, 4), x => Transpose(x, order))), "'transpose'", "[2, 3, 4]", $"[{string.Join(", ", order)}]");
        }
    }

    /// <summary>All pairs of small shapes: <see cref="SumTo"/> undoes what <see cref="BroadcastTo"/> can make, and nothing else.</summary>
    [Fact]
    public void SumToTakesWhatBroadcastToMakes()
    {
        int[] lengths = [0, 1, 2, 3, 6];
        Shape[] shapes = [Shape.Scalar, .. lengths.Select(a => new Shape(a)), .. from a in lengths from b in lengths select new Shape(a, b), new(5, 2, 3), new(1, 1, 3), new(2, 1, 1), new(5, 6)];
        int made = 0;
        foreach (Shape from in shapes)
        {
            foreach (Shape to in shapes)
            {
                if (Record.Exception(() => TracedFunction.Of(from, x => BroadcastTo(x, to))) is null)
                {
                    made++;
                    Assert.Equal(from, TracedFunction.Of(to, x => SumTo(x, from)).Outputs[0].Shape);
                }
                else
                {
                    AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of(to, x => SumTo(x, from))), "'sum-to'", to.ToString(), from.ToString());
                }
            }
        }

        Assert.InRange(made, 100, 1000);
        Assert.Equal([6, 15], FunctionCheck.Run(TracedFunction.Of(new Shape(2, 3), x => SumTo(x, new(2, 1))), [1, 2, 3, 4, 5, 6])[0]);
        FunctionCheck.Check([new(4, 2, 3)], x => Square(SumTo(x[0], new(1, 3))));
        FunctionCheck.Check([new(1, 3)], x => Square(SumTo(x[0], new(3))));
    }

    [Fact]
    public void ProductsAreRefusedInTheShapesGiven()
    {
        (Shape X, Shape Y, bool TransposeX, bool TransposeY, string Rule)[] mistakes =
        [
            (new(4), new(4), true, false, "the first is a vector, which cannot be transposed"), (new(4), new(4), false, true, "the second is a vector, which cannot be transposed"),
            (new(4), new(4, 2), true, false, "the first is a vector"), (new(2, 4), new(4), false, true, "the second is a vector"),
            (new(2, 3), new(4), false, false, "columns of the first must equal elements of the second"), (new(4), new(3, 2), false, false, "elements of the first must equal rows of the second"),
            (new(4), new(3), false, false, "elements of the first must equal elements of the second"), (new(3, 2), new(4), true, false, "rows of the first, which is transposed, must equal elements of the second"),
            (new(4), new(2, 3), false, true, "elements of the first must equal columns of the second, which is transposed"),
            (new(2, 3), new(4, 5), false, false, "columns of the first must equal rows of the second"), (new(3, 2), new(5, 4), true, true, "rows of the first, which is transposed, must equal columns of the second, which is transposed"),
            (new(2, 1, 3, 4), new(3, 4, 5), false, false, ""), (new(2, 3, 4), new(3, 4, 5), false, false, "must broadcast"), (new(2, 3, 4), new(5, 3, 4), true, false, "must broadcast"),
            (Shape.Scalar, new(4), false, false, "each must be a vector, a matrix"), (new(4), Shape.Scalar, true, true, "each must be a vector, a matrix"),
            (new(65536, 1), new(1, 65536), false, false, "65536, 65536"), (new(256, 256, 1), new(1, 65536), false, false, "256, 256, 65536"),
        ];
        foreach ((Shape x, Shape y, bool transposeX, bool transposeY, string rule) in mistakes)
        {
            void Trace() => TracedFunction.Of([x, y], v => [MatrixProduct(v[0], v[1], transposeX, transposeY)]);
            if (rule.Length == 0)
            {
                Trace();
            }
            else
            {
                AssertNames(Assert.Throws<ArgumentException>(Trace), "'matrix-product'", x.ToString(), y.ToString(), rule);
            }
        }
    }

    [Fact]
    public void SolvesAreRefusedInTheirOwnName()
    {
        (Shape A, Shape B, string Rule)[] mistakes =
        [
            (new(2, 3), new(2), "square"), (new(3, 3), new(2), "as many elements"), (new(3, 3), new(2, 3), "as many rows"), (new(3), new(3), "square"), (new(3, 3), Shape.Scalar, "square"),
            (new(2, 3, 3), new(4, 3, 2), "must broadcast"), (new(2, 5, 3, 3), new(4, 1, 3, 2), "must broadcast"),
        ];
        foreach ((Shape a, Shape b, string rule) in mistakes)
        {
            AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of([a, b], v => [SymmetricSolve(v[0], v[1])])), "'symmetric-solve'", a.ToString(), b.ToString(), rule);
            AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of([a, b], v => [TriangularSolve(v[0], v[1])])), "'triangular-solve'", a.ToString(), b.ToString(), rule);
        }

        foreach (Shape shape in new Shape[] { new(2, 3), new(3), Shape.Scalar, new(4, 3, 2) })
        {
            AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of(shape, LogDeterminant)), "'log-determinant'", shape.ToString(), "square");
            AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of(shape, SymmetricInverse)), "'symmetric-inverse'", shape.ToString(), "square");
        }
    }

    [Fact]
    public void NegativeNumbersAreRefusedByTheirNames()
    {
        (string Name, string Parameter, Func<Tensor, Tensor> Function)[] mistakes =
        [
            ("one-hot", "classes", x => OneHot(x, -1)), ("range", "count", x => Range(x, -1)), ("identity-matrix", "size", x => IdentityMatrix(x, -1)),
            ("scatter-add", "length", x => ScatterAdd(x, x, 0, -1)), ("scatter-add", "axis", x => ScatterAdd(x, x, 1, 4)), ("scatter-add", "axis", x => ScatterAdd(x, x, int.MinValue, 4)),
        ];
        foreach ((string name, string parameter, Func<Tensor, Tensor> function) in mistakes)
        {
            ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => TracedFunction.Of(new Shape(3), function));
            Assert.Equal(parameter, refused.ParamName);
            Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
        }

        AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of([new(2, 2), new(2)], v => [ScatterAdd(v[0], v[1], 0, 3)])), "'scatter-add'", "[2, 2]", "[2]");
        AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(3), x => Constant(x, [1, 2], new(3)))), "'constant'", "[3]", "2");
    }

    [Fact]
    public void ResultsTooLargeForAShapeAreRefusedInTheNameOfTheFunction()
    {
        (string Name, Func<Tensor, Tensor> Function)[] mistakes =
        [
            ("concatenate", x => Concatenate(0, x, x, x)), ("stack", x => Stack(x, x, x)), ("pad", x => Pad(x, 0, 1 << 30, 1 << 30)), ("pad", x => Pad(Reshape(x, new(2, 1 << 29)), 0, 3, 0)),
            ("one-hot", x => OneHot(x, 4)), ("gather", x => Gather(Reshape(x, new(1, 1 << 30)), BroadcastTo(Sum(x), new(2)), 0)),
            ("scatter-add", x => ScatterAdd(Sum(x), x, 0, 2)), ("triangular-solve", x => TriangularSolve(BroadcastTo(Sum(x), new(4, 1, 1)), Reshape(x, new(1, 1, 1 << 30)))), ("random-uniform", x => RandomUniform(x, 1, "p", new(2))), ("identity-matrix", x => IdentityMatrix(x, 1 << 16)),
            ("random-bernoulli", x => RandomBernoulli(x, 1, "p", new(2), Sum(x))), ("random-categorical", x => RandomCategorical(x, 1, "p", BroadcastTo(Sum(x), new(2)))),
        ];
        foreach ((string name, Func<Tensor, Tensor> function) in mistakes)
        {
            ArgumentException refused = Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(1 << 30), function));
            AssertNames(refused, $"'{name}'", $"{int.MaxValue} elements");
            Assert.DoesNotContain(", -", refused.Message, StringComparison.Ordinal);
        }

        Shape deep = new([.. Enumerable.Repeat(1, Shape.MostAxes)]);
        (string Name, Func<Tensor, Tensor> Function)[] deeper = [("stack", x => Stack(x, x)), ("one-hot", x => OneHot(x, 2)), ("gather", x => Gather(x, Reshape(x, new(1, 1)), 0))];
        foreach ((string name, Func<Tensor, Tensor> function) in deeper)
        {
            AssertNames(Assert.Throws<ArgumentException>(() => TracedFunction.Of(deep, function)), $"'{name}'", "64 axes");
        }
    }

    private static void AssertNames(ArgumentException refused, params string[] parts)
    {
        foreach (string part in parts)
        {
            Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        }
    }
}
