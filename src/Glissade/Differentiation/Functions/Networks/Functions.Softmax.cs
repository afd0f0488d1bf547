namespace Glissade.Differentiation;

/// <content>The smooth maximum and what is made of it.</content>
public static partial class Functions
{
    /// <summary>ln Σ eˣ over the given axes, or over all, without overflow.</summary>
    /// <remarks>−∞ of nothing and where all are, with the derivative 0; ∞ where any is; NaN where any is.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    public static Tensor LogSumExp(Tensor x, params ReadOnlySpan<int> axes) => LogSumExp(x, axes, 1);

    /// <summary>τ ln Σ e^(x/τ) over the given axes, which may stay with length 1: a smooth maximum, which tends to the greatest element as τ tends to 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="temperature">τ, a positive finite number.</param>
    /// <param name="keepAxes">Keep the axes with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not positive and finite.</exception>
    public static Tensor LogSumExp(Tensor x, ReadOnlySpan<int> axes, double temperature, bool keepAxes = false)
    {
        CheckAxes("log-sum-exp", x, axes);
        if (!(temperature > 0 && double.IsFinite(temperature)))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, $"The temperature of 'log-sum-exp' of the shape {x.Shape} must be positive and finite, not {temperature}.");
        }

        (_, Tensor logarithm, Tensor shift) = ShiftedLogSumExp(x, axes, temperature);
        Tensor value = logarithm + shift;
        return keepAxes ? value : Reshape(value, Sum(x, axes).Shape);
    }

    /// <summary>x − ln Σ eˣ over the last axis.</summary>
    /// <remarks>Computed as (x − max x) − ln Σ e^(x − max x): the greatest element may be as large as it will, what is left of the others keeps its digits.</remarks>
    /// <param name="x">[..., n].</param>
    public static Tensor LogSoftmax(Tensor x)
    {
        (Tensor shifted, Tensor logarithm, _) = ShiftedLogSumExp(x, [-1], 1);
        return shifted - logarithm;
    }

    /// <summary>eˣ / Σ eˣ over the last axis, without overflow.</summary>
    /// <param name="x">[..., n].</param>
    public static Tensor Softmax(Tensor x)
    {
        Tensor e = Exp(x - StopGradient(Max(x, [-1], keepAxes: true)));
        return e / Sum(e, [-1], keepAxes: true);
    }

    /// <summary>−ln softmax(logits)ᵧ for the class y of each line along the last axis.</summary>
    /// <remarks>
    /// A logit of −∞ rules a class out. A class that is no whole number from 0 to n − 1 throws <see cref="ArgumentOutOfRangeException"/> when the program runs.
    /// </remarks>
    /// <param name="logits">[..., n].</param>
    /// <param name="classes">[...], whole numbers from 0 to n − 1; no gradient passes.</param>
    /// <returns>[...]: one number for each line; <see cref="MeanCrossEntropy"/> is the usual loss.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor classes)
    {
        CheckClasses("cross-entropy", logits, classes);
        (Tensor shifted, Tensor logarithm, _) = ShiftedLogSumExp(logits, [-1], 1);
        return Reshape(logarithm - TakeAlongAxis(shifted, Column(classes), -1), classes.Shape);
    }

    /// <summary>−Σ y′ₖ ln softmax(logits)ₖ, averaged over all lines along the last axis: the usual loss of a classifier.</summary>
    /// <remarks>
    /// y′ = (1−α)y + α/n, where y is 1 at the class and 0 elsewhere. A logit of −∞ rules a class out; with smoothing, which gives every class a share of the truth,
    /// the loss is then infinite; of no lines it is NaN. A class that is no whole number from 0 to n − 1 is not looked for: it counts as none of them, at the price ln Σ e^(z − max z).
    /// Since Σ y′ₖ = 1, the loss is ln Σ e^(z − max z) − Σ y′ₖ (zₖ − max z): its gradient (softmax(z) − y′)/lines needs no further sum over the classes.
    /// Szegedy, Vanhoucke, Ioffe, Shlens and Wojna (2016), Rethinking the Inception Architecture, for the smoothing.
    /// </remarks>
    /// <param name="logits">z, [..., n].</param>
    /// <param name="classes">[...], whole numbers from 0 to n − 1; no gradient passes.</param>
    /// <param name="labelSmoothing">α in [0, 1); 0 for none.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labelSmoothing"/> is outside [0, 1).</exception>
    public static Tensor MeanCrossEntropy(Tensor logits, Tensor classes, double labelSmoothing = 0)
    {
        CheckClasses("mean-cross-entropy", logits, classes);
        if (labelSmoothing is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, $"The label smoothing of 'mean-cross-entropy' of the shape {logits.Shape} must be in [0, 1), not {labelSmoothing}.");
        }

        int count = logits.Shape[-1];
        Tensor truth = EqualTo(Column(classes), Range(logits, count));
        (Tensor shifted, Tensor logarithm, _) = ShiftedLogSumExp(logits, [-1], 1);

        // Without smoothing selected, not multiplied: 0 · −∞ is no number, and a class that is ruled out and not true costs nothing.
        Tensor costs = labelSmoothing == 0 ? Select(truth, shifted, 0) : (((1 - labelSmoothing) * truth) + (labelSmoothing / count)) * shifted;
        return (Sum(logarithm) - Sum(costs)) / classes.Shape.Count;
    }

    private static void CheckClasses(string operation, Tensor logits, Tensor classes)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(classes);
        if (logits.Shape.Rank == 0 || !logits.Shape.Lengths[..^1].SequenceEqual(classes.Shape.Lengths))
        {
            throw new ArgumentException($"The shapes {logits.Shape} and {classes.Shape} do not fit '{operation}': they must be [..., n] and [...].");
        }
    }

    /// <summary>x − s, τ ln Σ e^((x − s)/τ) and s, the greatest element; the last two keep the axes with length 1.</summary>
    private static (Tensor Shifted, Tensor Logarithm, Tensor Shift) ShiftedLogSumExp(Tensor x, ReadOnlySpan<int> axes, double temperature)
    {
        // The shift cancels exactly, so no gradient needs to pass through it. An infinite one would leave ∞ − ∞.
        Tensor greatest = Max(x, axes, keepAxes: true);
        Tensor shift = StopGradient(Select(IsFinite(greatest), greatest, 0));
        Tensor shifted = x - shift;
        Tensor sum = Sum(Exp(shifted / temperature), axes, keepAxes: true);
        return (shifted, Select(sum, Log(Select(sum, sum, 1)), double.NegativeInfinity) * temperature, shift);
    }
}
