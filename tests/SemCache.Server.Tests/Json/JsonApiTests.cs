using System.Text.Json.Nodes;

namespace SemCache.Server.Tests.Json;

/// <summary>The contract as JSON on the HTTP port, in the very shapes that its users type.</summary>
public sealed class JsonApiTests(SharedServer shared) : ServerTest(shared)
{
    private HttpClient Http => Server.Http;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/grpc+json")]
    [InlineData(null)]
    public async Task StoreAndLookup_WithTheContentTypeOfAnyClient_AreServed(string? contentType)
    {
        string prompt = $$"""{"prompt":{"text":"What does {{Namespace}} mean?"}""";

        JsonNode miss = (await Http.PostAsync("/v1/lookup", prompt + "}", contentType)).Body;
        JsonNode stored = (await Http.PostAsync(
            "/v1/store", prompt + ""","response":{"text":"Nothing – ünïcode."}}""", contentType)).Body;
        JsonNode hit = (await Http.PostAsync("/v1/lookup", prompt + "}", contentType)).Body;

        Assert.Equal("OUTCOME_MISS", (string?)miss["outcome"]);
        Assert.StartsWith("MISS_REASON_", (string?)miss["missReason"], StringComparison.Ordinal);
        Assert.Equal("OUTCOME_EXACT_HIT", (string?)hit["outcome"]);
        Assert.Equal("Nothing – ünïcode.", (string?)hit["response"]!["text"]);
        Assert.Equal((string?)stored["entryId"], (string?)hit["entryId"]);
        Assert.Equal(1, (double?)hit["similarity"]);
        LookupResponse inDefault = await Cache.LookupAsync(Ask.Lookup("default", $"What does {Namespace} mean?"));
        Assert.Equal((string?)stored["entryId"], inDefault.EntryId);
    }

    [Fact]
    public async Task Lookup_OfATypeThatIsJsonAndGrpcForTheWeb_HasItsResponse()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."));

        string answer = (await Http.PostAsync(
            "/v1/lookup", $$"""{"prompt":{"text":"Why?"},"namespace":"{{Namespace}}" }""", "application/grpc-web+json")).Text;

        Assert.Contains("Because.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_WithEveryField_ComesBackInTheSameShape()
    {
        string store = $$"""
            {
              "namespace": "{{Namespace}}",
              "scope": { "model": "gpt-x", "temperature": "0" },
              "prompt": { "conversation": { "messages": [
                { "role": "system", "content": "Be brief." }, { "role": "user", "content": "Why?" } ] } },
              "response": { "data": "AAEC/w==", "contentType": "application/octet-stream" },
              "usage": { "model": "gpt-x-2", "promptTokens": "9007199254740993", "completionTokens": 2, "cost": 0.25,
                         "latency": "1.500s", "timeToFirstToken": "0.250s", "finishReason": "stop" },
              "ttl": "3600s",
              "tags": [ "a", "b" ]
            }
            """;

        string id = (string)(await Http.PostAsync("/v1/store", store)).Body["entryId"]!;
        JsonNode entry = (await Http.ReadAsync($"/v1/entries/{id}?namespace={Namespace}")).Body["entry"]!;

        Assert.Equal(id, (string?)entry["entryId"]);
        Assert.Equal(Namespace, (string?)entry["namespace"]);
        JsonNode expected = JsonNode.Parse(store)!;
        foreach (string field in new[] { "scope", "prompt", "response", "tags" })
        {
            Assert.True(JsonNode.DeepEquals(expected[field], entry[field]), $"{field}: {entry[field]}");
        }

        Assert.Equal(9_007_199_254_740_993, (long?)entry["usage"]!["promptTokens"]);
        Assert.Equal(2, (long?)entry["usage"]!["completionTokens"]);
        Assert.Equal("1.500s", (string?)entry["usage"]!["latency"]);
        Assert.Equal(
            TimeSpan.FromHours(1),
            (DateTimeOffset)entry["expiresAt"]! - (DateTimeOffset)entry["createdAt"]!);
    }

    [Fact]
    public async Task Lookup_WithEveryField_IsServed()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "What is the capital of France?", "Paris").InScope(("user", "1")));

        JsonNode hit = (await Http.PostAsync("/v1/lookup", $$"""
            { "namespace": "{{Namespace}}", "scope": { "user": "1" }, "threshold": 0.96, "maxAge": "60s",
              "prompt": { "text": "What's the capital of France" }, "candidates": 1, "explain": true }
            """)).Body;

        Assert.Equal("OUTCOME_SEMANTIC_HIT", (string?)hit["outcome"]);
        Assert.Equal(0.96, (double?)hit["threshold"]);
        Assert.Equal("Paris", (string?)hit["response"]!["text"]);
        Assert.True((bool?)hit["candidates"]![0]!["served"]);
        Assert.EndsWith("s", (string?)hit["age"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalidate_ByTag_AnswersTheCount()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because.").Tagged("t"));
        string request = $$"""{"namespace":"{{Namespace}}","tags":["t"]""";

        JsonNode dry = (await Http.PostAsync("/v1/invalidate", request + ",\"dryRun\":true}", Fixtures.Json.CurlType)).Body;
        JsonNode removed = (await Http.PostAsync("/v1/invalidate", request + "}", Fixtures.Json.CurlType)).Body;
        JsonNode again = (await Http.PostAsync("/v1/invalidate", request + "}", Fixtures.Json.CurlType)).Body;

        Assert.Equal((1, 1, 0), ((long?)dry["count"], (long?)removed["count"], (long?)again["count"]));
    }

    [Fact]
    public async Task GetStats_OfANamespace_AnswersItsFigures()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."));
        await Cache.LookupAsync(Ask.Lookup(Namespace, "Why?"));

        JsonNode stats = (await Http.ReadAsync($"/v1/stats?namespace={Namespace}")).Body;
        JsonNode all = (await Http.ReadAsync("/v1/stats")).Body;

        JsonNode own = Assert.Single(stats["namespaces"]!.AsArray())!;
        Assert.Equal(Namespace, (string?)own["namespace"]);
        Assert.Equal((1, 1), ((long?)own["entries"], (long?)own["exactHits"]));
        Assert.Contains(all["namespaces"]!.AsArray(), ns => (string?)ns!["namespace"] == Namespace);
    }

    [Fact]
    public async Task ValidateIndex_OfANamespace_AnswersWhatWasChecked()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."));

        JsonNode own = (await Http.PostAsync("/v1/index/validate", $$"""{"namespace":"{{Namespace}}"}""")).Body;
        JsonNode all = (await Http.PostAsync("/v1/index/validate", "{}", Fixtures.Json.CurlType)).Body;

        Assert.Equal((1, 1, 0), ((long?)own["partitions"], (long?)own["entries"], (long?)own["faultyPartitions"]));
        Assert.True((long?)all["partitions"] >= 1);
    }

    [Fact]
    public async Task ListNamespacesAndGetConfig_AsJson_AreServed()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."));

        JsonNode names = (await Http.ReadAsync("/v1/namespaces")).Body;
        JsonNode config = (await Http.ReadAsync("/v1/config")).Body;

        Assert.Contains(Namespace, names["namespaces"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("1000", (string?)config["options"]!["Limits:MaxNamespaces"]);
    }
}
