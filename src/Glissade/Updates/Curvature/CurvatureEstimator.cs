using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>A loss of targets that are drawn from the model itself, for <see cref="CurvatureMethod.GaussNewtonBartlett"/>.</summary>
/// <param name="Examples">B, the examples of the batch.</param>
/// <param name="Trace">
/// The mean over the batch of −log p(ŷ | x, θ) with each ŷ drawn from p(· | x, θ), up to a constant, given the pieces of θ and a scalar index: draws at
/// different indices are independent. No gradient may flow through the draw.
/// </param>
public sealed record SampledLoss(int Examples, Func<IReadOnlyList<Tensor>, Tensor, Tensor> Trace);

/// <summary>Makes the estimates of the Hessian's diagonal that an updater's chain asks for: a program compiled once.</summary>
/// <remarks>
/// <para>
/// Hutchinson: u ⊙ ∇²L·u with u standard normal, the product by forward mode over the gradient. Gauss, Newton and Bartlett: B·ĝ ⊙ ĝ with ĝ = ∇L̂, L̂ the mean
/// loss of targets drawn from the model; by Bartlett's second identity its mean is the diagonal of the Gauss-Newton matrix. Exact: eᵢ ⊙ ∇²L·eᵢ for each i.
/// </para>
/// <para>
/// What is drawn depends on the seed and the number of applied steps only: not on threads, nor on a run being resumed. Belongs to one thread at a time, like its
/// updater. An estimate allocates nothing.
/// </para>
/// <code>
/// var curvature = new CurvatureEstimator&lt;double&gt;(updater, x => Sum(Square(x[0])), seed: 1);
/// …
/// if (updater.IsCurvatureDue) { curvature.Estimate(); }
/// updater.Step();
/// </code>
/// Liu, Li, Hall, Liang and Ma (2023), Sophia, Algorithms 1 and 2.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CurvatureEstimator<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Purpose = "curvature";
    private readonly Updater<T> _updater;
    private readonly FlatVector<T> _curvature, _index = new(1);
    private readonly NoiseVector<T>? _noise;
    private readonly FlatVector<T>? _direction, _diagonal;

    /// <summary>An estimator for a function of the parameters alone.</summary>
    /// <param name="updater">Whose chain asks for estimates.</param>
    /// <param name="function">The function being made small, a scalar, given the pieces of the updater's layout.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="ArgumentException">The chain asks for no estimates, or for such as need targets; or the function gives no scalar.</exception>
    public CurvatureEstimator(Updater<T> updater, Func<IReadOnlyList<Tensor>, Tensor> function, ulong seed = 0)
        : this(new ProgramBuilder<T>(), updater, function, null, seed)
    {
    }

    /// <summary>An estimator for a loss of a batch, whose inputs the builder has already.</summary>
    /// <param name="builder">The inputs beside the parameters; it is built here.</param>
    /// <param name="updater">Whose chain asks for estimates.</param>
    /// <param name="loss">The mean loss of the batch, a scalar, given the pieces of the updater's layout.</param>
    /// <param name="sampled">The loss of targets drawn from the model itself; null where there is none.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="ArgumentException">The chain asks for no estimates, or for such as need the loss of drawn targets, of which there is none; or the loss is no scalar.</exception>
    public CurvatureEstimator(ProgramBuilder<T> builder, Updater<T> updater, Func<IReadOnlyList<Tensor>, Tensor> loss, SampledLoss? sampled, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(updater);
        ArgumentNullException.ThrowIfNull(loss);
        CurvatureEstimate wanted = updater.CurvatureEstimate ?? throw new ArgumentException("No rule of the updater's chain asks for estimates of the curvature.", nameof(updater));
        (_updater, _curvature) = (updater, updater.Curvature!);
        IReadOnlyList<Tensor> parameters = builder.Views(updater.Layout, updater.Parameters);
        IEnumerable<Tensor> estimates;
        if (wanted.Method == CurvatureMethod.GaussNewtonBartlett)
        {
            SampledLoss own = sampled ?? throw new ArgumentException(
                $"The rule '{updater.CurvatureRule}' wants its curvature by {wanted.Name}, of targets drawn from the model itself, but the function has no such targets; hutchinson and exact need none.", nameof(sampled));
            Tensor drawn = own.Trace(parameters, builder.View("step", Shape.Scalar, _index, 0));
            estimates = Gradient.Of(drawn, parameters).Select(g => own.Examples * Functions.Square(g));
        }
        else
        {
            if (wanted.Method == CurvatureMethod.Hutchinson)
            {
                _noise = new NoiseVector<T>(updater.Layout.Length, seed, Purpose);
            }
            else
            {
                _direction = new FlatVector<T>(updater.Layout.Length);
                _diagonal = new FlatVector<T>(updater.Layout.Length);
            }

            FlatVector<T> directions = _noise?.Vector ?? _direction!;
            Tensor[] along = [.. updater.Layout.Entries.Select(e => builder.View($"direction {e.Name}", e.Shape, directions, e.Offset))];
            Tensor?[] products = ForwardMode.Push(Gradient.Of(loss(parameters), parameters), parameters, along);
            estimates = along.Zip(products, (u, product) => product is null ? Functions.BroadcastTo(u.Trace.Constant(0), u.Shape) : u * product);
        }

        foreach ((Tensor estimate, LayoutEntry entry) in estimates.Zip(updater.Layout.Entries))
        {
            builder.Output(estimate, _curvature, entry.Offset);
        }

        Program = builder.Build();
    }

    /// <summary>The compiled program, for its inputs and for listings.</summary>
    public Program<T> Program { get; }

    /// <summary>Makes the estimate at the present θ and gives it to the updater's next step.</summary>
    public void Estimate()
    {
        _index[0] = T.CreateTruncating(_updater.AppliedSteps);
        _noise?.Fill(_updater.AppliedSteps);
        if (_direction is null)
        {
            Program.Run();
        }
        else
        {
            for (int i = 0; i < _direction.Length; i++)
            {
                _direction[i] = T.One;
                Program.Run();
                _diagonal![i] = _curvature[i];
                _direction[i] = T.Zero;
            }

            _diagonal!.Span.CopyTo(_curvature.Span);
        }

        _updater.CurvatureIsNew = true;
    }
}
