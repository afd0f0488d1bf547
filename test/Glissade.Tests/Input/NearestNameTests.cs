using FsCheck;
using FsCheck.Fluent;
using Glissade.Input;

namespace Glissade.Tests.Input;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("digit", "digti", 1)]
    [InlineData("ca", "abc", 3)] // optimal string alignment; the unrestricted distance would be 2
    [InlineData("Digit", "digit", 0)]
    public void Counts_edits(string left, string right, int distance) => Assert.Equal(distance, NearestName.Distance(left, right));

    [Theory]
    [InlineData("digi", "digit")]
    [InlineData("digti", "digit")]
    [InlineData("DIGIT", "digit")]
    [InlineData("p0l", "p00")] // as near as p01, and first
    [InlineData("digix", "digit")]
    [InlineData("dixix", "digit")] // two of five letters
    [InlineData("xixix", null)]
    [InlineData("weather", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void Suggests_what_is_near_and_nothing_else(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Find(name, ["p00", "p01", "digit", "y"]));

    [Fact]
    public void Names_too_long_to_be_slips_are_left_alone()
    {
        Assert.Null(NearestName.Find(new string('a', 65), [new string('a', 64)]));
        Assert.Null(NearestName.Find(new string('a', 64), [new string('a', 65), new string('a', 1_000_000)]));
        Assert.Equal(new string('a', 63), NearestName.Find(new string('a', 64), [new string('a', 63)]));
    }

    [Fact]
    public void Is_symmetric_and_zero_only_for_equals() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((a, b) =>
        {
            int distance = NearestName.Distance(a.Get, b.Get);
            return distance == NearestName.Distance(b.Get, a.Get) && distance <= Math.Max(a.Get.Length, b.Get.Length) && NearestName.Distance(a.Get, a.Get) == 0;
        }).Check(FixedRuns.Of(100));
}
