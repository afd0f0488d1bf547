namespace Glissade.Updates;

/// <summary>How the diagonal of a Hessian is estimated.</summary>
public enum CurvatureMethod
{
    /// <summary>u ⊙ (Hu), u standard normal: on average the diagonal of the Hessian of any loss. One Hessian-vector product.</summary>
    Hutchinson,

    /// <summary>B·ĝ ⊙ ĝ, ĝ the mean gradient over a batch of B whose targets are drawn from the model itself: on average the diagonal of the Gauss-Newton matrix, never negative. One gradient.</summary>
    GaussNewtonBartlett,

    /// <summary>The diagonal itself, by a Hessian-vector product for each parameter: for small problems.</summary>
    Exact,
}

/// <summary>What estimates of the Hessian's diagonal a rule asks for: how they are made, and every how many steps.</summary>
/// <remarks>
/// Estimates are made at θ, on the batch of the step, by <see cref="CurvatureEstimator{T}"/>; a trainer does so by itself. Immutable; free to share between threads.
/// Liu, Li, Hall, Liang and Ma (2023), Sophia: A Scalable Stochastic Second-order Optimizer for Language Model Pre-training, with Hutchinson (1989), A Stochastic
/// Estimator of the Trace of the Influence Matrix, and Bartlett (1953), Approximate Confidence Intervals.
/// </remarks>
public sealed record CurvatureEstimate
{
    private CurvatureEstimate(CurvatureMethod method, int period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        (Method, Period) = (method, period);
    }

    /// <summary>How estimates are made.</summary>
    public CurvatureMethod Method { get; }

    /// <summary>Steps from one estimate to the next, 1 or more. The first step has one.</summary>
    public int Period { get; }

    /// <summary>The method's name, as in an experiment file.</summary>
    public string Name => Method switch
    {
        CurvatureMethod.Hutchinson => "hutchinson",
        CurvatureMethod.GaussNewtonBartlett => "gauss-newton-bartlett",
        _ => "exact",
    };

    /// <summary>Hutchinson's estimate, for any loss; of either sign.</summary>
    /// <param name="period">Steps from one estimate to the next, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below 1.</exception>
    public static CurvatureEstimate Hutchinson(int period = 10) => new(CurvatureMethod.Hutchinson, period);

    /// <summary>The estimate of Gauss, Newton and Bartlett, for losses that are the negative logarithm of a likelihood.</summary>
    /// <param name="period">Steps from one estimate to the next, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below 1.</exception>
    public static CurvatureEstimate GaussNewtonBartlett(int period = 10) => new(CurvatureMethod.GaussNewtonBartlett, period);

    /// <summary>The diagonal itself, of the batch of the step: as many Hessian-vector products as there are parameters.</summary>
    /// <param name="period">Steps from one estimate to the next, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is below 1.</exception>
    public static CurvatureEstimate Exact(int period = 10) => new(CurvatureMethod.Exact, period);

    /// <summary>As in <c>hutchinson every 10 steps</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name} every {(Period == 1 ? "step" : $"{Period} steps")}");
}
