using System.Globalization;

namespace Glissade.Input;

/// <summary>Numbers as texts that read back to the bit.</summary>
internal static class ExactNumber
{
    /// <summary>A number, as short as it can be and still be that number.</summary>
    public static string Show(double value)
    {
        // The runtime's shortest text of some powers of two, 2⁻²⁵ and 2⁻⁹⁵⁸ among them, reads back as the number beside it.
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        return double.Parse(shortest, CultureInfo.InvariantCulture).Equals(value) ? shortest : value.ToString("G17", CultureInfo.InvariantCulture);
    }
}
