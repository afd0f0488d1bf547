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
    public static readonly JsonEncodedText TrainLoss = Of("train_loss");
    public static readonly JsonEncodedText Best = Of("best");

    /// <summary>The keys of an evaluation on a part of the data.</summary>
    public static readonly PartNames Validation = new("validation"), Test = new("test");

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
