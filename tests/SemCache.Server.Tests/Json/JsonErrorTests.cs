using System.Net;
using System.Text.Json.Nodes;

namespace SemCache.Server.Tests.Json;

/// <summary>Errors on the HTTP port: status, and a body of JSON that names the field.</summary>
public sealed class JsonErrorTests(SharedServer shared) : ServerTest(shared)
{
    private const string Why = """{"prompt":{"text":"Why?"}}""";

    private HttpClient Http => Server.Http;

    [Theory]
    [InlineData("/v1/lookup", "{}", "prompt")]
    [InlineData("/v1/lookup", """{"prompt":{"text":" "}}""", "prompt.text")]
    [InlineData("/v1/lookup", """{"prompt":{"text":"Why?"},"threshold":"NaN"}""", "threshold")]
    [InlineData("/v1/lookup", """{"prompt":{"text":"Why?"},"namespace":"a b"}""", "namespace")]
    [InlineData("/v1/store", """{"prompt":{"text":"Why?"}}""", "response")]
    [InlineData("/v1/store", """{"prompt":{"text":"Why?"},"response":{"text":"x"},"ttl":"0s"}""", "ttl")]
    [InlineData("/v1/invalidate", "{}", "entire_namespace")]
    [InlineData("/v1/index/validate", """{"namespace":"a b"}""", "namespace")]
    public async Task Post_OfWhatIsNotAllowed_IsABadRequestThatNamesTheField(string path, string body, string field)
    {
        JsonNode error = (await Http.PostAsync(path, body)).Failed(HttpStatusCode.BadRequest);

        Assert.Equal((int)StatusCode.InvalidArgument, (int?)error["code"]);
        Assert.StartsWith(field + ": ", (string?)error["message"], StringComparison.Ordinal);
        JsonNode detail = Assert.Single(error["details"]!.AsArray())!;
        Assert.Equal("type.googleapis.com/google.rpc.BadRequest", (string?)detail["@type"]);
        Assert.Equal(field, (string?)Assert.Single(detail["fieldViolations"]!.AsArray())!["field"]);
    }

    [Theory]
    [InlineData("/v1/lookup", """{"prompt":{"text":"Why?"},"scop":{"user":"1"}}""", "scop")]
    [InlineData("/v1/lookup", """{"prompt":{"text":"Why?"},"Scope":{"user":"1"}}""", "Scope")]
    [InlineData("/v1/lookup", """{"prompt":{"text":"Why?","role":"user"}}""", "role")]
    [InlineData("/v1/store", """{"prompt":{"text":"Why?"},"response":{"text":"x"},"tll":"5s"}""", "tll")]
    [InlineData("/v1/invalidate", """{"entireNamespace":true,"dryrun":true}""", "dryrun")]
    [InlineData("/v1/invalidate/", """{"entireNamespace":true,"dryrun":true}""", "dryrun")]
    [InlineData("/v1/index/validate", """{"namespac":"a"}""", "namespac")]
    [InlineData("/V1/Invalidate", """{"entireNamespace":true,"dryrun":true}""", "dryrun")]
    public async Task Post_OfAFieldThatTheContractDoesNotHave_IsABadRequestThatNamesIt(string path, string body, string field)
    {
        JsonNode error = (await Http.PostAsync(path, body)).Failed(HttpStatusCode.BadRequest);

        Assert.Equal((int)StatusCode.InvalidArgument, (int?)error["code"]);
        Assert.EndsWith("Unknown field: " + field, (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/grpc+json")]
    [InlineData("Application/GRPC+JSON; charset=utf-8")]
    [InlineData("application/grpc-web+json")]
    public async Task Post_OfSuchAFieldByATypeThatLooksLikeGrpc_IsABadRequestToo(string contentType)
    {
        JsonNode error = (await Http.PostAsync(
            "/v1/lookup", """{"prompt":{"text":"Why?"},"scop":{"user":"1"}}""", contentType)).Failed(HttpStatusCode.BadRequest);

        Assert.Contains("scop", (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""{"prompt":"Why?"}""")]
    [InlineData("""{"prompt":{"text":5}}""")]
    [InlineData("""{"prompt":{"text":"Why?"},"maxAge":"soon"}""")]
    [InlineData("""{"prompt":{"text":"Why?"},"candidates":1e99}""")]
    [InlineData("prompt=Why")]
    [InlineData("\u0000\u0001\u0002")]
    public async Task Post_OfMalformedJson_IsABadRequestAndTheServerServesOn(string body)
    {
        JsonNode error = (await Http.PostAsync("/v1/lookup", body)).Failed(HttpStatusCode.BadRequest);

        Assert.Equal((int)StatusCode.InvalidArgument, (int?)error["code"]);
        Assert.NotEmpty((string)error["message"]!);
        Assert.Equal(HttpStatusCode.OK, (await Http.PostAsync("/v1/lookup", Why)).Status);
    }

    [Theory]
    [InlineData(Fixtures.Json.CurlType)]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Post_FromAWebPageThatWasNotAskedFor_IsRefused(string? contentType)
    {
        string body = $$"""{"namespace":"{{Namespace}}","prompt":{"text":"Why?"},"response":{"text":"poison"} }""";

        Fixtures.Json.Answer answer = await Http.PostAsync("/v1/store", body, contentType, "https://evil.example");

        Assert.InRange((int)answer.Status, 400, 499);
        Assert.Equal(Outcome.Miss, (await Cache.LookupAsync(Ask.Lookup(Namespace, "Why?"))).Outcome);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", HttpStatusCode.NotFound, StatusCode.NotFound)]
    [InlineData("no-id", HttpStatusCode.BadRequest, StatusCode.InvalidArgument)]
    public async Task GetEntry_OfNoEntry_SaysWhy(string id, HttpStatusCode status, StatusCode code)
    {
        JsonNode error = (await Http.ReadAsync($"/v1/entries/{id}?namespace={Namespace}")).Failed(status);

        Assert.Equal((int)code, (int?)error["code"]);
        Assert.StartsWith("entry_id: ", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BeyondALimit_IsTooManyRequests()
    {
        await using TestServer server = await TestServer.StartAsync("--SemCache:Limits:MaxNamespaces=1");
        await server.Cache.StoreAsync(Ask.Store("a", "Why?", "Because."));

        JsonNode error = (await server.Http.PostAsync(
            "/v1/store",
            """{"namespace":"b","prompt":{"text":"Why?"},"response":{"text":"Because."} }""")).Failed(HttpStatusCode.TooManyRequests);

        Assert.Equal((int)StatusCode.ResourceExhausted, (int?)error["code"]);
        Assert.Contains("MaxNamespaces", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownPathsAndMethods_AreRefused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Http.ReadAsync("/v1/nothing")).Status);
        Assert.InRange((int)(await Http.ReadAsync("/v1/lookup")).Status, 404, 405);
    }
}
