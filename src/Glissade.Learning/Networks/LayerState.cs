using Glissade.Numerics;

namespace Glissade.Learning.Networks;

/// <summary>Numbers that a layer keeps from batch to batch beside its parameters, before they have a place: name within the layer, shape and start.</summary>
/// <remarks>
/// A state follows the batches that are trained on, not a gradient: no rule, no decay and no average touches it. It is saved and restored under its name like a
/// parameter.
/// </remarks>
/// <param name="Name">Such as <c>running-mean</c>; no parameter of the layer has it.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Start">What each of its numbers is before the first batch.</param>
public sealed record LayerState(string Name, Shape Shape, float Start = 0);

/// <summary>What a network is computed for.</summary>
public enum NetworkPurpose
{
    /// <summary>To be used or measured: every row is computed by itself, with the states as they are.</summary>
    Evaluation,

    /// <summary>To be trained: layers may go by what the batch is like, and their states follow it.</summary>
    Training,

    /// <summary>To measure the states anew for given parameters: as in training, but each state becomes the plain mean over all batches.</summary>
    Measurement,
}
