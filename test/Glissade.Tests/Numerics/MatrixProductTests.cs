using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>The matrix product against the sum written out, for every width of vector and both element types.</summary>
public sealed class MatrixProductTests
{
    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void SmallSizesGiveTheExactChainOfFusedMultiplyAdds(bool transposeA, bool transposeB, int bits)
    {
        CheckSmall<float>(transposeA, transposeB, bits);
        CheckSmall<double>(transposeA, transposeB, bits);
    }

    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void SingleRowsAndFewColumnsGiveTheSameChain(bool transposeA, bool transposeB, int bits)
    {
        var random = new Random(21);
        foreach (int m in new[] { 1, 2, 17, 64, 300 })
        {
            foreach (int n in new[] { 1, 2, 3, 10, 20, 33, 67, 131, 300 })
            {
                foreach (int k in new[] { 1, 16, 63, 100 })
                {
                    var size = new MatrixProductCase(
                        m, n, k, transposeA, transposeB, k % 3, random.Next(2) == 0, (MatrixProductActivation)random.Next(2), random.Next(2) == 0);
                    var inFloat = new MatrixProductProblem<float>(size, random);
                    AssertSameBits(inFloat.Chain(), inFloat.Run(bits));
                    var inDouble = new MatrixProductProblem<double>(size, random);
                    AssertSameBits(inDouble.Chain(), inDouble.Run(bits));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void LargeSizesStayWithinTheRoundingBound(bool transposeA, bool transposeB, int bits)
    {
        (int M, int N, int K)[] sizes = [(128, 140, 530), (97, 301, 550), (970, 131, 270), (1, 300, 1100), (300, 1, 700), (13, 530, 260), (200, 273, 260), (201, 301, 530), (30, 1037, 530)];
        foreach ((int m, int n, int k) in sizes)
        {
            CheckLarge<float>(new MatrixProductCase(m, n, k, transposeA, transposeB), bits, 6e-8);
            CheckLarge<double>(new MatrixProductCase(m, n, k, transposeA, transposeB), bits, 1.2e-16);
        }
    }

    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void BlocksOfTheSumAreAddedInOrder(bool transposeA, bool transposeB, int bits)
    {
        // Blocks whose lengths are multiples of four and not, the last one otherwise than the others; rows by the dozen, few, and between.
        (int M, int N, int K)[] sizes =
        [
            (1, 70, 1036), (4, 50, 1036), (8, 40, 516), (11, 90, 1024), (13, 300, 1030), (23, 70, 1030), (24, 40, 1036), (25, 66, 1030), (40, 100, 514), (60, 33, 1100), (17, 5, 1030),
        ];
        foreach ((int m, int n, int k) in sizes)
        {
            var size = new MatrixProductCase(m, n, k, transposeA, transposeB, Padding: m % 3, HasBias: m % 2 == 0, Accumulate: n % 20 == 0, IsMasked: m % 2 == 1 && m > 1);
            CheckChain<float>(size, bits);
            CheckChain<double>(size, bits);
        }
    }

    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void RowsOfAThatShareLinesOfTheFirstCacheGiveTheSameChain(bool transposeA, bool transposeB, int bits)
    {
        // Stored 4096 bytes apart or a multiple of it, with or without room behind a row, or one element more or less; the last ones not quite so.
        (int M, int N, int K, int Padding)[] sizes = transposeA
            ? [(970, 129, 510, 54), (130, 131, 520, 894), (129, 129, 510, 894), (131, 129, 510, 894), (30, 129, 510, 996)]
            : [(27, 140, 1020, 4), (30, 129, 1023, 0), (25, 131, 1025, 0), (13, 131, 1026, 0), (970, 129, 510, 514)];
        foreach ((int m, int n, int k, int padding) in sizes)
        {
            var size = new MatrixProductCase(m, n, k, transposeA, transposeB, padding, HasBias: m % 2 == 0, Accumulate: m % 3 == 0);
            CheckChain<float>(size, bits);
            CheckChain<double>(size, bits);
        }
    }

    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void WhereAMaskIsNotPositiveThereIsZeroAndColumnsAreSummed(bool transposeA, bool transposeB, int bits)
    {
        (int M, int N, int K)[] sizes =
        [
            (2, 1, 3), (3, 15, 0), (5, 33, 8), (6, 16, 4), (11, 49, 12), (12, 31, 16), (13, 47, 7), (23, 100, 24), (24, 70, 64), (37, 65, 20), (64, 130, 64), (210, 300, 36), (970, 20, 9),
        ];
        foreach ((int m, int n, int k) in sizes)
        {
            var size = new MatrixProductCase(m, n, k, transposeA, transposeB, Padding: k % 3, Accumulate: k % 2 == 1, IsMasked: true);
            CheckChain<float>(size, bits);
            CheckChain<double>(size, bits);
        }
    }

    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void PartsOfTheRowsHaveTheSameBits(bool transposeA, bool transposeB, int bits)
    {
        CheckRowSplit<float>(transposeA, transposeB, bits);
        CheckRowSplit<double>(transposeA, transposeB, bits);
    }

    [Fact]
    public void EveryWidthHasTheSameBits()
    {
        var size = new MatrixProductCase(75, 289, 1100, false, true, Padding: 3, HasBias: true);
        var problem = new MatrixProductProblem<float>(size, new Random(7));
        AssertSameBits(problem.Run(bits: 256), problem.Run(bits: 512));
        AssertSameBits(problem.Run(bits: 256), problem.Run(bits: 128));
    }

    [Theory]
    [MemberData(nameof(TransposesAndWidths))]
    public void SquaresOfColumnsAreSummedRowAfterRow(bool transposeA, bool transposeB, int bits)
    {
        var random = new Random(5);
        foreach ((int m, int n, int k, int rows) in new[]
        {
            (1, 1, 1, 12), (1, 300, 40, 12), (2, 3, 0, 12), (11, 17, 9, 12), (13, 33, 5, 12), (64, 128, 64, 72), (31, 31, 64, 24), (47, 270, 20, 36), (97, 64, 530, 48), (970, 75, 16, 960),
            (1931, 16, 3, 492), (60, 530, 1100, 60), (35, 10, 40, 24), (16, 50, 32, 12), (23, 40, 1024, 12), (30, 70, 16, 12), (1000, 70, 16, 480), (980, 260, 256, 480),
        })
        {
            CheckSquares<float>(new MatrixProductCase(m, n, k, transposeA, transposeB, k % 3, Accumulate: k % 2 == 1, SquaredRows: rows), bits, random);
            CheckSquares<double>(new MatrixProductCase(m, n, k, transposeA, transposeB, k % 3, Accumulate: k % 2 == 1, SquaredRows: rows), bits, random);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void RectificationPropagatesNaN(int bits)
    {
        var problem = new MatrixProductProblem<float>(new MatrixProductCase(13, 37, 9, false, false, Activation: MatrixProductActivation.Relu), new Random(3));
        problem.A[2 * 9] = float.NaN;
        problem.A[5 * 9] = float.PositiveInfinity;
        problem.B[0] = -1;
        problem.B[1] = 1;
        problem.B[2] = 0;
        float[] c = problem.Run(bits);
        Assert.All(c.AsSpan(2 * 37, 37).ToArray(), x => Assert.True(float.IsNaN(x)));
        Assert.Equal(0f, c[5 * 37]);
        Assert.Equal(float.PositiveInfinity, c[(5 * 37) + 1]);
        Assert.True(float.IsNaN(c[(5 * 37) + 2]));
        Assert.All(c.AsSpan(0, 2 * 37).ToArray(), x => Assert.True(x >= 0));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void NumbersBesideTheOperandsDoNotMatter(int bits)
    {
        foreach ((bool transposeA, bool transposeB) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var size = new MatrixProductCase(19, 21, 300, transposeA, transposeB, Padding: 5);
            var problem = new MatrixProductProblem<double>(size, new Random(11));
            double[] expected = problem.Run(bits);
            problem.Poison();
            AssertSameBits(expected, problem.Run(bits));
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void AnEmptySumIsZeroAndAnEmptyMatrixIsLeftAlone(int bits)
    {
        var empty = new MatrixProductProblem<float>(new MatrixProductCase(7, 20, 0, false, false), new Random(1));
        Assert.All(empty.Run(bits), x => Assert.Equal(0f, x));
        var biased = new MatrixProductProblem<float>(new MatrixProductCase(7, 20, 0, false, true, HasBias: true), new Random(1));
        AssertSameBits(biased.Chain(), biased.Run(bits));
        Assert.Empty(new MatrixProductProblem<float>(new MatrixProductCase(0, 20, 5, false, false), new Random(1)).Run(bits));
        Assert.Empty(new MatrixProductProblem<float>(new MatrixProductCase(20, 0, 5, false, false), new Random(1)).Run(bits));
    }

    [Fact]
    public void TheHardwareWidthIsChosen()
    {
        var problem = new MatrixProductProblem<float>(new MatrixProductCase(33, 65, 40, true, true, HasBias: true), new Random(5));
        AssertSameBits(problem.Chain(), problem.Run(bits: null));
    }

    public static TheoryData<bool, bool, int> TransposesAndWidths()
    {
        var data = new TheoryData<bool, bool, int>();
        foreach (int bits in new[] { 128, 256, 512 })
        {
            for (int transposes = 0; transposes < 4; transposes++)
            {
                data.Add((transposes & 1) != 0, (transposes & 2) != 0, bits);
            }
        }

        return data;
    }

    private static void CheckChain<T>(MatrixProductCase size, int bits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var problem = new MatrixProductProblem<T>(size, new Random(size.M + size.N));
        T[] c = problem.Run(bits);
        AssertSameBits(problem.Chain(), c);
        if (size.IsMasked)
        {
            AssertSameBits(problem.ChainOfColumnSums(c), problem.ColumnSums);
        }
    }

    /// <summary>The product is as without the squares, and these are as from the stored product; so too where ranges of rows are made apart.</summary>
    private static void CheckSquares<T>(MatrixProductCase size, int bits, Random random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int seed = random.Next();
        var squared = new MatrixProductProblem<T>(size, new Random(seed));
        T[] c = new MatrixProductProblem<T>(size with { SquaredRows = 0 }, new Random(seed)).Run(bits);
        AssertSameBits(c, squared.Run(bits));
        T[] expected = new T[(size.M + size.SquaredRows - 1) / size.SquaredRows * size.N];
        for (int i = 0; i < c.Length; i++)
        {
            int sum = (i / size.N / size.SquaredRows * size.N) + (i % size.N);
            expected[sum] = T.FusedMultiplyAdd(c[i], c[i], expected[sum]);
        }

        AssertSameBits(expected, squared.Squares);
        int[] cuts = [.. Enumerable.Range(0, (size.M + size.SquaredRows - 1) / size.SquaredRows).Select(i => i * size.SquaredRows), size.M];
        AssertSameBits(c, squared.Run(bits, cuts));
        AssertSameBits(expected, squared.Squares);
    }

    private static void AssertSameBits<T>(T[] expected, T[] actual)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        if (!MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan())))
        {
            int index = MemoryMarshal.AsBytes(expected.AsSpan()).CommonPrefixLength(MemoryMarshal.AsBytes(actual.AsSpan())) / Unsafe.SizeOf<T>();
            Assert.Fail($"Element {index} of {expected.Length} is {actual[index]} and should be {expected[index]}.");
        }
    }

    private static void CheckSmall<T>(bool transposeA, bool transposeB, int bits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Random(20);
        for (int trial = 0; trial < 250; trial++)
        {
            var size = new MatrixProductCase(
                random.Next(71),
                random.Next(71),
                random.Next(71),
                transposeA,
                transposeB,
                Padding: random.Next(3) * random.Next(20),
                HasBias: random.Next(2) == 0,
                Activation: (MatrixProductActivation)random.Next(2),
                Accumulate: random.Next(3) == 0);
            var problem = new MatrixProductProblem<T>(size, random);
            AssertSameBits(problem.Chain(), problem.Run(bits));
        }
    }

    private static void CheckLarge<T>(MatrixProductCase size, int bits, double unit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var problem = new MatrixProductProblem<T>(size, new Random(4));
        T[] c = problem.Run(bits);
        (double[] sums, double[] magnitudes) = problem.Sums();
        for (int i = 0; i < c.Length; i++)
        {
            double error = Math.Abs(double.CreateChecked(c[i]) - sums[i]);
            Assert.True(error <= 2 * size.K * unit * magnitudes[i], $"{size}: element {i} is off by {error}.");
        }
    }

    private static void CheckRowSplit<T>(bool transposeA, bool transposeB, int bits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Random(9);
        (int M, int N, int K)[] sizes = [(64, 128, 64), (131, 70, 700), (70, 300, 400), (990, 20, 40), (300, 5, 600)];
        foreach ((int m, int n, int k) in sizes)
        {
            var problem = new MatrixProductProblem<T>(new MatrixProductCase(m, n, k, transposeA, transposeB, Padding: 1, HasBias: true), random);
            T[] whole = problem.Run(bits);
            for (int trial = 0; trial < 4; trial++)
            {
                int first = random.Next(1, m), second = random.Next(first, m);
                AssertSameBits(whole, problem.Run(bits, 0, first, second, m));
            }
        }
    }
}
