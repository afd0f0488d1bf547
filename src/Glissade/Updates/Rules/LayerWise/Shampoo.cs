using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Preconditions each matrix from both sides by inverse fourth roots of sums of its products with itself.</summary>
/// <remarks>
/// L ← L + uuᵀ, R ← R + uᵀu from εI, L^(−1/4)·u·R^(−1/4) for a matrix as <see cref="ParameterScope.AsMatrix"/> sees it, so a kernel of more axes has two
/// preconditioners and not one for each axis; s ← s + u² from ε, u/√s for a scalar or vector. A side longer than <see cref="LongestSide"/> keeps the diagonal of its
/// preconditioner only. With a decay β the sums are running: L ← βL + (1−β)uuᵀ. The roots are computed anew in each step, by a coupled Newton iteration in matrix
/// products; see <see cref="MatrixRoots"/> for its accuracy. What a sum has lost in rounding must not look like a negative eigenvalue, so ε stands for
/// max(ε, 2⁷ε̂‖L‖_F) with the unit roundoff ε̂ of the element type: 8e-6 of the norm in float, 1e-14 in double, felt where a sum's eigenvalues lie further apart.
/// Gupta, Koren and Singer (2018), Shampoo: Preconditioned Stochastic Tensor Optimization; Anil, Gupta, Koren, Regan and Singer (2020), Scalable Second Order
/// Optimization for Deep Learning, for an ε that grows with the matrix.
/// </remarks>
/// <param name="Epsilon">ε, above 0; 1e-4 by default.</param>
/// <param name="Decay">β in [0, 1), or null for plain sums as in the source.</param>
/// <param name="LongestSide">The longest side with a whole preconditioner; 1024 by default.</param>
/// <param name="Iterations">Steps of the Newton iteration; 25 by default.</param>
public sealed record Shampoo(double Epsilon = 1e-4, Schedule? Decay = null, int LongestSide = 1024, int Iterations = 25) : LayerWiseRule
{
    // Times the unit roundoff: what the ridge is at least, beside the norm.
    private const double LeastShare = 128;

    /// <summary>ε, above 0.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <summary>β in [0, 1), or null for plain sums.</summary>
    public Schedule? Decay { get; } = Decay is null ? null : Hyperparameter.Decay(Decay);

    /// <summary>The longest side with a whole preconditioner, 1 or more.</summary>
    public int LongestSide { get; } = LongestSide >= 1
        ? LongestSide
        : throw new ArgumentOutOfRangeException(nameof(LongestSide), LongestSide, $"LongestSide must be 1 or more, not {LongestSide}.");

    /// <summary>Steps of the Newton iteration, 1 to 100.</summary>
    public int Iterations { get; } = Iterations is >= 1 and <= 100
        ? Iterations
        : throw new ArgumentOutOfRangeException(nameof(Iterations), Iterations, $"Iterations must be from 1 to 100, not {Iterations}.");

    /// <inheritdoc/>
    public override string Name => "shampoo";

    /// <inheritdoc/>
    public override string Formula => "L ← L + uuᵀ, R ← R + uᵀu, u = L^(−1/4)·u·R^(−1/4)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="epsilon">ε, 1e-4 by default.</param>
    /// <param name="decay">β in [0, 1); null for plain sums.</param>
    public static Shampoo Scaling(double epsilon = 1e-4, Schedule? decay = null) => new(epsilon, decay);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!parameter.IsMatrix)
        {
            return update / Functions.Sqrt(Gather("squares", Functions.Square(update), parameter, Epsilon));
        }

        Tensor x = parameter.AsMatrix(update);
        (int rows, int columns) = (x.Shape[0], x.Shape[1]);
        Tensor result = rows > LongestSide
            ? x * Functions.Reshape(DiagonalRoot("left", Functions.Sum(Functions.Square(x), 1), parameter), new Shape(rows, 1))
            : Functions.MatrixProduct(Root("left", Functions.MatrixProduct(x, x, transposeY: true), parameter), x);
        result = columns > LongestSide
            ? result * Functions.Reshape(DiagonalRoot("right", Functions.Sum(Functions.Square(x), 0), parameter), new Shape(1, columns))
            : Functions.MatrixProduct(result, Root("right", Functions.MatrixProduct(x, x, transposeX: true), parameter));
        return Functions.Reshape(result, parameter.Shape);
    }

    private Tensor Root(string name, Tensor products, ParameterScope parameter)
    {
        // The state begins at 0 and ε stands beside it, so that it needs no identity to begin from; with a decay ε thus stays.
        Tensor identity = MatrixRoots.Identity(products.Trace, products.Shape[0]);
        Tensor sum = Gather(name, products, parameter, 0), norm = parameter.Norm(sum);
        Tensor ridge = Functions.Maximum(norm * (LeastShare * parameter.UnitRoundoff), Epsilon);
        return MatrixRoots.InverseFourthRoot(sum + (ridge * identity), identity, norm + ridge, Iterations);
    }

    private Tensor DiagonalRoot(string name, Tensor squares, ParameterScope parameter) =>
        1 / Functions.Sqrt(Functions.Sqrt(Gather(name, squares, parameter, Epsilon)));

    private Tensor Gather(string name, Tensor value, ParameterScope parameter, double initial) => parameter.State(
        name, value.Shape, previous => Decay is null ? previous + value : Functions.Blend(value, previous, parameter.Scalar(Decay)), Decay is null ? initial : 0) + (Decay is null ? 0 : initial);
}
