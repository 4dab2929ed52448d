using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>Other ways to the services than plain HTTP/2.</summary>
public sealed class TransportTests(SharedServer shared) : ServerTest(shared)
{
    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task GrpcWeb_OnTheHttpPort_ServesCallsStreamsAndErrors(GrpcWebMode mode)
    {
        using var handler = new GrpcWebHandler(mode, new HttpClientHandler());
        using GrpcChannel channel = GrpcChannel.ForAddress(
            Server.HttpAddress, new GrpcChannelOptions { HttpHandler = handler, HttpVersion = HttpVersion.Version11 });
        var cache = new SemanticCache.SemanticCacheClient(channel);
        var admin = new Admin.AdminClient(channel);
        await cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."));

        LookupResponse hit = await cache.LookupAsync(Ask.Lookup(Namespace, "Why?"));
        using var export = admin.ExportEntries(new() { Namespace = Namespace });
        List<ExportEntriesResponse> exported = await export.ResponseStream.ReadToEndAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await cache.LookupAsync(Ask.Lookup(Namespace, "")));

        Assert.Equal("Because.", hit.Response.Text);
        Assert.Equal(hit.EntryId, Assert.Single(exported).Entry.EntryId);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task Tls_WithACertificateFromTheConfiguration_IsServed()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("server.pfx");
        using X509Certificate2 certificate = SelfSigned();
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12, "secret"));
        await using TestServer server = await TestServer.StartAsync(
            "--Kestrel:Endpoints:Grpc:Url=https://127.0.0.1:0",
            $"--Kestrel:Endpoints:Grpc:Certificate:Path={file}",
            "--Kestrel:Endpoints:Grpc:Certificate:Password=secret");
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented!.GetCertHashString() == certificate.GetCertHashString();
        using GrpcChannel channel = GrpcChannel.ForAddress(
            server.GrpcAddress, new GrpcChannelOptions { HttpHandler = handler });

        LookupResponse miss = await new SemanticCache.SemanticCacheClient(channel).LookupAsync(Ask.Lookup("a", "Why?"));

        Assert.Equal("https", server.GrpcAddress.Scheme);
        Assert.Equal(Outcome.Miss, miss.Outcome);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
