namespace Glissade.Experiments.Tests;

public sealed class PlaceholderTests
{
    [Fact]
    public void Runs() => Assert.True(true);
}
