using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Caching;

/// <summary>Every way to select entries, alone and together. One set of six entries, of which a filter takes some.</summary>
public sealed class InvalidateTests(SharedServer shared) : ServerTest(shared)
{
    private const string Rain = "Will it rain tomorrow?";
    private const string Sun = "When does the sun rise?";
    private const string Moon = "How far away is the moon?";

    // 0…5: rain a, sun a, moon a, rain b, sun b, rain without a scope.
    private readonly string[] _ids = new string[6];

    public static TheoryData<string, Action<InvalidateRequest, string[]>, int[]> Filters { get; } = new()
    {
        { "one id", (filter, ids) => filter.EntryIds.Add(ids[2]), [2] },
        { "ids, one twice, one unknown", (f, ids) => f.EntryIds.Add([ids[0], ids[4], ids[0], new string('a', 32)]), [0, 4] },
        { "a prompt in every scope", (filter, _) => filter.Prompt = Ask.Text(" " + Rain), [0, 3, 5] },
        { "a prompt nobody stored", (filter, _) => filter.Prompt = Ask.Text("Will it snow tomorrow?"), [] },
        { "a tag", (filter, _) => filter.Tags.Add("weather"), [0, 3, 5] },
        { "any of two tags", (filter, _) => filter.Tags.Add(["moon", "b"]), [2, 3, 4] },
        { "an unknown tag", (filter, _) => filter.Tags.Add("Weather"), [] },
        { "a scope", (filter, _) => filter.Scope.Add("model", "a"), [0, 1, 2] },
        { "a part of a scope", (filter, _) => filter.Scope.Add("user", "1"), [3, 4] },
        { "a larger scope than any", (filter, _) => filter.Scope.Add(_tooMuch), [] },
        { "the whole namespace", (filter, _) => filter.EntireNamespace = true, [0, 1, 2, 3, 4, 5] },
        { "everything before now", (filter, _) => filter.StoredBefore = At(TimeSpan.FromHours(1)), [0, 1, 2, 3, 4, 5] },
        { "everything before an hour ago", (filter, _) => filter.StoredBefore = At(-TimeSpan.FromHours(1)), [] },
        { "prompt and scope", (f, _) => (f.Prompt, f.Scope["model"]) = (Ask.Text(Sun), "b"), [4] },
        { "id and tag that agree", (f, ids) => { f.EntryIds.Add(ids[0]); f.Tags.Add("weather"); }, [0] },
        { "id and tag that do not", (f, ids) => { f.EntryIds.Add(ids[1]); f.Tags.Add("weather"); }, [] },
        { "id and scope that do not", (f, ids) => { f.EntryIds.Add(ids[0]); f.Scope.Add("model", "b"); }, [] },
        { "id and prompt", (f, ids) => { f.EntryIds.Add([ids[0], ids[1]]); f.Prompt = Ask.Text(Sun); }, [1] },
        { "tag and scope", (f, _) => { f.Tags.Add("weather"); f.Scope.Add("model", "b"); }, [3] },
        { "namespace and tag", (f, _) => { f.EntireNamespace = true; f.Tags.Add("moon"); }, [2] },
        { "tag and time", (f, _) => { f.Tags.Add("moon"); f.StoredBefore = At(TimeSpan.FromHours(1)); }, [2] },
        { "tag and no time", (f, _) => { f.Tags.Add("moon"); f.StoredBefore = At(-TimeSpan.FromHours(1)); }, [] },
        { "every condition", EveryCondition, [3] },
    };

    private static readonly Dictionary<string, string> _tooMuch = new() { ["model"] = "b", ["user"] = "1", ["x"] = "" };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Invalidate_ByAFilter_RemovesWhatSatisfiesItAndNothingElse(
        string filter, Action<InvalidateRequest, string[]> select, int[] expected)
    {
        await StoreSixAsync(Namespace);
        await Cache.StoreAsync(Ask.Store(Namespace + "x", Rain, "foreign").Tagged("weather", "moon", "b"));
        var request = new InvalidateRequest { Namespace = Namespace, DryRun = true };
        select(request, _ids);

        long counted = (await Cache.InvalidateAsync(request)).Count;
        int[] afterDryRun = await RemainingAsync();
        request.DryRun = false;
        long removed = (await Cache.InvalidateAsync(request)).Count;
        int[] remaining = await RemainingAsync();
        long again = (await Cache.InvalidateAsync(request)).Count;
        LookupResponse foreign = await Cache.LookupAsync(Ask.Lookup(Namespace + "x", Rain));

        Assert.Equal([0, 1, 2, 3, 4, 5], afterDryRun);
        Assert.Equal(Enumerable.Range(0, 6).Except(expected), remaining);
        Assert.True((counted, removed, again) == (expected.Length, expected.Length, 0), filter);
        Assert.Equal("foreign", foreign.Response.Text);
    }

