using Glissade.Experiments.Reading;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>stop</c>: when training ends before its last epoch.</summary>
/// <remarks><c>stop: { patience: 10, minimum-improvement: 0.001 }</c> ends it after 10 epochs whose validation loss is not lower than the best by 0.001.</remarks>
internal sealed record StopSection(EarlyStopping Stopping, FileNode Resolved)
{
    /// <summary>Reads the section.</summary>
    /// <param name="node">The section.</param>
    /// <param name="hasValidation">Whether there are validation data; null where that could not be read.</param>
    public static StopSection Read(FileNode node, bool? hasValidation)
    {
        FileMapping map = node.AsMapping("when to stop");
        int patience = map.Required("patience").AsCount();
        double improvement = map.Optional("minimum-improvement")?.AsNumber(min: 0) ?? 0;
        map.RejectUnknownKeys();
        if (hasValidation == false)
        {
            node.Report("a share for 'validation' in 'data', such as validation: 0.2; the test part must not decide", found: "'stop' without validation data");
        }

        return new StopSection(
            new EarlyStopping(patience, improvement),
            NodeWriter.Mapping(("patience", NodeWriter.Integer(patience)), ("minimum-improvement", NodeWriter.Number(improvement))));
    }
}
