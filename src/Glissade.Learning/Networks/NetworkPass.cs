using System.Collections.Immutable;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Learning.Networks;

/// <summary>What a network is traced for, with the states of its layers before and after the batch.</summary>
/// <remarks>For one trace: <see cref="BuiltNetwork.Trace(Tensor, IReadOnlyList{Tensor}, NetworkPass)"/> takes the states before and leaves those after.</remarks>
public sealed class NetworkPass
{
    private readonly Tensor[] _before, _after;

    private NetworkPass(NetworkPurpose purpose, IReadOnlyList<Tensor> states, Tensor? share)
    {
        ArgumentNullException.ThrowIfNull(states);
        (Purpose, MeasuredShare, _before) = (purpose, share, [.. states]);
        _after = [.. _before];
    }

    /// <summary>What for.</summary>
    public NetworkPurpose Purpose { get; }

    /// <summary>The states after the batch, in the order of <see cref="BuiltNetwork.StateLayout"/>; those that the batch does not change are the tensors that were given.</summary>
    public ImmutableArray<Tensor> States => [.. _after];

    internal IReadOnlyList<Tensor> Before => _before;

    internal Tensor? MeasuredShare { get; }

    /// <summary>To use or to measure the network.</summary>
    /// <param name="states">The states of its layers, in the order of <see cref="BuiltNetwork.StateLayout"/>.</param>
    public static NetworkPass Evaluation(params IReadOnlyList<Tensor> states) => new(NetworkPurpose.Evaluation, states, null);

    /// <summary>To train the network.</summary>
    /// <param name="states">The states of its layers, in the order of <see cref="BuiltNetwork.StateLayout"/>.</param>
    public static NetworkPass Training(params IReadOnlyList<Tensor> states) => new(NetworkPurpose.Training, states, null);

    /// <summary>To measure the states anew.</summary>
    /// <param name="states">The states of its layers, in the order of <see cref="BuiltNetwork.StateLayout"/>.</param>
    /// <param name="share">A scalar: the share of this batch in the mean so far, 1/k for the k-th.</param>
    public static NetworkPass Measurement(IReadOnlyList<Tensor> states, Tensor share)
    {
        ArgumentNullException.ThrowIfNull(share);
        return share.Shape == Shape.Scalar
            ? new NetworkPass(NetworkPurpose.Measurement, states, share)
            : throw new ArgumentException($"The share of a batch is a scalar, not of shape {share.Shape}.", nameof(share));
    }

    /// <summary>Whether a batch of this trace changes a state.</summary>
    internal bool Changes(int state) => !ReferenceEquals(_before[state], _after[state]);

    internal Tensor this[int state]
    {
        get => _after[state];
        set => _after[state] = value;
    }

    internal void Check(Layout layout)
    {
        if (_before.Length != layout.Entries.Length)
        {
            throw new ArgumentException(layout.Entries.IsEmpty
                ? $"The layers of the network keep no states, but {_before.Length} were given."
                : $"The layers of the network keep the states {string.Join(", ", layout.Entries.Select(e => e.Name))}, but {_before.Length} were given.");
        }

        for (int i = 0; i < _before.Length; i++)
        {
            if (_before[i].Shape != layout.Entries[i].Shape)
            {
                throw new ArgumentException($"The state '{layout.Entries[i].Name}' has the shape {layout.Entries[i].Shape}, not {_before[i].Shape}.");
            }
        }
    }
}
