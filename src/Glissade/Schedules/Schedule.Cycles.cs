namespace Glissade.Schedules;

/// <content>Schedules that go up and down.</content>
public abstract partial record Schedule
{
    /// <summary>Cosine annealing with warm restarts: to + ½(from − to)(1 + cos(π s/Tᵢ)) at step s of period i, whose length is Tᵢ = T₀mⁱ.</summary>
    /// <param name="from">The value at every restart.</param>
    /// <param name="to">What every period runs towards.</param>
    /// <param name="period">T₀, 1 or more.</param>
    /// <param name="multiplier">m, 1 or more.</param>
    /// <param name="decay">What each restart multiplies the height above <paramref name="to"/> by, from 0 to 1.</param>
    /// <seealso cref="CosineRestartsSchedule"/>
    public static Schedule CosineRestarts(double from, double to, long period, long multiplier = 1, double decay = 1)
        => new CosineRestartsSchedule(from, to, period, multiplier, decay);

    /// <summary>A triangular wave with equal peaks.</summary>
    /// <param name="from">The value at every foot.</param>
    /// <param name="peak">The value at every tip; below <paramref name="from"/> for a momentum that runs the other way.</param>
    /// <param name="stepsUp">Steps from a foot to a tip, 1 or more.</param>
    /// <param name="stepsDown">Steps from a tip to a foot, 1 or more; null for as many as up.</param>
    /// <seealso cref="TriangularSchedule"/>
    public static Schedule Triangular(double from, double peak, long stepsUp, long? stepsDown = null)
        => new TriangularSchedule(from, peak, stepsUp, stepsDown ?? stepsUp);

    /// <summary>A triangular wave, each triangle half as high as the one before.</summary>
    /// <param name="from">The value at every foot.</param>
    /// <param name="peak">The value at the first tip.</param>
    /// <param name="stepsUp">Steps from a foot to a tip, 1 or more.</param>
    /// <param name="stepsDown">Steps from a tip to a foot, 1 or more; null for as many as up.</param>
    /// <seealso cref="TriangularSchedule"/>
    public static Schedule Triangular2(double from, double peak, long stepsUp, long? stepsDown = null)
        => new TriangularSchedule(from, peak, stepsUp, stepsDown ?? stepsUp, CycleFactor: 0.5);

    /// <summary>A triangular wave whose height is multiplied by a factor at every step.</summary>
    /// <param name="from">The value at every foot.</param>
    /// <param name="peak">The value at the first tip, if it were not for the factor.</param>
    /// <param name="stepsUp">Steps from a foot to a tip, 1 or more.</param>
    /// <param name="factor">γ, from 0 to 1.</param>
    /// <param name="stepsDown">Steps from a tip to a foot, 1 or more; null for as many as up.</param>
    /// <seealso cref="TriangularSchedule"/>
    public static Schedule ExponentialRange(double from, double peak, long stepsUp, double factor, long? stepsDown = null)
        => new TriangularSchedule(from, peak, stepsUp, stepsDown ?? stepsUp, StepFactor: factor);

    /// <summary>One cycle: from peak/startDivisor up to the peak, and down to the start divided by endDivisor.</summary>
    /// <param name="peak">The greatest value.</param>
    /// <param name="steps">The steps of the cycle, 2 or more.</param>
    /// <param name="startDivisor">Above 0.</param>
    /// <param name="endDivisor">Above 0.</param>
    /// <param name="share">The share of the steps on the way up.</param>
    /// <param name="annealing">How it goes up and down.</param>
    /// <param name="threePhases">Whether it goes down to the start before it goes to the end.</param>
    /// <returns>The rate; its <see cref="OneCycleSchedule.Momentum"/> is the momentum that runs the other way.</returns>
    /// <seealso cref="OneCycleSchedule"/>
    public static OneCycleSchedule OneCycle(
        double peak, long steps, double startDivisor = 25, double endDivisor = 1e4, double share = 0.3, Annealing annealing = Annealing.Cosine, bool threePhases = false)
        => new(peak, steps, startDivisor, endDivisor, share, annealing, threePhases);
}
