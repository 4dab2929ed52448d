using System.Net;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>What tells others about the server: health, readiness, reflection.</summary>
public sealed class HealthTests(SharedServer shared) : ServerTest(shared)
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Get_OfAReadyServer_IsOk(string path)
    {
        Fixtures.Json.Answer answer = await Server.Http.ReadAsync(path);

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task HealthCheck_OfAReadyServer_IsServing()
    {
        HealthCheckResponse health = await new Health.HealthClient(Server.Clients.Invoker).CheckAsync(new());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task Reflection_Always_ListsTheServices()
    {
        using var call = new ServerReflection.ServerReflectionClient(Server.Clients.Invoker).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        string[] names = [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];
        await call.RequestStream.CompleteAsync();

        Assert.Contains("semcache.v1.SemanticCache", names);
        Assert.Contains("semcache.v1.Admin", names);
        Assert.Contains("grpc.health.v1.Health", names);
    }
}
