using System.Net;
using Grpc.Health.V1;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>
/// A server that is not ready yet. Changing the model makes recovery embed every entry again, which takes long enough
/// to look at.
/// </summary>
public sealed class RecoveringTests
{
    // Enough that embedding them takes many times as long as the calls that must find the server at it.
    private const int Entries = 4000;

    [Fact]
    public async Task Server_WhileItRecovers_IsAliveButUnavailableAndServesEverythingAfterwards()
    {
        using var folder = new TemporaryFolder();
        string otherModel = await CopyOfModel.SlowAsync(folder);
        await using (TestServer before = await TestServer.StartOnAsync(folder, "--SemCache:Storage:Durability=None"))
        {
            await StoreAsync(before);
        }

        await using TestServer server = await TestServer.StartUnreadyOnAsync(
            folder, $"--SemCache:Model:Path={otherModel}");
        var health = new Health.HealthClient(server.Clients.Invoker);
        HealthCheckResponse checkedHealth = await health.CheckAsync(new());
        Fixtures.Json.Answer ready = await server.Http.ReadAsync("/readyz");
        Fixtures.Json.Answer lookup = await server.Http.PostAsync("/v1/lookup", """{"prompt":{"text":"Why?"}}""");
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Cache.LookupAsync(Ask.Lookup("a", "Why?")));
        Fixtures.Json.Answer alive = await server.Http.ReadAsync("/healthz");

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, checkedHealth.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal((int)StatusCode.Unavailable, (int?)lookup.Failed(HttpStatusCode.ServiceUnavailable)["code"]);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.Status);

        await server.Clients.ReadyAsync();
        LookupResponse semantic = await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of France"));
        Assert.Equal((Outcome.SemanticHit, "Paris"), (semantic.Outcome, semantic.Response.Text));
        Assert.Equal(Entries + 1, Assert.Single((await server.Admin.GetStatsAsync(new())).Namespaces).Entries);
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
