using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Tests.Output;

public class ValidateViewTests
{
    [Fact]
    public void Write_ScopeWithEscapeSequences_SteersNoTerminal()
    {
        var shown = Show(new ValidateIndexResponse
        {
            Partitions = 1,
            Reports = { new IndexReport { Namespace = "a", Scope = { ["user"] = "x\e[2J" }, Problems = { "bad" } } },
            FaultyPartitions = 1,
        });

        Assert.DoesNotContain('\e', shown);
        Assert.Contains("problem a {user=x\uFFFD[2J}: bad\n", shown);
    }

    [Fact]
    public void Write_MoreThanIsReported_SaysHowManyAreNotShown() => Assert.Contains(
        "1,234 partitions more with a graph or problems not shown\n",
        Show(new ValidateIndexResponse { Partitions = 2000, ReportsLeftOut = 1234 }));

    [Fact]
    public void Write_NoGraphs_SaysThatAllIsSound() =>
        Assert.Equal("sound  0 entries in 0 partitions\n", Show(new ValidateIndexResponse()));

    private static string Show(ValidateIndexResponse found)
    {
        using var output = new StringWriter();
        ValidateView.Write(
            new CliEnvironment(Stream.Null, Stream.Null, output, TextWriter.Null, TimeProvider.System, _ => null), found);
        return output.ToString();
    }
}
