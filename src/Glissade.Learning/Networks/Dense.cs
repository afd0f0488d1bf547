using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Learning.Networks;

/// <summary>Every output is a weighted sum of all inputs: y = xW + b.</summary>
/// <remarks>W has the shape [inputs, units], so a batch of rows is multiplied without a transpose; b has the shape [units] and begins at zero.</remarks>
public sealed record Dense : Layer
{
    /// <summary>A layer of the given width.</summary>
    /// <param name="units">Number of outputs, at least 1.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="start">How W begins; null chooses He before a rectifier (ReLU, GELU) and Glorot elsewhere.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is less than 1.</exception>
    public Dense(int units, bool bias = true, Initializer? start = null)
    {
        if (units < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(units), units, $"A dense layer needs at least 1 unit, not {units}.");
        }

        (Units, Bias, Start) = (units, bias, start);
    }

    /// <inheritdoc/>
    public override string Name => "dense";

    /// <inheritdoc/>
    public override string Formula => "y = xW + b";

    /// <summary>Number of outputs.</summary>
    public int Units { get; }

    /// <summary>Whether b is added.</summary>
    public bool Bias { get; }

    /// <summary>How W begins; null for the choice by the next layer.</summary>
    public Initializer? Start { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 1
        ? new Shape(Units)
        : throw new ArgumentException($"A dense layer takes examples that are vectors, not of shape {input}.", nameof(input));

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter> Parameters(Shape input, Layer? next)
    {
        int inputs = input[0];
        var weight = new LayerParameter("weight", new Shape(inputs, Units), inputs, Units, Start ?? (next is { IsRectifier: true } ? Initializer.He : Initializer.Glorot));
        return Bias ? [weight, new LayerParameter("bias", new Shape(Units), inputs, Units, Initializer.Zeros)] : [weight];
    }

    /// <inheritdoc/>
    public override Tensor Trace(Tensor x, LayerScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        Tensor product = Functions.MatrixProduct(x, scope.Parameters[0]);
        return Bias ? product + scope.Parameters[1] : product;
    }

    /// <summary>The layer as in an experiment file.</summary>
    public override string ToString() => $"dense: {Units}{(Bias ? "" : ", without bias")}";
}
