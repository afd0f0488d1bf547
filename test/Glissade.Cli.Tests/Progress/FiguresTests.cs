using Glissade.Cli.Progress;

namespace Glissade.Cli.Tests.Progress;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1.000")]
    [InlineData(0.98611111, "0.9861")]
    [InlineData(-12.3456, "-12.35")]
    [InlineData(123456.7, "123457")]
    [InlineData(0.00002714, "0.00002714")]
    [InlineData(1.5e-9, "1.500e-9")]
    [InlineData(1.5e300, "1.500e300")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Numbers(double value, string expected) => Assert.Equal(expected, Figures.Number(value));

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(0.2, "0:01")]
    [InlineData(61, "1:01")]
    [InlineData(3599.5, "1:00:00")]
    [InlineData(7325, "2:02:05")]
    [InlineData(200000, "2d 7h")]
    public void Durations(double seconds, string expected) => Assert.Equal(expected, Figures.Clock(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.999, " 99%")]
    [InlineData(1, "100%")]
    public void A_share_is_whole_only_at_the_end(double share, string expected) => Assert.Equal(expected, Figures.Percent(share));
}
