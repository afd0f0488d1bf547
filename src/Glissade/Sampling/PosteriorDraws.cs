namespace Glissade.Sampling;

/// <summary>Draws of a sampler, and what they say of the density.</summary>
/// <remarks>
/// Successive draws are correlated: n of them tell as much of a mean as n/τ independent ones, with τ = 1 + 2Σρₖ and ρₖ the autocorrelation at lag k. The sum ends
/// where it becomes noise, by the initial positive sequence: of the sums Γₘ = ρ₂ₘ + ρ₂ₘ₊₁, which are positive for a reversible chain, as many are taken as are
/// positive in a row. Geyer (1992), Practical Markov Chain Monte Carlo.
/// </remarks>
public sealed class PosteriorDraws
{
    private readonly double[][] _draws;

    internal PosteriorDraws(IEnumerable<double[]> draws, int dimension) => (_draws, Dimension) = ([.. draws], dimension);

    /// <summary>Number of draws.</summary>
    public int Count => _draws.Length;

    /// <summary>Numbers of a draw.</summary>
    public int Dimension { get; }

    /// <summary>A draw.</summary>
    /// <param name="index">Which, from 0.</param>
    public ReadOnlySpan<double> this[int index] => _draws[index];

    /// <summary>All draws, one a row.</summary>
    public double[,] ToArray()
    {
        var all = new double[Count, Dimension];
        for (int row = 0; row < Count; row++)
        {
            for (int column = 0; column < Dimension; column++)
            {
                all[row, column] = _draws[row][column];
            }
        }

        return all;
    }

    /// <summary>The mean of the draws.</summary>
    /// <exception cref="InvalidOperationException">There is no draw.</exception>
    public double[] Mean()
    {
        Require(1);
        var mean = new double[Dimension];
        foreach (double[] draw in _draws)
        {
            for (int i = 0; i < Dimension; i++)
            {
                mean[i] += draw[i];
            }
        }

        return [.. mean.Select(sum => sum / Count)];
    }

    /// <summary>The covariance of the draws, with n − 1 in the denominator.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two draws.</exception>
    public double[,] Covariance()
    {
        Require(2);
        double[] mean = Mean();
        var covariance = new double[Dimension, Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                foreach (double[] draw in _draws)
                {
                    sum += (draw[i] - mean[i]) * (draw[j] - mean[j]);
                }

                covariance[i, j] = covariance[j, i] = sum / (Count - 1);
            }
        }

        return covariance;
    }

    /// <summary>How many independent draws would tell as much of the mean of each number: n/τ, at most n.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than four draws.</exception>
    public double[] EffectiveSampleSizes() => [.. Enumerable.Range(0, Dimension).Select(i => EffectiveSampleSize(draw => draw[i]))];

    /// <summary>How many independent draws would tell as much of the mean of a function of θ.</summary>
    /// <param name="function">The function, such as a square, whose mean is a moment.</param>
    /// <exception cref="InvalidOperationException">There are fewer than four draws.</exception>
    public double EffectiveSampleSize(Func<double[], double> function)
    {
        Require(4);
        (double[] centred, double variance) = Centre(function);
        if (variance == 0)
        {
            return Count;
        }

        double time = -1;
        for (int lag = 0; lag + 1 < Count; lag += 2)
        {
            double pair = Autocovariance(centred, lag) + Autocovariance(centred, lag + 1);
            if (!(pair > 0))
            {
                break;
            }

            time += 2 * pair / variance;
        }

        return Math.Min(Count, Count / time) is > 0 and var size ? size : Count;
    }

    /// <summary>The standard error of each number of <see cref="Mean"/> that comes of the finite number of draws: σ/√(n/τ).</summary>
    /// <remarks>Not of the bias of the step size, which more draws do not make smaller.</remarks>
    /// <exception cref="InvalidOperationException">There are fewer than four draws.</exception>
    public double[] StandardErrors() => [.. Enumerable.Range(0, Dimension).Select(i => StandardError(draw => draw[i]))];

    /// <summary>The standard error of the mean of a function of θ over the draws.</summary>
    /// <param name="function">The function.</param>
    /// <exception cref="InvalidOperationException">There are fewer than four draws.</exception>
    public double StandardError(Func<double[], double> function)
    {
        double size = EffectiveSampleSize(function);
        return Math.Sqrt(Centre(function).Variance / size);
    }

    /// <summary>The values of a function less their mean, and their variance with n in the denominator.</summary>
    private (double[] Centred, double Variance) Centre(Func<double[], double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        double[] values = [.. _draws.Select(function)];
        double mean = values.Sum() / Count;
        double[] centred = [.. values.Select(v => v - mean)];
        return (centred, Autocovariance(centred, 0));
    }

    private static double Autocovariance(double[] centred, int lag)
    {
        double sum = 0;
        for (int i = lag; i < centred.Length; i++)
        {
            sum += centred[i] * centred[i - lag];
        }

        return sum / centred.Length;
    }

    private void Require(int least)
    {
        if (Count < least)
        {
            throw new InvalidOperationException($"This takes {least} or more draws, but there are {Count}.");
        }
    }
}
