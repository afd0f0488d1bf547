using System.Text.Json;

namespace Glissade.Experiments.Recording;

/// <summary>The keys of a line of the metrics file, encoded once.</summary>
internal static class MetricsNames
{
    public static readonly JsonEncodedText Step = Of("step");
    public static readonly JsonEncodedText Epoch = Of("epoch");
    public static readonly JsonEncodedText Loss = Of("loss");
    public static readonly JsonEncodedText LearningRate = Of("learning_rate");
    public static readonly JsonEncodedText GradientNorm = Of("gradient_norm");
    public static readonly JsonEncodedText UpdateNorm = Of("update_norm");
    public static readonly JsonEncodedText LossScale = Of("loss_scale");
    public static readonly JsonEncodedText Clipped = Of("clipped");
    public static readonly JsonEncodedText Skipped = Of("skipped");
    public static readonly JsonEncodedText SkipReason = Of("skip_reason");
    public static readonly JsonEncodedText Hyperparameters = Of("hyperparameters");
    public static readonly JsonEncodedText Clips = Of("clips");
    public static readonly JsonEncodedText Restored = Of("restored");
    public static readonly JsonEncodedText FromStep = Of("from_step");
    public static readonly JsonEncodedText RateFactor = Of("learning_rate_factor");
    public static readonly JsonEncodedText Reason = Of("reason");
    public static readonly JsonEncodedText TrainLoss = Of("train_loss");
    public static readonly JsonEncodedText Best = Of("best");

    public static readonly JsonEncodedText Value = Of("value");
    public static readonly JsonEncodedText Distance = Of("distance");
    public static readonly JsonEncodedText X1 = Of("x1"), X2 = Of("x2");
    private static readonly JsonEncodedText NonFiniteLoss = Of("loss"), NonFiniteGradient = Of("gradient"), NonFiniteCurvature = Of("curvature");

    /// <summary>The keys of an evaluation on a part of the data.</summary>
    public static readonly PartNames Validation = new("validation"), Test = new("test");

    /// <summary>The word for why a step was lost.</summary>
    public static JsonEncodedText WordFor(Updates.SkipReason reason) => reason switch
    {
        Updates.SkipReason.NonFiniteLoss => NonFiniteLoss,
        Updates.SkipReason.NonFiniteCurvature => NonFiniteCurvature,
        _ => NonFiniteGradient,
    };

    private static JsonEncodedText Of(string name) => JsonEncodedText.Encode(name);

    /// <summary>The keys of an evaluation on a part of the data.</summary>
    /// <param name="part">The part, such as <c>test</c>.</param>
    internal sealed class PartNames(string part)
    {
        public JsonEncodedText Loss { get; } = Of(part + "_loss");

        public JsonEncodedText Accuracy { get; } = Of(part + "_accuracy");

        public JsonEncodedText RootMeanSquareError { get; } = Of(part + "_rmse");

        public JsonEncodedText RSquared { get; } = Of(part + "_r2");
    }
}
