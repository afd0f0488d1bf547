using System.Numerics;
using Glissade.Compilation.Steps;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>A gradient that the program which computes it measures on the way, so that the step after it need not read all of it once more.</summary>
/// <remarks>
/// Give the same one to <see cref="ProgramBuilder{T}.Gradient(Glissade.Differentiation.Tensor, IReadOnlyList{Glissade.Differentiation.Tensor}, Layout, MeasuredGradient{T})"/> and
/// to <see cref="Glissade.Updates.Chain.Compile{T}(Layout, FlatVector{T}, MeasuredGradient{T}, Glissade.Updates.ParameterAverage, FlatVector{T})"/>. The sum of squares is
/// worth what the vector held when the program had run: who changes the vector between the program and the step (divides it by the factor of a scaled loss, adds
/// noise, averages it over machines) gives the plain <see cref="Vector"/> to one of the two, or calls <see cref="MeasureAgain"/> after each change. A step uses up what
/// was measured: without another run of the program, the next one measures the vector itself.
/// The norm may differ by some roundings from that of <see cref="Glissade.Differentiation.Functions.Norm(Glissade.Differentiation.Tensor)"/>, whose sum is made in another order; it has the same bits
/// whatever the number of threads. Belongs to one thread at a time.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MeasuredGradient<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A gradient of zeros.</summary>
    /// <param name="length">Number of elements, zero or more: that of the layout.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public MeasuredGradient(int length)
    {
        Vector = new FlatVector<T>(length);
        MeasureAgain();
    }

    /// <summary>The gradient.</summary>
    public FlatVector<T> Vector { get; }

    /// <summary>Where the program writes the sum of squares; NaN as long as it is not known.</summary>
    internal FlatVector<T> SumOfSquares { get; } = new(1);

    /// <summary>Says that the vector is not what the program wrote any more, so that the next step measures it.</summary>
    public void MeasureAgain() => SumOfSquares[0] = T.NaN;

    /// <summary>The sum of squares, once; NaN or infinite if an element is, or if squares are too great for the element type.</summary>
    internal unsafe T Take()
    {
        T sum = SumOfSquares[0];
        MeasureAgain();
        return T.IsNaN(sum) ? T.CreateTruncating(SumOfSquaresStep<T>.Of(Vector.Pointer, Vector.Length)) : sum;
    }
}
