using Glissade.Learning.Data;

namespace Glissade.Learning.Training;

/// <summary>The data of a training run, already standardized, with what undoes it.</summary>
/// <param name="Training">What the network learns from.</param>
/// <param name="Validation">What decides about stopping and about the best weights; null for none.</param>
/// <param name="Test">What the result is measured on and nothing is decided by; null for none.</param>
/// <param name="Features">How features were standardized; null if they were not.</param>
/// <param name="Target">How regression values were standardized; null if they were not.</param>
public sealed record TrainingData(Dataset Training, Dataset? Validation = null, Dataset? Test = null, Standardizer? Features = null, Standardizer? Target = null)
{
    /// <summary>Splits a data set, and standardizes all parts by the training part alone if asked.</summary>
    /// <param name="data">All examples.</param>
    /// <param name="test">Share of the examples kept for the test, in (0, 1); null for none.</param>
    /// <param name="validation">Share of the remaining examples kept for validation, in (0, 1); null for none.</param>
    /// <param name="standardize">Whether features, and for regression the target, get mean 0 and variance 1.</param>
    /// <param name="seed">Keys the split.</param>
    /// <exception cref="ArgumentException">A share is outside (0, 1), or there are too few examples.</exception>
    public static TrainingData Of(Dataset data, double? test = null, double? validation = null, bool standardize = false, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        Dataset training = data;
        Dataset? testing = null, validating = null;
        if (test is { } testShare)
        {
            Split split = Split.Of(training, testShare, seed);
            (training, testing) = (split.Training, split.Test);
        }

        if (validation is { } validationShare)
        {
            Split split = Split.Of(training, validationShare, seed + 1);
            (training, validating) = (split.Training, split.Test);
        }

        if (!standardize)
        {
            return new TrainingData(training, validating, testing);
        }

        Standardizer features = Standardizer.OfFeatures(training);
        Standardizer? target = data.Kind == TargetKind.Regression ? Standardizer.OfValues(training) : null;
        Dataset Apply(Dataset part) => target is null ? features.ApplyToFeatures(part) : target.ApplyToValues(features.ApplyToFeatures(part));
        return new TrainingData(Apply(training), validating is null ? null : Apply(validating), testing is null ? null : Apply(testing), features, target);
    }
}
