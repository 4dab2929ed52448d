using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Caching;

/// <summary>Time to live, and the age that a lookup accepts.</summary>
public sealed class ExpiryTests(SharedServer shared) : ServerTest(shared)
{
    private const string Question = "What is the capital of France?";
    private const string Paraphrase = "What's the capital of France";

    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(700);

    [Fact]
    public async Task Lookup_AfterTheTimeToLive_Misses()
    {
        StoreRequest request = Ask.Store(Namespace, Question, "Paris");
        request.Ttl = Duration.FromTimeSpan(_short);
        long started = Stopwatch.GetTimestamp();
        StoreResponse stored = await Cache.StoreAsync(request);
        LookupResponse early = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));
        bool wasInTime = Stopwatch.GetElapsedTime(started) < _short;
        await Task.Delay(_short + TimeSpan.FromMilliseconds(50));

        LookupResponse exact = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));
        LookupResponse semantic = await Cache.LookupAsync(Ask.Lookup(Namespace, Paraphrase));
        RpcException gone = await Assert.ThrowsAsync<RpcException>(
            async () => await Cache.GetEntryAsync(new() { Namespace = Namespace, EntryId = stored.EntryId }));
        InvalidateResponse invalidated = await Cache.InvalidateAsync(
            new() { Namespace = Namespace, EntireNamespace = true, DryRun = true });

        Assert.Equal(wasInTime ? Outcome.ExactHit : early.Outcome, early.Outcome);
        Assert.All([exact, semantic], miss => Assert.Equal(Outcome.Miss, miss.Outcome));
        Assert.All([exact, semantic], miss => Assert.Contains(miss.MissReason, _gone));
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        Assert.Equal(0, invalidated.Count);
    }

    [Fact]
    public async Task Lookup_OfAnOlderEntryThanMaxAge_MissesAndAnUnlimitedOneStillHits()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris"));
        await Task.Delay(TimeSpan.FromMilliseconds(60));
        var tooOld = new List<LookupResponse>();
        foreach (string text in new[] { Question, Paraphrase })
        {
            LookupRequest request = Ask.Lookup(Namespace, text);
            request.MaxAge = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(50));
            tooOld.Add(await Cache.LookupAsync(request));
        }

        LookupRequest patient = Ask.Lookup(Namespace, Question);
        patient.MaxAge = Duration.FromTimeSpan(TimeSpan.FromHours(1));
        LookupResponse hit = await Cache.LookupAsync(patient);

        Assert.All(tooOld, miss => Assert.Equal(MissReason.TooOld, miss.MissReason));
        Assert.Equal(Outcome.ExactHit, hit.Outcome);
        Assert.True(hit.Age.ToTimeSpan() >= TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public async Task Store_WithTimeToLive_ExpiresThenAndHitsDoNotProlongIt()
    {
        StoreRequest request = Ask.Store(Namespace, Question, "Paris");
        request.Ttl = Duration.FromTimeSpan(TimeSpan.FromHours(2));
        var get = new GetEntryRequest { Namespace = Namespace, EntryId = (await Cache.StoreAsync(request)).EntryId };
        Entry before = (await Cache.GetEntryAsync(get)).Entry;

        await Cache.LookupAsync(Ask.Lookup(Namespace, Question));
        Entry after = (await Cache.GetEntryAsync(get)).Entry;

        Assert.Equal(TimeSpan.FromHours(2), (before.ExpiresAt - before.CreatedAt).ToTimeSpan());
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Store_WithoutTimeToLive_LivesForTheDefault()
    {
        StoreResponse stored = await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris"));

        Entry entry = (await Cache.GetEntryAsync(new() { Namespace = Namespace, EntryId = stored.EntryId })).Entry;

        Assert.Equal(TimeSpan.FromDays(30), (entry.ExpiresAt - entry.CreatedAt).ToTimeSpan());
    }

    [Fact]
    public async Task Store_OverAnExpiredEntry_ServesTheNewOne()
    {
        StoreRequest request = Ask.Store(Namespace, Question, "old");
        request.Ttl = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1));
        await Cache.StoreAsync(request);
        await Task.Delay(TimeSpan.FromMilliseconds(20));
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "new"));

        LookupResponse hit = await Cache.LookupAsync(Ask.Lookup(Namespace, Question));

        Assert.Equal("new", hit.Response.Text);
    }

    // The sweeper may have removed the entry before the lookup came by.
    private static readonly MissReason[] _gone = [MissReason.Expired, MissReason.NoCandidate];
}
