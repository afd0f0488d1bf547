using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Learning.Training;

/// <summary>Makes the estimates of the curvature that an updater's chain asks for, on the batch of the step: a program for each batch size, compiled once.</summary>
/// <remarks>
/// Of the network as it is trained: what layers do to a whole batch counts, their states do not follow. Computed with floats in any precision: second derivatives
/// leave the range of 16 bits sooner than gradients do.
/// </remarks>
internal sealed class BatchCurvature
{
    private readonly BuiltNetwork _network;
    private readonly Loss _loss;
    private readonly Updater<float> _updater;
    private readonly FlatVector<float> _states;
    private readonly ulong _seed;
    private readonly Dictionary<int, Prepared> _estimators = [];

    private BatchCurvature(BuiltNetwork network, Loss loss, Updater<float> updater, FlatVector<float> states, ulong seed) =>
        (_network, _loss, _updater, _states, _seed) = (network, loss, updater, states, seed);

    /// <summary>The estimates of an updater, or null where its chain asks for none. For a whole batch they are compiled at once, so that what does not fit is told before the first step.</summary>
    /// <exception cref="ArgumentException">The loss does not give what the estimate takes; the message names rule, estimate and loss.</exception>
    public static BatchCurvature? Of(BuiltNetwork network, Loss loss, Updater<float> updater, FlatVector<float> states, ulong seed, int rows)
    {
        if (updater.CurvatureEstimate is null)
        {
            return null;
        }

        var made = new BatchCurvature(network, loss, updater, states, seed);
        made.EstimatorFor(rows);
        return made;
    }

    /// <summary>Makes an estimate if the next step wants one.</summary>
    public void Prepare(Batches batches, long epoch, int batch)
    {
        _updater.CurvatureIsNew = false;
        if (_updater.IsCurvatureDue)
        {
            (CurvatureEstimator<float> estimator, FlatVector<float> x, FlatVector<float> y) = EstimatorFor(batches.Rows(epoch, batch).Length);
            batches.CopyNumbers(epoch, batch, x.Span, y.Span);
            estimator.Estimate();
        }
    }

    private Prepared EstimatorFor(int rows)
    {
        if (!_estimators.TryGetValue(rows, out Prepared? made))
        {
            made = _estimators[rows] = Compile(rows);
        }

        return made;
    }

    private Prepared Compile(int rows)
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape([rows, .. _network.InputShape.Lengths]));
        Tensor y = builder.Input("y", new Shape(rows));
        IReadOnlyList<Tensor> before = builder.Views(_network.StateLayout, _states);
        Tensor Output(IReadOnlyList<Tensor> weights) => _network.Trace(x, weights, NetworkPass.Training(before));
        var drawn = new SampledLoss(rows, (weights, index) => _loss.TraceDrawn(Output(weights), index, _seed, "curvature targets") ?? throw Refusal());
        var estimator = new CurvatureEstimator<float>(builder, _updater, weights => _loss.Trace(Output(weights), y), drawn, _seed);
        return new Prepared(estimator, estimator.Program.Buffer("x"), estimator.Program.Buffer("y"));
    }

    private ArgumentException Refusal() => new(
        $"The rule '{_updater.CurvatureRule}' wants its curvature by {_updater.CurvatureEstimate!.Name}, of targets drawn from the model itself, but the loss '{_loss.Name}' is no likelihood's, so there is nothing to draw from; hutchinson and exact take any loss.");

    private sealed record Prepared(CurvatureEstimator<float> Estimator, FlatVector<float> X, FlatVector<float> Y);
}
