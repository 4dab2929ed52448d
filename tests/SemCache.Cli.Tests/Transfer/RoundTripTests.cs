using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SemCache.Cli.Transfer;
using SemCache.V1;

namespace SemCache.Cli.Tests.Transfer;

/// <summary>A large cache with every field in use, exported and imported again.</summary>
public sealed class RoundTripTests(RoundTripTests.Server server) : IClassFixture<RoundTripTests.Server>, IDisposable
{
    private const int Entries = 10_000;

    // A full day: ends are told to the minute.
    private static readonly DateTimeOffset _start = new(
        TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_AnExportOfTenThousandEntries_HasAllOfThemWithAllTheirFields()
    {
        var source = _folder.Write("source.jsonl", string.Concat(Enumerable.Range(0, Entries).Select(i => EntryLine.Format(Sample(i)) + "\n")));
        var (first, second) = (_folder.Path("first.jsonl"), _folder.Path("second.jsonl"));

        Assert.Equal(ExitCode.Ok, (await server.RunAsync("import", source, "-n", "from")).ExitCode);
        Assert.Equal(ExitCode.Ok, (await server.RunAsync("export", first, "-n", "from")).ExitCode);
        Assert.Equal(ExitCode.Ok, (await server.RunAsync("import", first, "-n", "to")).ExitCode);
        Assert.Equal(ExitCode.Ok, (await server.RunAsync("export", second, "-n", "to")).ExitCode);

        var expected = Enumerable.Range(0, Entries).Select(i => Content(Sample(i))).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, Contents(first));
        Assert.Equal(expected, Contents(second));
    }

    private static List<string> Contents(string file) =>
        [.. File.ReadLines(file).Select(line => Content(EntryLine.Parse(System.Text.Encoding.UTF8.GetBytes(line)))).Order(StringComparer.Ordinal)];

    // Without what every store makes anew. When an entry ends is told to the minute: how long it has left is measured on the way.
    private static string Content(Entry entry)
    {
        var content = entry.Clone();
        (content.EntryId, content.Namespace, content.CreatedAt) = ("", "", null);
        content.ExpiresAt = new Timestamp { Seconds = (entry.ExpiresAt.Seconds + 30) / 60 * 60 };
        return EntryLine.Format(content);
    }

    private static Entry Sample(int i)
    {
        var entry = new Entry
        {
            Prompt = i % 3 == 0
                ? new Prompt
                {
                    Conversation = new Conversation
                    {
                        Messages =
                        {
                            new Message { Role = "system", Content = $"Be brief, {i % 7}." },
                            new Message { Role = "user", Content = $"Question {i}?" },
                        },
                    },
                }
                : new Prompt { Text = $"Question {i}, \"ü\" 日本語?" },
            Response = i % 5 == 0
                ? new Response { Data = ByteString.CopyFrom(0, 255, (byte)i), ContentType = "application/x-thing" }
                : new Response { Text = $"Answer {i}\r\n\u0000" },
            Usage = new Usage
            {
                Model = "m",
                PromptTokens = i,
                CompletionTokens = 2 * i,
                Cost = 0.0000151 * i,
                Latency = TimeSpan.FromMilliseconds(820 + i).ToDuration(),
                TimeToFirstToken = TimeSpan.FromMilliseconds(i).ToDuration(),
                FinishReason = "stop",
            },
            ExpiresAt = Timestamp.FromDateTimeOffset(_start.AddDays(1 + (i % 300))),
        };
        entry.Scope.Add("model", $"m{i % 4}");
        entry.Tags.Add([$"a{i % 10}", "b"]);
        return entry;
    }

    /// <summary>A server that does not wait for the device: what is tested is not how long that takes.</summary>
    public sealed class Server() : ServerFixture("--SemCache:Storage:Durability=None");
}
