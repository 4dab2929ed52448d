using Google.Rpc;
using SemCache.Server.Tests.Refusals;

namespace SemCache.Server.Tests.Durability;

/// <summary>A server whose disk is full: /dev/full stands where its first segment goes.</summary>
public sealed class DiskFullTests
{
    private const int DeviceFull = 80;
    private const int DeviceRecovered = 82;

    [Fact]
    public async Task Store_DiskFull_IsExhaustedAndTheServerGoesOnByItselfWhenSpaceReturns()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "The system has no device that is always full.");
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartOnAsync(folder);
        server.Log.Expect(DeviceFull);
        string segment = Path.Combine(folder.File("data"), "entries.log.0");
        File.CreateSymbolicLink(segment, "/dev/full");

        await Refusal.AssertExhaustedAsync(
            async () => await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because.")), "not durable yet");
        RetryInfo? retry = await Refusal.AssertExhaustedAsync(
            async () => await server.Cache.StoreAsync(Ask.Store("a", "How?", "So.")), "full (No space left on device)");
        Fixtures.Json.Answer ready = await server.Http.ReadAsync("/readyz");
        LookupResponse found = await server.Cache.LookupAsync(Ask.Lookup("a", "Why?"));

        Assert.Equal(1, retry!.RetryDelay.Seconds);
        Assert.StartsWith("Degraded: The entry log cannot be written", ready.Text, StringComparison.Ordinal);
        Assert.Equal((Outcome.ExactHit, "Because."), (found.Outcome, found.Response.Text));

        File.Delete(segment);
        await Eventually.TrueAsync(
            async () => (await server.Http.ReadAsync("/readyz")).Text == "Healthy", "the log to be written again");
        await server.Cache.StoreAsync(Ask.Store("a", "How?", "So."));
        Assert.Contains(server.Log.Lines, line => line.EventId == DeviceRecovered);
    }
}
