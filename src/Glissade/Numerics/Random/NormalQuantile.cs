namespace Glissade.Numerics;

/// <summary>The inverse of the standard normal distribution function.</summary>
/// <remarks>
/// Rational approximations in three regions, about 10⁻¹⁶ of the value: M. J. Wichura (1988), Algorithm AS 241:
/// The percentage points of the normal distribution, Applied Statistics 37; coefficients of its PPND16.
/// Only operations that IEEE 754 rounds in one way are used, the logarithm included, so that every platform gives the same bits.
/// </remarks>
internal static class NormalQuantile
{
    internal static ReadOnlySpan<double> CentreNumerator =>
    [
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ];

    internal static ReadOnlySpan<double> CentreDenominator =>
    [
        5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
    ];

    internal static ReadOnlySpan<double> MiddleNumerator =>
    [
        7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
        3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
    ];

    internal static ReadOnlySpan<double> MiddleDenominator =>
    [
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
        0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
    ];

    internal static ReadOnlySpan<double> TailNumerator =>
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
        0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
    ];

    internal static ReadOnlySpan<double> TailDenominator =>
    [
        2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
        0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
    ];

    /// <summary>x with Φ(x) = <paramref name="probability"/>.</summary>
    /// <param name="probability">Strictly between 0 and 1.</param>
    public static double At(double probability)
    {
        double centred = probability - 0.5;
        if (Math.Abs(centred) <= 0.425)
        {
            double square = 0.180625 - (centred * centred);
            return centred * Ratio(CentreNumerator, CentreDenominator, square);
        }

        double root = Math.Sqrt(-NaturalLogarithm(centred < 0 ? probability : 1 - probability));
        double magnitude = root <= 5
            ? Ratio(MiddleNumerator, MiddleDenominator, root - 1.6)
            : Ratio(TailNumerator, TailDenominator, root - 5);
        return centred < 0 ? -magnitude : magnitude;
    }

    private static double Ratio(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator, double x)
    {
        double above = numerator[0], below = denominator[0];
        for (int i = 1; i < numerator.Length; i++)
        {
            above = (above * x) + numerator[i];
            below = (below * x) + denominator[i];
        }

        return above / below;
    }

    /// <summary>ln x of a normal positive x by its series in s = (m − 1)/(m + 1): platforms differ in the last bit of <see cref="Math.Log(double)"/>.</summary>
    private static double NaturalLogarithm(double x)
    {
        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        double s = (mantissa - 1) / (mantissa + 1), square = s * s, sum = 0;

        // |s| is at most 0.1716, so that the first term left out is below 10⁻¹⁷ of the sum.
        for (int power = 21; power >= 1; power -= 2)
        {
            sum = (sum * square) + (1.0 / power);
        }

        return (exponent * 0.6931471805599453) + (2 * s * sum);
    }
}
