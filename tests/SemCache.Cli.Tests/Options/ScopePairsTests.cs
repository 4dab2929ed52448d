using SemCache.Cli.Options;

namespace SemCache.Cli.Tests.Options;

public class ScopePairsTests
{
    [Fact]
    public void TryParse_Pairs_SplitsAtTheFirstEqualsSign()
    {
        Assert.True(ScopePairs.TryParse(["model=gpt-4o", "query=a=b", "user="], out var scope, out _));

        Assert.Equal(
            new Dictionary<string, string> { ["model"] = "gpt-4o", ["query"] = "a=b", ["user"] = "" }, scope);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("=gpt-4o")]
    [InlineData("")]
    public void TryParse_NoPair_SaysWhatIsExpected(string pair)
    {
        Assert.False(ScopePairs.TryParse([pair], out _, out var problem));
        Assert.Equal($"--scope must be key=value, not '{pair}'.", problem);
    }

    [Fact]
    public void TryParse_KeyTwice_Refuses()
    {
        Assert.False(ScopePairs.TryParse(["a=1", "a=2"], out _, out var problem));
        Assert.Equal("--scope has the key 'a' twice.", problem);
    }
}
