using Google.Protobuf.WellKnownTypes;
using SemCache.Cli.Transfer;
using SemCache.V1;

namespace SemCache.Cli.Tests.Transfer;

public class EntryToStoreTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TryMap_Expiry_BecomesTheRemainingTime()
    {
        Assert.True(EntryToStore.TryMap(Entry(_now.AddHours(2)), null, _now, out var request));
        Assert.Equal(TimeSpan.FromHours(2), request.Ttl.ToTimeSpan());
    }

    [Fact]
    public void TryMap_NoExpiry_LeavesTheTimeToTheServer()
    {
        Assert.True(EntryToStore.TryMap(Entry(null), null, _now, out var request));
        Assert.Null(request.Ttl);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-86_400)]
    public void TryMap_TimeIsOver_SaysNo(int seconds) =>
        Assert.False(EntryToStore.TryMap(Entry(_now.AddSeconds(seconds)), null, _now, out _));

    [Fact]
    public void TryMap_Namespace_CanBeOverridden()
    {
        EntryToStore.TryMap(Entry(null), null, _now, out var own);
        EntryToStore.TryMap(Entry(null), "other", _now, out var other);

        Assert.Equal("support", own.Namespace);
        Assert.Equal("other", other.Namespace);
    }

    [Fact]
    public void TryMap_EverythingElse_IsTaken()
    {
        EntryToStore.TryMap(Entry(null), null, _now, out var request);

        Assert.Equal("p", request.Prompt.Text);
        Assert.Equal("r", request.Response.Text);
        Assert.Equal(7, request.Usage.PromptTokens);
        Assert.Equal("v", request.Scope["k"]);
        Assert.Equal(["t"], request.Tags);
    }

    private static Entry Entry(DateTimeOffset? expiresAt) => new()
    {
        Namespace = "support",
        Prompt = new Prompt { Text = "p" },
        Response = new Response { Text = "r" },
        Usage = new Usage { PromptTokens = 7 },
        Scope = { ["k"] = "v" },
        Tags = { "t" },
        ExpiresAt = expiresAt?.ToTimestamp(),
    };
}
