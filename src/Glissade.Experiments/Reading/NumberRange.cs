using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>Which numbers are right in a place; without bounds, every finite one.</summary>
/// <param name="Min">The least that is right.</param>
/// <param name="Max">The greatest that is right.</param>
/// <param name="Above">A bound that is itself too small.</param>
/// <param name="Below">A bound that is itself too large.</param>
/// <param name="AllowNonFinite">Whether infinities and NaN may be written.</param>
public readonly record struct NumberRange(
    double? Min = null, double? Max = null, double? Above = null, double? Below = null, bool AllowNonFinite = false)
{
    /// <summary>Whether a number is right.</summary>
    /// <param name="value">The number.</param>
    public bool Contains(double value)
        => (AllowNonFinite || double.IsFinite(value))
        && !(value < Min) && !(value > Max) && !(value <= Above) && !(value >= Below);

    /// <summary>The range in words, after a noun: <c>a number from 0 to 1</c>.</summary>
    /// <param name="noun">The noun, such as <c>a number</c>.</param>
    public string Describe(string noun)
    {
        string? low = Min is { } min ? $"of {Show(min)} or more" : Above is { } above ? $"above {Show(above)}" : null;
        string? high = Max is { } max ? $"of {Show(max)} or less" : Below is { } below ? $"below {Show(below)}" : null;
        return (low, high) switch
        {
            (null, null) => noun,
            (not null, null) => $"{noun} {low}",
            (null, not null) => $"{noun} {high}",
            _ when Min is { } least && Max is { } greatest => $"{noun} from {Show(least)} to {Show(greatest)}",
            _ => $"{noun} {low} and {high}",
        };
    }

    /// <summary>Some number that is right, to go on with after a wrong one has been reported.</summary>
    internal double Placeholder
    {
        get
        {
            double low = Min ?? Above ?? double.NegativeInfinity, high = Max ?? Below ?? double.PositiveInfinity;
            return Contains(1) ? 1 : double.IsFinite(low) && double.IsFinite(high) ? low / 2 + high / 2 : double.IsFinite(low) ? low + 1 : high - 1;
        }
    }

    private static string Show(double value) => ExactNumber.Show(value);
}
