using Glissade.Learning.Data;

namespace Glissade.Learning.Training;

/// <summary>How good a network's outputs are on a data set.</summary>
/// <remarks>Immutable.</remarks>
public sealed class Evaluation
{
    private readonly float[] _outputs;

    internal Evaluation(Dataset data, double loss, float[] outputs, Standardizer? target)
    {
        Loss = loss;
        _outputs = outputs;
        if (data.Kind == TargetKind.Classification)
        {
            Confusion = CountConfusion(data, outputs);
            long right = Enumerable.Range(0, Confusion.Length).Sum(c => Confusion[c][c]);
            Accuracy = right / (double)data.Count;
        }
        else
        {
            (Truth, Predicted) = (ToUnits(data.Values, target), ToUnits(outputs, target));
            double mean = Truth.Average();
            double residual = Truth.Zip(Predicted, (t, p) => (t - p) * (t - p)).Sum();
            double spread = Truth.Sum(t => (t - mean) * (t - mean));
            RootMeanSquareError = Math.Sqrt(residual / Truth.Length);
            RSquared = 1 - (residual / spread);
        }
    }

    /// <summary>Mean loss.</summary>
    public double Loss { get; }

    /// <summary>Share of the examples whose greatest output is the right class; null for regression.</summary>
    public double? Accuracy { get; }

    /// <summary>Counts by true class, then by predicted class; null for regression.</summary>
    public long[][]? Confusion { get; }

    /// <summary>√ of the mean squared error in the target's own units; null for classification.</summary>
    public double? RootMeanSquareError { get; }

    /// <summary>R² = 1 − Σ(y−ŷ)²/Σ(y−ȳ)²; null for classification.</summary>
    public double? RSquared { get; }

    /// <summary>True values in their own units; null for classification.</summary>
    public double[]? Truth { get; }

    /// <summary>Predicted values in the target's own units; null for classification.</summary>
    public double[]? Predicted { get; }

    /// <summary>The network's outputs, row by row.</summary>
    public ReadOnlySpan<float> Outputs => _outputs;

    private static long[][] CountConfusion(Dataset data, float[] outputs)
    {
        int classes = data.ClassNames.Length;
        long[][] counts = [.. Enumerable.Range(0, classes).Select(_ => new long[classes])];
        for (int row = 0; row < data.Count; row++)
        {
            ReadOnlySpan<float> logits = outputs.AsSpan(row * classes, classes);
            int best = 0;
            for (int c = 1; c < classes; c++)
            {
                best = logits[c] > logits[best] ? c : best;
            }

            counts[data.Classes[row]][best]++;
        }

        return counts;
    }

    private static double[] ToUnits(ReadOnlySpan<float> values, Standardizer? target)
    {
        double[] result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = target is null ? values[i] : (values[i] * target.Scales[0]) + target.Means[0];
        }

        return result;
    }
}
