using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <content>The smooth maximum and what is made of it.</content>
public static partial class Functions
{
    /// <summary>ln Σ eˣ over the given axes, or over all, without overflow.</summary>
    /// <remarks>−∞ of nothing and where all are, with the derivative 0; ∞ where any is; NaN where any is.</remarks>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes that disappear; negative ones count from the last. None means all.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor LogSumExp(Tensor x, params ReadOnlySpan<int> axes) => LogSumExp(x, axes, 1);

    /// <summary>τ ln Σ e^(x/τ) over the given axes, which may stay with length 1: a smooth maximum, which tends to the greatest element as τ tends to 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes to reduce; negative ones count from the last. None means all.</param>
    /// <param name="temperature">τ, a positive finite number; one beside the element type's normal numbers (in float from 1.2·10⁻³⁸ to 3.4·10³⁸) counts as the nearest of them.</param>
    /// <param name="keepAxes">Keep the axes with length 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not positive and finite, or an axis is not there.</exception>
    /// <exception cref="ArgumentException">An axis is given twice.</exception>
    public static Tensor LogSumExp(Tensor x, ReadOnlySpan<int> axes, double temperature = 1, bool keepAxes = false)
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

    /// <summary>x − ln Σ eˣ over one axis.</summary>
    /// <remarks>
    /// Computed as (x − max x) − ln Σ e^(x − max x): the greatest element may be as large as it will, what is left of the others keeps its digits.
    /// Lines that hold NaN become NaN; in those that hold ∞ the finite elements become −∞ and the infinite ones NaN; so does all of a line of −∞ only become ∞ − ∞, NaN.
    /// </remarks>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor LogSoftmax(Tensor x, int axis = -1)
    {
        axis = AxisOf("log-softmax", x, axis);
        (Tensor shifted, Tensor logarithm, _) = ShiftedLogSumExp(x, [axis], 1);
        return shifted - logarithm;
    }

    /// <summary>eˣ / Σ eˣ over one axis, without overflow.</summary>
    /// <remarks>An element of −∞ becomes 0. Lines that hold NaN or ∞, and those of −∞ only, become NaN.</remarks>
    /// <param name="x">Any shape but a scalar.</param>
    /// <param name="axis">The axis; negative counts from the last.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor Softmax(Tensor x, int axis = -1)
    {
        axis = AxisOf("softmax", x, axis);
        Tensor e = Exp(x - StopGradient(Max(x, [axis], keepAxes: true)));
        return e / Sum(e, [axis], keepAxes: true);
    }

    /// <summary>−ln softmax(logits)ᵧ for the class y of each line along the last axis.</summary>
    /// <remarks>
    /// A logit of −∞ rules a class out. A class that is no whole number from 0 to n − 1 throws <see cref="ArgumentOutOfRangeException"/> when the program runs.
    /// </remarks>
    /// <param name="logits">[..., n].</param>
    /// <param name="classes">[...], whole numbers from 0 to n − 1; no gradient passes.</param>
    /// <returns>[...]: one number for each line; <see cref="MeanCrossEntropy"/> is the usual loss.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or there are no classes.</exception>
    public static Tensor CrossEntropy(Tensor logits, Tensor classes)
    {
        CheckClasses("cross-entropy", logits, classes);
        (Tensor shifted, Tensor logarithm, _) = ShiftedLogSumExp(logits, [-1], 1);
        Tensor taken = Node(new TakeAlongAxis(shifted.Shape.Rank - 1, OfClasses: true), shifted, Column(classes));
        return Reshape(logarithm - taken, classes.Shape);
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
    /// <exception cref="ArgumentException">The shapes do not fit, or there are no classes.</exception>
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
        if (logits.Shape.Rank == 0 || logits.Shape[-1] == 0 || !logits.Shape.Lengths[..^1].SequenceEqual(classes.Shape.Lengths))
        {
            throw new ArgumentException($"The shapes {logits.Shape} and {classes.Shape} do not fit '{operation}': they must be [..., n] and [...], with n one or more.");
        }
    }

    /// <summary>x − s, τ ln Σ e^((x − s)/τ) and s, the greatest element; the last two keep the axes with length 1.</summary>
    private static (Tensor Shifted, Tensor Logarithm, Tensor Shift) ShiftedLogSumExp(Tensor x, ReadOnlySpan<int> axes, double temperature)
    {
        // The shift cancels exactly, so no gradient needs to pass through it. An infinite one would leave ∞ − ∞.
        Tensor greatest = Max(x, axes, keepAxes: true);
        Tensor shift = StopGradient(Select(IsFinite(greatest), greatest, 0));
        Tensor shifted = x - shift, scale = NormalNumber(x, temperature);
        Tensor sum = Sum(Exp(shifted / scale), axes, keepAxes: true);
        return (shifted, Select(sum, Log(Select(sum, sum, 1)), double.NegativeInfinity) * scale, shift);
    }

    /// <summary>A positive finite number, or the nearest normal number of the element type, which is known only when the function is compiled: what must not become 0 or ∞ stays what it is.</summary>
    private static Tensor NormalNumber(Tensor x, double value)
    {
        const double SmallestFloat = 1.17549435e-38f, SmallestDouble = 2.2250738585072014e-308;
        Tensor number = ConstantLike(x, Math.Max(value, SmallestDouble));
        if (value is >= SmallestFloat and <= float.MaxValue)
        {
            return number;
        }

        // Compared by nodes, which are computed in the element type, and not by constants, which are computed in double as soon as they are traced.
        // A subnormal float becomes 0 by the product, a number beyond all floats ∞.
        return value < SmallestFloat
            ? Select(Node(new Multiply(), number, ConstantLike(x, Math.ScaleB(1, -24))), number, ConstantLike(x, SmallestFloat))
            : Select(Node(new Greater(), ConstantLike(x, double.PositiveInfinity), number), number, ConstantLike(x, float.MaxValue));
    }
}
