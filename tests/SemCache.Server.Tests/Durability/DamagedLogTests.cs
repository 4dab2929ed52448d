namespace SemCache.Server.Tests.Durability;

/// <summary>A server on a log that has lost a record which removed an entry.</summary>
public sealed class DamagedLogTests
{
    private const int DamageSkipped = 22;

    [Fact]
    public async Task Ready_RemovalIsLost_IsDegradedAndSaysThatItMayHaveToBeInvalidatedAgain()
    {
        using var folder = new TemporaryFolder();
        await using (TestServer server = await TestServer.StartOnAsync(folder))
        {
            await server.Cache.StoreAsync(Ask.Store("a", "Why?", "An old answer."));
            await server.Cache.StoreAsync(Ask.Store("a", "Why?", "A new answer."));
            await server.Cache.StoreAsync(Ask.Store("a", "How?", "So."));
        }

        File.Delete(Path.Combine(folder.File("data"), "entries.snapshot"));
        string segment = Path.Combine(folder.File("data"), "entries.log.0");
        byte[] log = await File.ReadAllBytesAsync(segment);
        log[log.AsSpan().IndexOf("A new answer."u8)] ^= 1;
        await File.WriteAllBytesAsync(segment, log);

        await using TestServer damaged = await TestServer.StartUnreadyOnAsync(folder);
        damaged.Log.Expect(DamageSkipped);
        await Eventually.TrueAsync(
            async () => (await damaged.Http.ReadAsync("/readyz")).Text.EndsWith("invalidate it again.", StringComparison.Ordinal),
            "the server to say what it has lost");
        Fixtures.Json.Answer ready = await damaged.Http.ReadAsync("/readyz");

        Assert.StartsWith(
            "Degraded: The start found the entry log damaged (0 files missing, 1 places", ready.Text, StringComparison.Ordinal);
        Assert.Equal("An old answer.", (await damaged.Cache.LookupAsync(Ask.Lookup("a", "Why?"))).Response.Text);
    }
}
