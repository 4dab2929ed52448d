using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Tests.Output;

public class StatsViewTests
{
    [Fact]
    public void Write_EntriesWithoutVector_AreShownWhereThereAreAny()
    {
        Assert.Contains("without a vector yet", Show(new NamespaceStats { Namespace = "a", Entries = 5, EntriesWithoutVector = 3 }));
        Assert.DoesNotContain("without a vector", Show(new NamespaceStats { Namespace = "a", Entries = 5 }));
    }

    private static string Show(NamespaceStats figures)
    {
        using var output = new StringWriter();
        StatsView.Write(
            new CliEnvironment(Stream.Null, Stream.Null, output, TextWriter.Null, TimeProvider.System, _ => null),
            new GetStatsResponse { Namespaces = { figures } });
        return output.ToString();
    }
}
