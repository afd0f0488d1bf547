namespace Glissade.Differentiation;

/// <content>Activations that are made of other functions.</content>
public static partial class Functions
{
    /// <summary>x where it is positive, else slope·x; the derivative at 0 is the slope.</summary>
    /// <remarks>Maas, Hannun and Ng (2013), Rectifier Nonlinearities Improve Neural Network Acoustic Models.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="slope">The slope for negative x.</param>
    public static Tensor LeakyRelu(Tensor x, double slope = 0.01) => Select(Greater(x, 0), x, slope * x);

    /// <summary>x where it is positive, else α(eˣ − 1); the derivative at 0 is α.</summary>
    /// <remarks>Clevert, Unterthiner and Hochreiter (2016), Fast and Accurate Deep Network Learning by Exponential Linear Units.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="alpha">α; the value far left is −α.</param>
    public static Tensor Elu(Tensor x, double alpha = 1)
    {
        // The exponential of a positive x may overflow, and 0 times its derivative would be NaN.
        Tensor positive = Greater(x, 0);
        return Select(positive, x, alpha * ExpMinusOne(Select(positive, ConstantLike(x, 0), x)));
    }

    /// <summary>x·σ(x) with the logistic function σ.</summary>
    /// <remarks>Elfwing, Uchibe and Doya (2018), Sigmoid-weighted linear units for neural network function approximation in reinforcement learning. Where eˣ is subnormal, as below −87 in float, so is the gate, and the result has few digits.</remarks>
    /// <param name="x">Any shape.</param>
    public static Tensor Silu(Tensor x) => x * Sigmoid(x);

    /// <summary>x·tanh(ln(1 + eˣ)).</summary>
    /// <remarks>Misra (2020), Mish: A Self Regularized Non-Monotonic Activation Function. Where eˣ is subnormal, as below −87 in float, so is the gate, and the result has few digits.</remarks>
    /// <param name="x">Any shape.</param>
    public static Tensor Mish(Tensor x) => x * Tanh(Softplus(x));

    /// <summary>ln(eˣ + eʸ), without overflow, and smooth also where x = y.</summary>
    /// <remarks>
    /// −∞ where both are; ∞ where either is; NaN where either is. The gradients are the shares eˣ/(eˣ + eʸ) and eʸ/(eˣ + eʸ): ½ each where x = y, at ∞ too,
    /// and 0 where both are −∞, as those of <see cref="LogSumExp(Tensor, ReadOnlySpan{int})"/>.
    /// </remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="y">A shape that broadcasts with that of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public static Tensor LogAddExp(Tensor x, Tensor y)
    {
        CheckBroadcast("log-add-exp", x, y);

        // y + ln(1 + e^(x − y)) holds either way round, so it may be chosen by the larger: no derivative passes through the choice.
        Tensor order = Greater(x, y);
        (Tensor high, Tensor low) = (Select(order, x, y), Select(order, y, x));
        Tensor equalInfinities = And(EqualTo(low, high), Not(IsFinite(high)));
        Tensor infinity = Select(Greater(x, 0), 0.5 * (x + y), StopGradient(x));
        return Select(equalInfinities, infinity, high) + Softplus(Select(equalInfinities, ConstantLike(high, 0), low - high));
    }
}
