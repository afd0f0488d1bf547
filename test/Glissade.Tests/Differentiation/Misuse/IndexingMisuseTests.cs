using FsCheck;
using FsCheck.Fluent;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Malformed shapes and numbers for indexing, linear algebra, windows and random functions: an ArgumentException that names the operation and the shapes.</summary>
public sealed class IndexingMisuseTests
{
    private static readonly (string Name, Func<Shape, Shape, bool> Fits, Func<Tensor, Tensor, Tensor> Function)[] Pairs =
    [
        ("gather", (x, i) => x.Rank >= 2, (x, i) => Gather(x, i, 1)),
        ("scatter-add", (i, u) => u.Rank >= i.Rank && u.Lengths[..i.Rank].SequenceEqual(i.Lengths), (i, u) => ScatterAdd(i, u, 0, 3)),
        ("scatter-add", (i, u) => u.Rank > i.Rank && u.Lengths[1..(i.Rank + 1)].SequenceEqual(i.Lengths), (i, u) => ScatterAdd(i, u, 1, 3)),
        ("triangular-solve", SolveFits, (a, b) => TriangularSolve(a, b)), ("symmetric-solve", SolveFits, SymmetricSolve),
        ("convolution-1d", (x, k) => x.Rank >= 2 && k.Rank == 3 && x[-1] == k[1] && x[-2] >= k[0], (x, k) => Convolution1D(x, k)),
        ("convolution-2d", (x, k) => x.Rank >= 3 && k.Rank == 4 && x[-1] == k[2] && x[-2] >= k[1] && x[-3] >= k[0], (x, k) => Convolution2D(x, k)),
        ("convolution-2d", (x, k) => x.Rank >= 3 && k.Rank == 4 && x[-1] == 2 * k[2] && k[3] % 2 == 0, (x, k) => Convolution2D(x, k, [1], WindowPadding.Same, groups: 2)),
        ("transposed-convolution-1d", (x, k) => x.Rank >= 2 && k.Rank == 3 && x[-1] == k[2], (x, k) => TransposedConvolution1D(x, k)),
        ("transposed-convolution-2d", (x, k) => x.Rank >= 3 && k.Rank == 4 && x[-1] == k[3], (x, k) => TransposedConvolution2D(x, k)),
        ("random-bernoulli", (p, s) => p.Rank <= s.Rank && Enumerable.Range(1, p.Rank).All(a => p[-a] == 1 || p[-a] == s[-a]), (p, s) => RandomBernoulli(Sum(p), 1, "p", s.Shape, p)),
        ("dropout", (x, i) => i.Rank == 0, (x, i) => Dropout(x, 0.5, i, 1, "p")),
    ];

    private static readonly (string Name, Func<Shape, bool> Fits, Func<Tensor, Tensor> Function)[] Singles =
    [
        ("cholesky-factor", IsSquare, CholeskyFactor), ("log-determinant", IsSquare, LogDeterminant), ("symmetric-inverse", IsSquare, SymmetricInverse), ("diagonal", IsSquare, Diagonal),
        ("lower-triangle", x => x.Rank >= 2, LowerTriangle), ("upper-triangle", x => x.Rank >= 2, UpperTriangle),
        ("strided-slice", x => x.Rank > 0 && x[0] >= 3, x => StridedSlice(x, 0, 0, 2, 2)),
        ("max-pool-1d", x => x.Rank >= 2 && x[-2] >= 2, x => MaxPool1D(x, 2)), ("average-pool-1d", x => x.Rank >= 2 && x[-2] >= 3, x => AveragePool1D(x, 3)),
        ("max-pool-2d", x => x.Rank >= 3 && x[-2] >= 2 && x[-3] >= 3, x => MaxPool2D(x, [3, 2])), ("average-pool-2d", x => x.Rank >= 3 && x[-2] >= 2 && x[-3] >= 2, x => AveragePool2D(x, [2])),
        ("random-categorical", x => x.Rank > 0, x => RandomCategorical(Sum(x), 1, "p", x)),
    ];

