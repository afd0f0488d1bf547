using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>Replaces the update of each matrix by nearly its nearest semi-orthogonal matrix; scalars and vectors pass unchanged. Behind momentum it makes Muon.</summary>
/// <remarks>
/// X₀ = u/(‖u‖_F + ε), X ← aX + (bA + cA²)X with A = XXᵀ, or the same with XᵀX on the shorter side, and (a, b, c) = (3.4445, −4.7750, 2.0315): a Newton–Schulz
/// iteration that brings singular values near 1, after 5 steps within about 0.7 to 1.2, rather than to 1. Then times √max(1, outputs/inputs): the variant of the
/// source, whose matrices are [outputs, inputs], so that of a dense layer here, [inputs, outputs], it is √max(1, columns/rows), and of a kernel seen as
/// [outputs, everything else] √max(1, rows/columns). Jordan, Jin, Boza, You, Cesista, Newhouse and Bernstein (2024), Muon: An Optimizer for Hidden Layers in Neural Networks.
/// </remarks>
/// <param name="Iterations">Steps of the iteration, 1 to 100; 5 by default.</param>
/// <param name="Epsilon">ε, 1e-7 by default.</param>
public sealed record Orthogonalization(int Iterations = 5, double Epsilon = 1e-7) : LayerWiseRule
{
    private const double A = 3.4445, B = -4.7750, C = 2.0315;

    /// <summary>Steps of the iteration.</summary>
    public int Iterations { get; } = Iterations is >= 1 and <= 100
        ? Iterations
        : throw new ArgumentOutOfRangeException(nameof(Iterations), Iterations, $"Iterations must be from 1 to 100, not {Iterations}.");

    /// <summary>ε, above 0: an update of zeros stays one.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <inheritdoc/>
    public override string Name => "orthogonalize";

    /// <inheritdoc/>
    public override string Formula => "X ← aX + (bXXᵀ + c(XXᵀ)²)X from u/‖u‖, √max(1, outputs/inputs)·X, for each matrix";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!parameter.IsMatrix)
        {
            return update;
        }

        Tensor x = parameter.AsMatrix(update);
        x *= 1 / (parameter.Norm(x) + Epsilon);
        bool isWide = x.Shape[0] <= x.Shape[1];
        for (int i = 0; i < Iterations; i++)
        {
            Tensor square = Functions.MatrixProduct(x, x, transposeX: !isWide, transposeY: isWide);
            Tensor polynomial = (B * square) + (C * Functions.MatrixProduct(square, square));
            x = (A * x) + (isWide ? Functions.MatrixProduct(polynomial, x) : Functions.MatrixProduct(x, polynomial));
        }

        return Functions.Reshape(x * Math.Sqrt(Math.Max(1, parameter.FanOut / (double)parameter.FanIn)), parameter.Shape);
    }
}
