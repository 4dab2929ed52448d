using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Caching;

/// <summary>Reading an entry by its id.</summary>
public sealed class GetEntryTests(SharedServer shared) : ServerTest(shared)
{
    [Fact]
    public async Task GetEntry_OfAStoredEntry_TellsEverythingAboutIt()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        StoreRequest request = Ask.Store(
            Namespace, Ask.Conversation(("SYSTEM", " Be brief. "), ("user", "Why?")), "Because.")
            .InScope(("model", "a"), ("user", "ünï")).Tagged("t1", "t2");
        request.Usage = new Usage { Model = "m", Cost = 1.5, Latency = new(), TimeToFirstToken = new() };
        request.Ttl = Duration.FromTimeSpan(TimeSpan.FromSeconds(90));
        string id = (await Cache.StoreAsync(request)).EntryId;

        Entry entry = (await Cache.GetEntryAsync(new() { Namespace = Namespace, EntryId = id })).Entry;

        Assert.Equal(id, entry.EntryId);
        Assert.Equal(Namespace, entry.Namespace);
        Assert.Equal(request.Scope, entry.Scope);
        Assert.Equal(Ask.Conversation(("system", "Be brief."), ("user", "Why?")), entry.Prompt);
        Assert.Equal(request.Response, entry.Response);
        Assert.Equal(request.Usage, entry.Usage);
        Assert.Equal(request.Tags, entry.Tags);
        Assert.InRange(entry.CreatedAt.ToDateTimeOffset(), before, TimeProvider.System.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(90), (entry.ExpiresAt - entry.CreatedAt).ToTimeSpan());
    }

    [Fact]
    public async Task GetEntry_StoredWithoutUsage_HasNone()
    {
        string id = (await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."))).EntryId;

        Assert.Null((await Cache.GetEntryAsync(new() { Namespace = Namespace, EntryId = id })).Entry.Usage);
    }

    [Fact]
    public async Task GetEntry_FromAnotherNamespace_IsNotFound()
    {
        string id = (await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."))).EntryId;
        await Cache.StoreAsync(Ask.Store(Namespace + "b", "Why?", "Because."));

        await AssertNotFoundAsync(Namespace + "b", id);
        await AssertNotFoundAsync("", id);
        await AssertNotFoundAsync("never-seen", id);
    }

    [Fact]
    public async Task GetEntry_OfAnUnknownId_IsNotFound() =>
        await AssertNotFoundAsync(Namespace, Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task GetEntry_OfAnInvalidatedEntry_IsNotFound()
    {
        string id = (await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."))).EntryId;
        await Cache.InvalidateAsync(new() { Namespace = Namespace, EntireNamespace = true });

        await AssertNotFoundAsync(Namespace, id);
    }

    private async Task AssertNotFoundAsync(string ns, string id)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await Cache.GetEntryAsync(new() { Namespace = ns, EntryId = id }));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Contains(id, refused.Status.Detail, StringComparison.Ordinal);
    }
}
