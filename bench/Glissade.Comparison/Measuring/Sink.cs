namespace Glissade.Comparison.Measuring;

/// <summary>Where results go, so that no compiler may leave out the work and no nonsense is ever timed unnoticed.</summary>
internal static class Sink
{
    /// <summary>Looks at every number of a result.</summary>
    /// <param name="values">The result.</param>
    /// <param name="what">What to call it in the error.</param>
    /// <exception cref="InvalidOperationException">A number is infinite or not a number, or all are zero.</exception>
    public static void CheckFinite(ReadOnlySpan<float> values, string what)
    {
        bool any = false;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new InvalidOperationException($"{what} is not finite: {value}. Its time means nothing.");
            }

            any |= value != 0;
        }

        if (!any)
        {
            throw new InvalidOperationException($"{what} is all zeros. Its time means nothing.");
        }
    }

    /// <summary>Compares a result with the same arithmetic done another way.</summary>
    /// <param name="values">The result.</param>
    /// <param name="reference">What it should be.</param>
    /// <param name="tolerance">Largest difference allowed, relative to the larger of 1 and the reference.</param>
    /// <param name="what">What to call it in the error.</param>
    /// <exception cref="InvalidOperationException">They differ by more.</exception>
    public static void CheckEqual(ReadOnlySpan<float> values, ReadOnlySpan<float> reference, double tolerance, string what)
    {
        for (int i = 0; i < reference.Length; i++)
        {
            if (!(Math.Abs(values[i] - reference[i]) <= tolerance * Math.Max(1, Math.Abs(reference[i]))))
            {
                throw new InvalidOperationException($"{what} differs at {i}: {values[i]} against {reference[i]}. Its time means nothing.");
            }
        }
    }
}
