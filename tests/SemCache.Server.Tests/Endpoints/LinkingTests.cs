using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Grpc.Health.V1;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>
/// A server that has recovered and still links what it found. Many links, chosen with great
/// care, by one thread, take long enough to look at.
/// </summary>
public sealed class LinkingTests
{
    // Enough that linking them takes many times as long as the calls that must find the server at it.
    private const int Entries = 2500;
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
            "--SemCache:NamespaceDefaults:Index:M=32",
            "--SemCache:NamespaceDefaults:Index:EfConstruction=1000");
        Fixtures.Json.Answer ready = await server.Http.ReadAsync("/readyz");
        LookupResponse exact = await server.Cache.LookupAsync(Ask.Lookup("a", "What is the capital of France?"));
        LookupResponse semantic = await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of France"));
        await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));
        HealthCheckResponse health = await new Health.HealthClient(server.Clients.Invoker).CheckAsync(new());
        Fixtures.Json.Answer alive = await server.Http.ReadAsync("/healthz");
        Fixtures.Json.Answer readyStill = await server.Http.ReadAsync("/readyz");

        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.InRange(Left(ready), 1, Entries + 1);
        // One more was stored between the two.
        Assert.InRange(Left(readyStill), 1, Left(ready) + 1);
        Assert.Equal((Outcome.ExactHit, "Paris"), (exact.Outcome, exact.Response.Text));
        Assert.Equal((Outcome.SemanticHit, "Paris"), (semantic.Outcome, semantic.Response.Text));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), (alive.Status, alive.Text));

        await Eventually.TrueAsync(
            async () => (await server.Http.ReadAsync("/readyz")).Text == "Healthy", "all entries to be linked");
        await Eventually.TrueAsync(
            () => Task.FromResult(server.Log.Lines.Any(line => line.EventId == IndexesComplete)), "event 52 in the log");
        ValidateIndexResponse found = await server.Admin.ValidateIndexAsync(new());
        IndexReport report = Assert.Single(found.Reports);
        Assert.Equal(("a", Entries + 2), (report.Namespace, report.Entries));
        Assert.InRange(report.Linked, Entries + 1, Entries + 2);
        Assert.Empty(report.Problems);
    }

    private static int Left(Fixtures.Json.Answer ready)
    {
        Match degraded = Regex.Match(ready.Text, "^Degraded: ([0-9]+) entries are still to be linked in vector indexes");
        Assert.True(degraded.Success, ready.Text);
        return int.Parse(degraded.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
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
