using Glissade.Experiments.Reading;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>precision</c>: the numbers in which the network is computed while it is trained.</summary>
/// <remarks><c>precision: bfloat16</c>, or with the factor of the loss: <c>precision: { half: { loss-scale: 1024 } }</c>.</remarks>
internal sealed record PrecisionSection(TrainingPrecision Precision, LossScaling? Scaling, FileNode Resolved)
{
    private const string Dynamic = "dynamic", ScaleKey = "loss-scale";
    private static readonly string[] Words = ["float32", "bfloat16", "half"];

    /// <summary>Reads the section.</summary>
    /// <param name="node">The section.</param>
    public static PrecisionSection? Read(FileNode node)
    {
        int problems = node.Problems.Count;
        if (node.AsChoice(Words) is not { } choice)
        {
            return null;
        }

        var precision = (TrainingPrecision)Array.IndexOf(Words, choice.Keyword);
        FileNode? scale = null;
        if (choice.Argument is not null)
        {
            FileMapping map = choice.AsMapping($"how to compute in {choice.Keyword}");
            scale = map.Optional(ScaleKey);
            map.RejectUnknownKeys();
        }

        bool isDynamic = scale is null ? precision == TrainingPrecision.Half : scale.Kind == FileNodeKind.Scalar && scale.Text == Dynamic;
        LossScaling scaling = isDynamic ? LossScaling.Dynamic
            : scale is null ? LossScaling.None
            : ReadNumber(scale);
        FileNode written = isDynamic ? NodeWriter.Literal(Dynamic) : NodeWriter.Number(scaling.Initial);
        return node.Problems.Count > problems ? null : new PrecisionSection(precision, scaling, NodeWriter.Mapping((choice.Keyword, NodeWriter.Mapping((ScaleKey, written)))));
    }

    private static LossScaling ReadNumber(FileNode scale)
    {
        if (scale.Kind == FileNodeKind.Scalar && char.IsAsciiLetter(scale.Text.FirstOrDefault()))
        {
            scale.Report($"'{Dynamic}' or a number above 0", found: $"'{FileNode.Short(scale.Text)}'");
            return LossScaling.None;
        }

        double number = scale.AsNumber(above: 0, below: 1e30);
        return scale.Make(() => LossScaling.Static(number)) ?? LossScaling.None;
    }
}
