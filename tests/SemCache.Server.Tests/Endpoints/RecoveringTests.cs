using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Grpc.Health.V1;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>A server that is not ready yet, or serves before all entries have their vectors.</summary>
public sealed class RecoveringTests
{
    // At the rate below, they take long enough to look at.
    private const int Entries = 200;
    private const int EntriesRecovered = 25;

    [Fact]
    public async Task Server_WhileItRecovers_IsAliveButUnavailableAndServesEverythingAfterwards()
    {
        using var folder = new TemporaryFolder();
        await using (TestServer before = await TestServer.StartOnAsync(folder))
        {
            await before.Cache.StoreAsync(Ask.Store("a", "What is the capital of France?", "Paris"));
        }

        await using TestServer server = await TestServer.StartHeldOnAsync(folder, EntriesRecovered);
        var health = new Health.HealthClient(server.Clients.Invoker);
        await Eventually.TrueAsync(
            () => Task.FromResult(server.Log.Lines.Any(line => line.EventId == EntriesRecovered)), "the entries");
        HealthCheckResponse checkedHealth = await health.CheckAsync(new());
        Fixtures.Json.Answer ready = await server.Http.ReadAsync("/readyz");
        Fixtures.Json.Answer lookup = await server.Http.PostAsync("/v1/lookup", """{"prompt":{"text":"Why?"}}""");
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Cache.LookupAsync(Ask.Lookup("a", "Why?")));
        Fixtures.Json.Answer alive = await server.Http.ReadAsync("/healthz");
        server.Log.Release();

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, checkedHealth.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Matches("^Unhealthy: The cache is recovering or stopping; [0-9]+ % ", ready.Text);
        Assert.Equal((int)StatusCode.Unavailable, (int?)lookup.Failed(HttpStatusCode.ServiceUnavailable)["code"]);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.Status);

        await server.Clients.CompleteAsync();
        LookupResponse semantic = await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of France"));
        Assert.Equal((Outcome.SemanticHit, "Paris"), (semantic.Outcome, semantic.Response.Text));
    }

    [Fact]
    public async Task Server_AfterAChangeOfTheModel_ServesExactHitsAndStoresWhileItEmbedsAgain()
    {
        using var folder = new TemporaryFolder();
        string otherModel = await CopyOfModel.SlowAsync(folder);
        await using (TestServer before = await TestServer.StartOnAsync(folder, "--SemCache:Storage:Durability=None"))
        {
            await StoreAsync(before);
        }

        await using TestServer server = await TestServer.StartUnreadyOnAsync(
            folder, $"--SemCache:Model:Path={otherModel}", "--SemCache:Model:ReembedRate=50");
        await server.Clients.ReadyAsync();
        Fixtures.Json.Answer ready = await server.Http.ReadAsync("/readyz");
        NamespaceStats stats = Assert.Single((await server.Admin.GetStatsAsync(new())).Namespaces);
        LookupResponse exact = await server.Cache.LookupAsync(Ask.Lookup("a", "What is the capital of France?"));
        await server.Cache.StoreAsync(Ask.Store("a", "What is the capital of Italy?", "Rome"));
        LookupResponse similar = await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of Italy"));

        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Match left = Regex.Match(ready.Text, "^Degraded: ([0-9]+) entries have no vector in memory yet");
        Assert.True(left.Success, ready.Text);
        Assert.InRange(int.Parse(left.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 1, Entries + 1);
        Assert.Equal(Entries + 1, stats.Entries);
        Assert.InRange(stats.EntriesWithoutVector, 1, Entries + 1);
        Assert.Equal((Outcome.ExactHit, "Paris"), (exact.Outcome, exact.Response.Text));
        Assert.Equal((Outcome.SemanticHit, "Rome"), (similar.Outcome, similar.Response.Text));

        await Eventually.TrueAsync(
            async () => (await server.Http.ReadAsync("/readyz")).Text == "Healthy", "all entries to have their vectors");
        LookupResponse semantic = await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of France"));
        Assert.Equal((Outcome.SemanticHit, "Paris"), (semantic.Outcome, semantic.Response.Text));
    }

    private static async Task StoreAsync(TestServer server)
    {
        await server.Cache.StoreAsync(Ask.Store("a", "What is the capital of France?", "Paris"));
        using var call = server.Cache.StoreMany();
        Task<List<StoreManyResponse>> answers = call.ResponseStream.ReadToEndAsync();
        for (int i = 0; i < Entries; i++)
        {
            await call.RequestStream.WriteAsync(new() { Store = Ask.Store("a", CopyOfModel.SlowPrompt(i), "Because.") });
        }

        await call.RequestStream.CompleteAsync();
        Assert.All(await answers, answer => Assert.NotEmpty(answer.Stored.EntryId));
    }
}