    [Fact]
    public async Task Invalidate_OfAConversation_SparesTheSameQuestionInAnotherContext()
    {
        Prompt brief = Ask.Conversation(("system", "Be brief."), ("user", Rain));
        Prompt verbose = Ask.Conversation(("system", "Be verbose."), ("user", Rain));
        await Cache.StoreAsync(Ask.Store(Namespace, brief, "brief"));
        await Cache.StoreAsync(Ask.Store(Namespace, verbose, "verbose"));
        await Cache.StoreAsync(Ask.Store(Namespace, Rain, "alone"));

        InvalidateResponse removed = await Cache.InvalidateAsync(new() { Namespace = Namespace, Prompt = brief });

        Assert.Equal(1, removed.Count);
        Assert.Equal(Outcome.Miss, (await Cache.LookupAsync(Ask.Lookup(Namespace, brief))).Outcome);
        Assert.Equal("verbose", (await Cache.LookupAsync(Ask.Lookup(Namespace, verbose))).Response.Text);
        Assert.Equal("alone", (await Cache.LookupAsync(Ask.Lookup(Namespace, Rain))).Response.Text);
    }

    [Fact]
    public async Task Invalidate_OfANamespaceNobodyKnows_RemovesNothing() =>
        Assert.Equal(0, (await Cache.InvalidateAsync(new() { Namespace = Namespace, EntireNamespace = true })).Count);

    [Fact]
    public async Task Store_AfterInvalidate_ServesTheNewEntry()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Rain, "old"));
        await Cache.InvalidateAsync(new() { Namespace = Namespace, EntireNamespace = true });
        await Cache.StoreAsync(Ask.Store(Namespace, Rain, "new"));

        Assert.Equal("new", (await Cache.LookupAsync(Ask.Lookup(Namespace, Rain))).Response.Text);
    }

    private static void EveryCondition(InvalidateRequest filter, string[] ids)
    {
        filter.EntryIds.Add(ids);
        filter.Prompt = Ask.Text(Rain);
        filter.Tags.Add("b");
        filter.Scope.Add("model", "b");
        filter.StoredBefore = At(TimeSpan.FromHours(1));
        filter.EntireNamespace = true;
    }

    private static Timestamp At(TimeSpan fromNow) =>
        Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + fromNow);

    private async Task StoreSixAsync(string ns)
    {
        StoreRequest[] requests =
        [
            Ask.Store(ns, Rain, "0").InScope(("model", "a")).Tagged("weather"),
            Ask.Store(ns, Sun, "1").InScope(("model", "a")),
            Ask.Store(ns, Moon, "2").InScope(("model", "a")).Tagged("sky", "moon"),
            Ask.Store(ns, Rain, "3").InScope(("model", "b"), ("user", "1")).Tagged("weather", "b"),
            Ask.Store(ns, Sun, "4").InScope(("model", "b"), ("user", "1")).Tagged("b"),
            Ask.Store(ns, Rain, "5").Tagged("weather"),
        ];
        for (int i = 0; i < requests.Length; i++)
        {
            _ids[i] = (await Cache.StoreAsync(requests[i])).EntryId;
        }
    }

    private async Task<int[]> RemainingAsync()
    {
        var remaining = new List<int>();
        using var export = Admin.ExportEntries(new() { Namespace = Namespace });
        await foreach (ExportEntriesResponse exported in export.ResponseStream.ReadAllAsync())
        {
            remaining.Add(Array.IndexOf(_ids, exported.Entry.EntryId));
        }

        return [.. remaining.Order()];
    }
}
