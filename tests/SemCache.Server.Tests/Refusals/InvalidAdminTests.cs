using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Refusals;

/// <summary>Invalidations, reads by id and exports that are not allowed.</summary>
public sealed class InvalidAdminTests(SharedServer shared) : ServerTest(shared)
{
    private static readonly string _id = Guid.Empty.ToString("N");

    public static TheoryData<string, Action<InvalidateRequest>, string, string> Invalidations { get; } = new()
    {
        { "no condition", _ => { }, "entire_namespace", "no condition" },
        { "a dry run of no condition", r => r.DryRun = true, "entire_namespace", "no condition" },
        { "a bad name", r => (r.Namespace, r.EntireNamespace) = ("_", true), "namespace", "not a name" },
        { "a bad id among good ones", r => r.EntryIds.Add([_id, "x"]), "entry_ids[1]", "no id" },
        { "many ids", r => r.EntryIds.Add(Enumerable.Repeat(_id, 10_001)), "entry_ids", "10001 ids" },
        { "an empty prompt", r => r.Prompt = Ask.Text(""), "prompt.text", "empty" },
        { "a prompt of nothing", r => r.Prompt = new Prompt(), "prompt", "neither" },
        { "an empty tag", r => r.Tags.Add(""), "tags[0]", "empty" },
        { "many tags", r => r.Tags.Add(Enumerable.Repeat("t", 65)), "tags", "65 tags" },
        { "an empty key", r => r.Scope.Add("", "x"), "scope", "empty key" },
        { "a time too late", r => r.StoredBefore = new Timestamp { Seconds = long.MaxValue }, "stored_before", "time" },
        { "a time too early", r => r.StoredBefore = new Timestamp { Seconds = long.MinValue }, "stored_before", "time" },
        { "negative nanos", r => r.StoredBefore = new Timestamp { Nanos = -1 }, "stored_before", "time" },
    };

    [Theory]
    [MemberData(nameof(Invalidations))]
    public async Task Invalidate_ThatIsNotAllowed_NamesTheFieldAndRemovesNothing(
        string what, Action<InvalidateRequest> spoil, string field, string problem)
    {
        await Cache.StoreAsync(Ask.Store(Namespace, "Why?", "Because."));
        var request = new InvalidateRequest { Namespace = Namespace };
        spoil(request);

        await Refusal.AssertInvalidAsync(async () => await Cache.InvalidateAsync(request), field, problem, what);

        Assert.Equal(Outcome.ExactHit, (await Cache.LookupAsync(Ask.Lookup(Namespace, "Why?"))).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("{01234567-89ab-cdef-0123-456789abcdef}")]
    public async Task GetEntry_ByWhatIsNoId_NamesTheField(string id) => await Refusal.AssertInvalidAsync(
        async () => await Cache.GetEntryAsync(new() { EntryId = id }), "entry_id", "no id", id);

    [Fact]
    public async Task GetEntry_FromABadNamespace_NamesTheField() => await Refusal.AssertInvalidAsync(
        async () => await Cache.GetEntryAsync(new() { Namespace = "?", EntryId = _id }), "namespace", "not a name", "?");

    [Fact]
    public async Task GetStats_OfABadNamespace_NamesTheField() => await Refusal.AssertInvalidAsync(
        async () => await Admin.GetStatsAsync(new() { Namespace = "?" }), "namespace", "not a name", "?");

    [Fact]
    public async Task ValidateIndex_OfABadNamespace_NamesTheField() => await Refusal.AssertInvalidAsync(
        async () => await Admin.ValidateIndexAsync(new() { Namespace = "?" }), "namespace", "not a name", "?");

    [Fact]
    public async Task ExportEntries_AfterWhatIsNoId_NamesTheField() => await Refusal.AssertInvalidAsync(
        async () =>
        {
            using var call = Admin.ExportEntries(new() { AfterEntryId = "x" });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        },
        "after_entry_id",
        "no id",
        "x");
}
