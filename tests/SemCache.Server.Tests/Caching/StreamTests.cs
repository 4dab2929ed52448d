using System.Globalization;

namespace SemCache.Server.Tests.Caching;

/// <summary>LookupMany and StoreMany: answers in the order of the requests, errors of single items as answers.</summary>
public sealed class StreamTests(SharedServer shared) : ServerTest(shared)
{
    private const int Many = 2000;

    [Fact]
    public async Task StoreManyAndLookupMany_OfManyItems_AnswerInOrder()
    {
        List<StoreManyResponse> stored = await StoreManyAsync(Enumerable.Range(0, Many).Select(
            i => Ask.Store(Namespace, PromptText(i), $"answer {i}")));
        List<LookupManyResponse> found = await LookupManyAsync(Enumerable.Range(0, Many).Select(
            i => Ask.Lookup(Namespace, PromptText(i))));

        Assert.Equal(Many, stored.Count);
        Assert.Equal(Many, stored.Select(item => item.Stored.EntryId).Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, Many).Select(i => $"answer {i}"), found.Select(item => item.Found.Response.Text));
        Assert.Equal(stored.Select(item => item.Stored.EntryId), found.Select(item => item.Found.EntryId));
    }

    [Fact]
    public async Task StoreMany_WithABadItem_AnswersItWithAnErrorAndGoesOn()
    {
        StoreRequest[] requests = [.. Enumerable.Range(0, 9).Select(i => Ask.Store(Namespace, PromptText(i), $"{i}"))];
        requests[4].Namespace = "not a name";
        requests[6].Response.Text = "";

        List<StoreManyResponse> stored = await StoreManyAsync(requests);

        Assert.Equal(9, stored.Count);
        Assert.Equal((int)StatusCode.InvalidArgument, stored[4].Error.Code);
        Assert.StartsWith("namespace: ", stored[4].Error.Message, StringComparison.Ordinal);
        Assert.Equal(NotAdmittedReason.EmptyResponse, stored[6].Stored.NotAdmitted);
        Assert.All(new[] { 0, 1, 2, 3, 5, 7, 8 }, i => Assert.NotEmpty(stored[i].Stored.EntryId));
        NamespaceStats stats = Assert.Single((await Admin.GetStatsAsync(new() { Namespace = Namespace })).Namespaces);
        Assert.Equal(7, stats.Entries);
    }

    [Fact]
    public async Task LookupMany_WithABadItem_AnswersItWithAnErrorAndGoesOn()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, PromptText(1), "one"));
        LookupRequest[] requests = [.. Enumerable.Repeat(0, 7).Select(_ => Ask.Lookup(Namespace, PromptText(1)))];
        requests[3].Prompt = null;

        List<LookupManyResponse> found = await LookupManyAsync(requests);

        Assert.Equal(7, found.Count);
        Assert.Equal((int)StatusCode.InvalidArgument, found[3].Error.Code);
        Assert.StartsWith("prompt: ", found[3].Error.Message, StringComparison.Ordinal);
        Assert.All(found.Where((_, i) => i != 3), item => Assert.Equal("one", item.Found.Response.Text));
    }

    [Fact]
    public async Task StreamItems_WithoutContent_AreAnsweredWithAnError()
    {
        using var stores = Cache.StoreMany();
        using var lookups = Cache.LookupMany();
        await stores.RequestStream.WriteAsync(new StoreManyRequest());
        await lookups.RequestStream.WriteAsync(new LookupManyRequest());
        await stores.ResponseStream.MoveNext(CancellationToken.None);
        await lookups.ResponseStream.MoveNext(CancellationToken.None);

        Assert.StartsWith("store: ", stores.ResponseStream.Current.Error.Message, StringComparison.Ordinal);
        Assert.StartsWith("lookup: ", lookups.ResponseStream.Current.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LookupMany_WithoutItems_EndsAtOnce() => Assert.Empty(await LookupManyAsync([]));

    [Fact]
    public async Task LookupMany_WhileItIsOpen_AnswersEachItemWithoutWaitingForTheNext()
    {
        using var call = Cache.LookupMany();
        for (int i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync(new LookupManyRequest { Lookup = Ask.Lookup(Namespace, PromptText(i)) });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(Outcome.Miss, call.ResponseStream.Current.Found.Outcome);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    private static string PromptText(int i) => string.Create(CultureInfo.InvariantCulture, $"Question number {i}");

    private async Task<List<StoreManyResponse>> StoreManyAsync(IEnumerable<StoreRequest> requests)
    {
        using var call = Cache.StoreMany();
        Task<List<StoreManyResponse>> answers = call.ResponseStream.ReadToEndAsync();
        foreach (StoreRequest request in requests)
        {
            await call.RequestStream.WriteAsync(new StoreManyRequest { Store = request });
        }

        await call.RequestStream.CompleteAsync();
        return await answers;
    }

    private async Task<List<LookupManyResponse>> LookupManyAsync(IEnumerable<LookupRequest> requests)
    {
        using var call = Cache.LookupMany();
        Task<List<LookupManyResponse>> answers = call.ResponseStream.ReadToEndAsync();
        foreach (LookupRequest request in requests)
        {
            await call.RequestStream.WriteAsync(new LookupManyRequest { Lookup = request });
        }

        await call.RequestStream.CompleteAsync();
        return await answers;
    }
}
