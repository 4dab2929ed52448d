using System.Net;
using Grpc.Health.V1;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>
/// A server that has recovered and still links what it found. Links of the greatest number, chosen with the greatest
/// care, by one thread, take long enough to look at.
/// </summary>
public sealed class LinkingTests
{
    private const int Entries = 1000;
    private const int IndexesComplete = 52;

    [Fact]
    public async Task Server_WhileItLinks_IsDegradedAndServesEverything()
    {
        using var folder = new TemporaryFolder();
        await using (TestServer before = await TestServer.StartOnAsync(folder, "--SemCache:Storage:Durability=None"))
        {
            await StoreAsync(before);
        }

        await using TestServer server = await TestServer.StartOnAsync(
            folder,
            "--SemCache:Index:Threads=1",
            "--SemCache:NamespaceDefaults:Index:FlatEntries=64",
            "--SemCache:NamespaceDefaults:Index:M=64",
            "--SemCache:NamespaceDefaults:Index:EfConstruction=2000");
        Fixtures.Json.Answer ready = await server.Http.ReadAsync("/readyz");
        LookupResponse exact = await server.Cache.LookupAsync(Ask.Lookup("a", "What is the capital of France?"));
        LookupResponse semantic = await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of France"));
        await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));
        HealthCheckResponse health = await new Health.HealthClient(server.Clients.Invoker).CheckAsync(new());
        Fixtures.Json.Answer alive = await server.Http.ReadAsync("/healthz");
        Fixtures.Json.Answer readyStill = await server.Http.ReadAsync("/readyz");

        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.Equal($"Degraded: {Entries + 1} entries are still to be linked", ready.Text[..ready.Text.IndexOf(" in vector", StringComparison.Ordinal)]);
        Assert.StartsWith("Degraded: ", readyStill.Text, StringComparison.Ordinal);
        Assert.Equal((Outcome.ExactHit, "Paris"), (exact.Outcome, exact.Response.Text));
        Assert.Equal((Outcome.SemanticHit, "Paris"), (semantic.Outcome, semantic.Response.Text));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), (alive.Status, alive.Text));

        await Eventually.TrueAsync(
            async () => (await server.Http.ReadAsync("/readyz")).Text == "Healthy", "all entries to be linked");
        Assert.Contains(server.Log.Lines, line => line.EventId == IndexesComplete);
        ValidateIndexResponse found = await server.Admin.ValidateIndexAsync(new());
        IndexReport report = Assert.Single(found.Reports);
        Assert.Equal(("a", Entries + 2), (report.Namespace, report.Entries));
        Assert.InRange(report.Linked, Entries + 1, Entries + 2);
        Assert.Empty(report.Problems);
    }

    private static async Task StoreAsync(TestServer server)
    {
        await server.Cache.StoreAsync(Ask.Store("a", "What is the capital of France?", "Paris"));
        using var call = server.Cache.StoreMany();
        Task<List<StoreManyResponse>> answers = call.ResponseStream.ReadToEndAsync();
        for (int i = 0; i < Entries; i++)
        {
            await call.RequestStream.WriteAsync(new() { Store = Ask.Store("a", $"What comes after {i} and {i * 7}?", "Because.") });
        }

        await call.RequestStream.CompleteAsync();
        Assert.All(await answers, answer => Assert.NotEmpty(answer.Stored.EntryId));
    }
}
