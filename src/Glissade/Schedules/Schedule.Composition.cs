namespace Glissade.Schedules;

/// <content>Schedules made of schedules.</content>
public abstract partial record Schedule
{
    /// <summary>This schedule over its length, then another, whose own step 0 is this one's end.</summary>
    /// <param name="next">What follows.</param>
    /// <exception cref="ArgumentException">
    /// This schedule has no end (see <see cref="Length"/>) or no length, so that either it or <paramref name="next"/> would never be seen;
    /// <see cref="For"/> gives it one.
    /// </exception>
    /// <remarks>Associative: how a row of schedules is bracketed makes no difference, not even to equality.</remarks>
    /// <seealso cref="SequenceSchedule"/>
    public Schedule Then(Schedule next) => SequenceSchedule.Of(this, next);

    /// <summary>This schedule for so many steps, then at rest on the value it has reached.</summary>
    /// <param name="steps">The length of the result, 1 or more.</param>
    /// <remarks>Gives an end to what has none, so that <see cref="Then"/> can follow: <c>Schedule.Constant(0.1).For(100).Then(…)</c>.</remarks>
    /// <seealso cref="HeldSchedule"/>
    public Schedule For(long steps) => new HeldSchedule(this, steps);

    /// <summary>This schedule over its length, again and again.</summary>
    /// <param name="times">How often, 1 or more; null for ever.</param>
    /// <exception cref="ArgumentException">This schedule has no end or no length (see <see cref="Length"/>); <see cref="For"/> gives it one.</exception>
    /// <seealso cref="RepeatedSchedule"/>
    public Schedule Repeat(long? times = null) => new RepeatedSchedule(this, times);

    /// <summary>The product with another schedule, step for step.</summary>
    /// <param name="other">The other factor; it counts the same steps.</param>
    /// <seealso cref="ProductSchedule"/>
    public Schedule Times(Schedule other) => new ProductSchedule(this, other);

    /// <summary>Every value multiplied by a factor.</summary>
    /// <param name="factor">The factor; finite, of either sign.</param>
    /// <seealso cref="ScaledSchedule"/>
    public Schedule Scale(double factor) => new ScaledSchedule(this, factor);

    /// <summary>Every value held between two bounds.</summary>
    /// <param name="low">The least value; −∞ for no bound.</param>
    /// <param name="high">The greatest value, not below <paramref name="low"/>; +∞ for no bound.</param>
    /// <seealso cref="ClampedSchedule"/>
    public Schedule Clamp(double low, double high) => new ClampedSchedule(this, low, high);
}
