using System.Runtime.InteropServices;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Data;
using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>Measures the states of a network's layers anew for given parameters, by a pass over the data: each becomes the plain mean of what its layer measures of the batches.</summary>
/// <remarks>
/// States such as the running mean and variance of a batch normalisation belong to the parameters with which they were measured. An average of parameters, or
/// any combination of networks, has activations of its own, so its states must be measured with it. All batches count alike, a shorter last one too; one that
/// is too small for a layer (<see cref="Layer.LeastBatch"/>) leaves that layer's states out. The order of the rows is that of the first epoch of training with the same seed,
/// so the result depends on parameters, data, batch size and seed alone. Computed with floats. Belongs to one thread at a time.
/// Izmailov, Podoprikhin, Garipov, Vetrov and Wilson (2018), Averaging Weights Leads to Wider Optima and Better Generalization, section 3.2.
/// </remarks>
public sealed class LayerStateMeasurement
{
    private readonly BuiltNetwork _network;
    private readonly Batches _batches;
    private readonly FlatVector<float> _parameters, _states, _start;
    private readonly float[] _targets;
    private readonly Dictionary<int, Program<float>> _programs = [];
    private bool _isDone;

    /// <summary>A measurement that may be run for any parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The examples, those that the network was trained on, standardized like them.</param>
    /// <param name="batchSize">Rows of a batch, 1 or more; best that of the training.</param>
    /// <param name="seed">Decides which rows make a batch.</param>
    /// <exception cref="ArgumentException">The network takes other features than the data have, or a layer needs larger batches.</exception>
    public LayerStateMeasurement(BuiltNetwork network, Dataset data, int batchSize, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        if (network.InputShape.Count != data.FeatureCount)
        {
            throw new ArgumentException($"The network takes {network.InputShape.Count} features, but the data have {data.FeatureCount}.", nameof(data));
        }

        int size = Math.Min(batchSize, data.Count);
        if (size < network.LeastBatch)
        {
            throw new ArgumentException($"Batches of {size} rows are too small to measure the states of the network's layers with; {network.LeastBatch} are needed.", nameof(batchSize));
        }

        _network = network;
        _batches = new Batches(data, size, seed);
        _targets = new float[size];
        _parameters = new FlatVector<float>(network.Layout.Length);
        _start = network.InitializeStates();
        _states = _start.Clone();
    }

    /// <summary>The states for given parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameters">θ, in the order of its layout.</param>
    /// <param name="data">The examples, those that the network was trained on, standardized like them.</param>
    /// <param name="batchSize">Rows of a batch, 1 or more; best that of the training.</param>
    /// <param name="seed">Decides which rows make a batch.</param>
    /// <param name="cancellation">Ends the pass after the current batch.</param>
    /// <returns>The states in the order of <see cref="BuiltNetwork.StateLayout"/>.</returns>
    /// <exception cref="ArgumentException">Network, parameters and data do not fit together, or a layer needs larger batches.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FlatVector<float> Measure(
        BuiltNetwork network, FlatVector<float> parameters, Dataset data, int batchSize, ulong seed = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var measurement = new LayerStateMeasurement(network, data, batchSize, seed);
        var states = new FlatVector<float>(network.StateLayout.Length);
        measurement.Run(parameters.Span, states.Span, cancellation);
        return states;
    }

    /// <summary>Writes the states for given parameters; those of the parameters last measured are at hand and cost no pass.</summary>
    /// <param name="parameters">θ, in the order of its layout.</param>
    /// <param name="states">Takes the states, in the order of <see cref="BuiltNetwork.StateLayout"/>; untouched where the pass does not come to its end.</param>
    /// <param name="cancellation">Ends the pass after the current batch.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(ReadOnlySpan<float> parameters, Span<float> states, CancellationToken cancellation = default)
    {
        if (parameters.Length != _parameters.Length || states.Length != _states.Length)
        {
            throw new ArgumentException(
                $"The network has {_parameters.Length} parameters and {_states.Length} numbers in the states of its layers, but {parameters.Length} were given and there is room for {states.Length}.", nameof(parameters));
        }

        if (!_isDone || !HaveSameBits(parameters, _parameters.Span))
        {
            _isDone = false;
            parameters.CopyTo(_parameters.Span);
            Pass(cancellation);
            _isDone = true;
        }

        _states.Span.CopyTo(states);
    }

    internal static bool HaveSameBits(ReadOnlySpan<float> x, ReadOnlySpan<float> y) => MemoryMarshal.AsBytes(x).SequenceEqual(MemoryMarshal.AsBytes(y));

    private void Pass(CancellationToken cancellation)
    {
        _start.Span.CopyTo(_states.Span);
        for (int batch = 0; batch < _batches.CountPerEpoch && _states.Length > 0; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = _batches.Rows(0, batch).Length;
            if (!_programs.TryGetValue(rows, out Program<float>? program))
            {
                program = _programs[rows] = Compile(rows);
            }

            _batches.CopyNumbers(0, batch, program["x"], _targets);
            program["share"][0] = 1f / (batch + 1);
            program.Run();
        }
    }

    private Program<float> Compile(int rows)
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape([rows, .. _network.InputShape.Lengths]));
        NetworkPass pass = NetworkPass.Measurement(builder.Views(_network.StateLayout, _states), builder.Input("share", Shape.Scalar));
        _network.Trace(x, builder.Views(_network.Layout, _parameters), pass);
        for (int i = 0; i < pass.States.Length; i++)
        {
            if (pass.Changes(i))
            {
                builder.Output(pass.States[i], _states, _network.StateLayout.Entries[i].Offset);
            }
        }

        return builder.Build();
    }
}