    [Fact]
    public void MisfitShapesAreNamedWithTheOperation()
    {
        Gen<int[]> lengths = Gen.Choose(1, 4).ArrayOf().Where(a => a.Length <= 5);
        var misfits = new Dictionary<string, int>();
        var fits = new Dictionary<string, int>();
        Check.One(FixedRuns.Of(2000), Prop.ForAll(lengths.Zip(lengths).ToArbitrary(), pair =>
        {
            (Shape x, Shape y) = (new Shape(pair.Item1), new Shape(pair.Item2));
            foreach ((string name, Func<Shape, Shape, bool> fit, Func<Tensor, Tensor, Tensor> function) in Pairs)
            {
                Expect(name, fit(x, y), () => TracedFunction.Of([x, y], v => [function(v[0], v[1])]), name == "gather" ? [x] : [x, y]);
            }

            foreach ((string name, Func<Shape, bool> fit, Func<Tensor, Tensor> function) in Singles)
            {
                Expect(name, fit(x), () => TracedFunction.Of(x, function), [x]);
            }
        }));
        foreach (string name in Pairs.Select(p => p.Name).Concat(Singles.Select(s => s.Name)))
        {
            Assert.True(misfits[name] > 5 && (fits.GetValueOrDefault(name) > 0 || name.Contains("convolution", StringComparison.Ordinal)), $"{name}: {misfits[name]} misfits, {fits.GetValueOrDefault(name)} fits.");
        }

        void Expect(string name, bool isFit, Action trace, Shape[] shapes)
        {
            Dictionary<string, int> counts = isFit ? fits : misfits;
            counts[name] = counts.GetValueOrDefault(name) + 1;
            if (isFit)
            {
                trace();
                return;
            }

            string message = Assert.ThrowsAny<ArgumentException>(trace).Message;
            Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
            foreach (Shape shape in shapes)
            {
                Assert.Contains(shape.ToString(), message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void NumbersOutOfRangeAreRefused()
    {
        (string Name, Func<Tensor, Tensor> Function)[] mistakes =
        [
            ("gather", x => Gather(x, Sum(x), 4)), ("gather", x => Gather(x, Sum(x), -5)), ("scatter-add", x => ScatterAdd(Sum(x), x, 0, -1)), ("scatter-add", x => ScatterAdd(Sum(x), x, 5, 1)),
            ("strided-slice", x => StridedSlice(x, 1, 0, 2, 0)), ("strided-slice", x => StridedSlice(x, 1, -1, 2, 1)), ("strided-slice", x => StridedSlice(x, 1, 0, -1, 1)),
            ("strided-slice", x => StridedSlice(x, 1, 0, int.MaxValue, int.MaxValue)), ("strided-slice", x => StridedSlice(x, 1, 6, 0, 2)), ("strided-slice", x => StridedSlice(x, 4, 0, 1, 1)),
            ("convolution-2d", x => Convolution2D(x, x, [0])), ("convolution-2d", x => Convolution2D(x, Kernel(x), [1, 1, 1])), ("convolution-2d", x => Convolution2D(x, Kernel(x), dilations: [-1])),
            ("convolution-2d", x => Convolution2D(x, Kernel(x), groups: 0)), ("convolution-2d", x => Convolution2D(x, Kernel(x), padding: WindowPadding.Of((1, 1), (0, 0), (1, 1)))),
            ("convolution-2d", x => Convolution2D(x, Kernel(x), dilations: [int.MaxValue])), ("convolution-2d", x => Convolution2D(x, Kernel(x), padding: WindowPadding.Of(int.MaxValue))),
            ("transposed-convolution-2d", x => TransposedConvolution2D(x, Kernel(x), padding: WindowPadding.Of(100))), ("transposed-convolution-2d", x => TransposedConvolution2D(x, Kernel(x), [int.MaxValue])),
            ("transposed-convolution-2d", x => TransposedConvolution2D(x, Kernel(x), [int.MaxValue / 2], WindowPadding.Same)), ("transposed-convolution-2d", x => TransposedConvolution2D(x, Kernel(x), dilations: [1 << 30])),
            ("transposed-convolution-2d", x => TransposedConvolution2D(x, Kernel(x), [1 << 28, 1 << 29])), ("transposed-convolution-2d", x => TransposedConvolution2D(x, Kernel(x), padding: WindowPadding.Of(int.MaxValue))),
            ("max-pool-2d", x => MaxPool2D(x, [2], padding: WindowPadding.Of(2))), ("max-pool-2d", x => MaxPool2D(x, [0])), ("max-pool-2d", x => MaxPool2D(x, [])), ("max-pool-2d", x => MaxPool2D(x, [2, 2, 2])),
            ("average-pool-1d", x => AveragePool1D(x, 2, 0)), ("average-pool-1d", x => AveragePool1D(x, -1)), ("max-pool-1d", x => MaxPool1D(x, 2, 1, null, 0)),
            ("random-uniform", x => RandomUniform(x, 1, "p", x.Shape, 1, 0)), ("random-uniform", x => RandomUniform(x, 1, "p", x.Shape, double.NaN)),
            ("random-uniform", x => RandomUniform(x, 1, "p", x.Shape, -1e308, 1e308)), ("random-normal", x => RandomNormal(x, 1, "p", x.Shape, 0, -1)), ("random-normal", x => RandomNormal(x, 1, "p", x.Shape, double.PositiveInfinity)),
            ("dropout", x => Dropout(x, 1, Sum(x), 1, "p")), ("dropout", x => Dropout(x, -0.1, Sum(x), 1, "p")), ("dropout", x => Dropout(x, double.NaN, Sum(x), 1, "p")),
        ];
        Shape shape = new(1, 5, 5, 2);
        for (int i = 0; i < mistakes.Length; i++)
        {
            Exception? refused = Record.Exception(() => TracedFunction.Of(shape, mistakes[i].Function));
            Assert.True(refused is ArgumentException, $"mistake {i}, of {mistakes[i].Name}: {refused}");
            Assert.Contains($"'{mistakes[i].Name}'", refused.Message, StringComparison.Ordinal);
            Assert.Contains(shape.ToString(), refused.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => WindowPadding.Of(-1));
        Assert.Throws<ArgumentNullException>(() => TracedFunction.Of(shape, x => RandomUniform(x, 1, null!, x.Shape)));
    }

    private static Tensor Kernel(Tensor x) => Reshape(Slice(Reshape(x, new(50)), 0, 0, 36), new(3, 3, 2, 2));

    private static bool IsSquare(Shape x) => x.Rank >= 2 && x[-1] == x[-2];

    private static bool SolveFits(Shape a, Shape b)
    {
        if (!IsSquare(a) || b.Rank == 0 || b[b.Rank == 1 ? 0 : -2] != a[-1])
        {
            return false;
        }

        return Enumerable.Range(3, Math.Max(0, Math.Min(a.Rank, b.Rank) - 2)).All(i => a[-i] == b[-i] || a[-i] == 1 || b[-i] == 1);
    }
}
