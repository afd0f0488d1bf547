using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>Runs a network over data sets with given parameters and states of layers.</summary>
internal sealed class Evaluator(BuiltNetwork network, Loss loss, FlatVector<float> parameters, FlatVector<float> states, Standardizer? target)
{
    private const int BatchSize = 256;

    private readonly Dictionary<int, LossProgram> _programs = [];

    /// <summary>Evaluates the examples of a data set, batch by batch.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="cancellation">Ends it before the next batch.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Evaluation Evaluate(Dataset data, CancellationToken cancellation = default)
    {
        int outputs = network.OutputShape.Count;
        float[] all = new float[data.Count * outputs];
        double sum = 0;
        for (int row = 0; row < data.Count; row += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, data.Count - row);
            if (!_programs.TryGetValue(count, out LossProgram? program))
            {
                program = _programs[count] = new LossProgram(network, loss, count, parameters, states);
            }

            data.Features.Slice(row * data.FeatureCount, count * data.FeatureCount).CopyTo(program.X);
            for (int i = 0; i < count; i++)
            {
                program.Y[i] = data.Kind == TargetKind.Classification ? data.Classes[row + i] : data.Values[row + i];
            }

            sum += program.Run() * count;
            program.Program["output"].CopyTo(all.AsSpan(row * outputs));
        }

        return new Evaluation(data, sum / data.Count, all, target);
    }
}
