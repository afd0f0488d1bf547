using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <content>
/// Random numbers from streams that a seed, a purpose and an index name: the same call at the same index gives the same numbers,
/// whatever else the program does and however many threads it uses, but not in another element type: a uniform number takes 32 bits of the stream in float
/// and 64 in double, so that the two are unrelated, and with them what is drawn by them. Normal numbers take 64 in both and differ by rounding alone.
/// </content>
public static partial class Functions
{
    /// <summary>Half the smallest number above 0 that is drawn in double.</summary>
    private const double SmallestUniform = 1.0 / (1L << 54);

    /// <summary>Numbers uniform in [<paramref name="low"/>, <paramref name="high"/>): at index i those that <see cref="RandomStream.FillUniform"/> draws from <c>RandomStream.Of(seed, purpose, i)</c>.</summary>
    /// <remarks>
    /// The index is given when the program runs and is usually the number of the step, so that each step has numbers of its own. Two calls with the same
    /// seed, purpose and index begin with the same numbers; calls that must be independent need purposes of their own. No gradient flows through the index.
    /// Compiled to float, the numbers are unrelated to those in double: each takes 32 bits of the stream instead of 64.
    /// For bounds that are tensors, scale the result: low + (high − low)·u.
    /// </remarks>
    /// <param name="index">Whole numbers of any shape. Any other number, NaN included, is an <see cref="ArgumentOutOfRangeException"/> when the program runs. In float, whole numbers above 2²⁴ are not all there, so that steps beyond would share numbers.</param>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="purpose">What the numbers are for, such as "dropout/2".</param>
    /// <param name="shape">Shape of the numbers of one index.</param>
    /// <param name="low">Smallest value, finite.</param>
    /// <param name="high">Bound above, finite, not below <paramref name="low"/>.</param>
    /// <returns>The axes of the index, then those of <paramref name="shape"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A bound, or their distance, is not finite, or they are in the wrong order. What is finite in double but not in float is refused when it is compiled to float.</exception>
    /// <exception cref="ArgumentException">The result would be too large for a shape.</exception>
    public static Tensor RandomUniform(Tensor index, ulong seed, string purpose, Shape shape, double low = 0, double high = 1)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        return double.IsFinite(high - low) && low <= high
            ? Node(new RandomDraw(false, seed, purpose, shape, low, high), index)
            : throw new ArgumentOutOfRangeException(nameof(high), high, $"The bounds of 'random-uniform' of shape {shape} must be finite, in order, and a finite distance apart; low is {low}.");
    }

    /// <summary>Numbers from a normal distribution: at index i those that <see cref="RandomStream.FillNormal"/> draws from <c>RandomStream.Of(seed, purpose, i)</c>.</summary>
    /// <remarks>
    /// As with <see cref="RandomUniform"/>, but in float and in double the numbers are the same, up to rounding. For a mean and a deviation that are tensors, scale the result: mean + deviation·z; so their gradients flow
    /// (D. P. Kingma and M. Welling, 2014, Auto-Encoding Variational Bayes).
    /// </remarks>
    /// <param name="index">Whole numbers of any shape, as in <see cref="RandomUniform"/>.</param>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="shape">Shape of the numbers of one index.</param>
    /// <param name="mean">The mean, finite.</param>
    /// <param name="standardDeviation">The standard deviation, finite, zero or more.</param>
    /// <returns>The axes of the index, then those of <paramref name="shape"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The mean or the deviation is not finite, or the deviation is negative. What is finite in double but not in float is refused when it is compiled to float.</exception>
    /// <exception cref="ArgumentException">The result would be too large for a shape.</exception>
    public static Tensor RandomNormal(Tensor index, ulong seed, string purpose, Shape shape, double mean = 0, double standardDeviation = 1)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        return double.IsFinite(mean) && double.IsFinite(standardDeviation) && standardDeviation >= 0
            ? Node(new RandomDraw(true, seed, purpose, shape, mean, standardDeviation), index)
            : throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, $"The mean {mean} and the deviation of 'random-normal' of shape {shape} must be finite, and the deviation not negative.");
    }

    /// <summary>Ones with a given probability, else zeros: 1 where a uniform number is below it.</summary>
    /// <remarks>No gradient flows, neither through the index nor through the probability. In float other elements are 1 than in double, see <see cref="RandomUniform"/>.</remarks>
    /// <param name="index">Whole numbers of any shape, as in <see cref="RandomUniform"/>.</param>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="shape">Shape of the numbers of one index.</param>
    /// <param name="probability">In [0, 1], of a shape that broadcasts to that of the result; below 0 counts as 0, above 1 as 1, NaN gives zeros.</param>
    /// <returns>The axes of the index, then those of <paramref name="shape"/>.</returns>
    /// <exception cref="ArgumentException">The shape of the probability does not fit, or the result would be too large for a shape.</exception>
    public static Tensor RandomBernoulli(Tensor index, ulong seed, string purpose, Shape shape, Tensor probability)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(probability);
        _ = Operation.Result("random-bernoulli", [index.Shape, shape], [.. index.Shape.Lengths, .. shape.Lengths]);
        Tensor uniform = RandomUniform(index, seed, purpose, shape);
        return Broadcasting.TryJoin(probability.Shape, uniform.Shape, out Shape joined) && joined == uniform.Shape
            ? Greater(StopGradient(probability), uniform)
            : throw new ArgumentException($"The shapes {probability.Shape} and {uniform.Shape} do not fit 'random-bernoulli': the probability must broadcast to the result.", nameof(probability));
    }

    /// <summary>Class numbers with the probabilities softmax(logits).</summary>
    /// <remarks>
    /// The class whose logit plus −ln(−ln u), with u uniform, is greatest (E. J. Gumbel, 1954, Statistical theory of extreme values); at a tie the first.
    /// A class with the logit −∞ is never drawn while another is finite. No gradient flows, neither through the index nor through the logits.
    /// In float other classes are drawn than in double, see <see cref="RandomUniform"/>.
    /// </remarks>
    /// <param name="index">Whole numbers of any shape, as in <see cref="RandomUniform"/>.</param>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="logits">[..., classes], one class at least: logarithms of the probabilities, up to a constant for each row. The place of a NaN wins, as in <see cref="ArgMax(Tensor, ReadOnlySpan{int})"/>.</param>
    /// <returns>The axes of the index, then those of the logits but the last: whole numbers from 0 to classes−1.</returns>
    /// <exception cref="ArgumentException">The logits are a scalar or have no classes, or all of them for all indices would be too many for a shape.</exception>
    public static Tensor RandomCategorical(Tensor index, ulong seed, string purpose, Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Shape.Rank == 0 || logits.Shape[-1] == 0)
        {
            throw new ArgumentException($"The shape {logits.Shape} does not fit 'random-categorical': the last axis of the logits must have one class or more.", nameof(logits));
        }

        _ = Operation.Result("random-categorical", [index.Shape, logits.Shape], [.. index.Shape.Lengths, .. logits.Shape.Lengths]);

        // A uniform number may be 0, whose logarithm would turn a finite logit into −∞.
        Tensor uniform = Maximum(RandomUniform(index, seed, purpose, logits.Shape), SmallestUniform);
        Tensor noisy = StopGradient(logits) - Log(-Log(uniform));
        return ArgMax(noisy, -1);
    }

    /// <summary>Elements set to 0 with a given probability, the others divided by the probability to stay, so that the mean does not change.</summary>
    /// <remarks>
    /// N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014), Dropout. The gradient flows through the elements that stay.
    /// For evaluation leave it out. In float other elements are set to 0 than in double, see <see cref="RandomUniform"/>.
    /// </remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="rate">The probability of 0, in [0, 1).</param>
    /// <param name="index">A whole number, usually that of the step, as in <see cref="RandomUniform"/>.</param>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="purpose">What the numbers are for; every layer needs a purpose of its own.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    /// <exception cref="ArgumentException">The index is no scalar.</exception>
    public static Tensor Dropout(Tensor x, double rate, Tensor index, ulong seed, string purpose)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(index);
        if (!(rate >= 0 && rate < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"The rate of 'dropout' of {x.Shape} must be from 0 to below 1, not {rate}.");
        }

        if (index.Shape.Rank != 0)
        {
            throw new ArgumentException($"The shapes {x.Shape} and {index.Shape} do not fit 'dropout': the index must be a scalar.", nameof(index));
        }

        return rate == 0 ? x : x * (GreaterOrEqual(RandomUniform(index, seed, purpose, x.Shape), ConstantLike(x, rate)) / (1 - rate));
    }
}
