using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests;

public sealed class InvalidateTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestCache _cache = null!;

    public async ValueTask InitializeAsync()
    {
        _cache = await TestCache.StartAsync(_folder.Path);
        await StoreAsync("red apples", ["fruit", "red"], ("user", "u1"), ("model", "m"));
        await StoreAsync("green ships", ["sea"], ("user", "u2"), ("model", "m"));
        _cache.Time.Advance(TimeSpan.FromMinutes(1));
        await StoreAsync("blue taxes", ["law", "red"], ("user", "u1"), ("model", "n"));
        await StoreAsync("red apples", [], ("user", "u2"), ("model", "m"));
    }

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string, InvalidateFilter, int> Filters => new()
    {
        { "tag", new InvalidateFilter { Tags = ["red"] }, 2 },
        { "any of the tags", new InvalidateFilter { Tags = ["sea", "law"] }, 2 },
        { "unknown tag", new InvalidateFilter { Tags = ["none"] }, 0 },
        { "prompt in every scope", new InvalidateFilter { Prompt = Prompt.FromText(" red apples") }, 2 },
        {
            "prompt in one scope",
            new InvalidateFilter { Prompt = Prompt.FromText("red apples"), Scope = Scope(("user", "u1")) },
            1
        },
        { "scope value", new InvalidateFilter { Scope = Scope(("user", "u1")) }, 2 },
        { "two scope values", new InvalidateFilter { Scope = Scope(("user", "u1"), ("model", "n")) }, 1 },
        {
            "older than a time",
            new InvalidateFilter { StoredBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero) },
            2
        },
        {
            "tag and time",
            new InvalidateFilter { Tags = ["red"], StoredBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero) },
            1
        },
        { "namespace", new InvalidateFilter { EntireNamespace = true }, 4 },
        { "other namespace", new InvalidateFilter { Namespace = "other", EntireNamespace = true }, 0 },
    };

    [Fact]
    public async Task Invalidate_WhatAnotherIsRemoving_AnswersWhenThatIsDurable()
    {
        await using var log = new FileStream(_folder.FirstSegment, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] written = new byte[1 << 20];
        for (int i = 0; i < 50; i++)
        {
            Guid id = await _cache.StoreAsync("red apples", "r");
            var filter = new InvalidateFilter { EntryIds = [id] };
            Task<long> first = _cache.Cache.InvalidateAsync(filter);
            Assert.Equal(0, await _cache.Cache.InvalidateAsync(filter));

            // Once for the store, once for the removal.
            int length = RandomAccess.Read(log.SafeFileHandle, written, 0);
            Assert.Equal(2, written.AsSpan(0, length).Count(id.ToByteArray(bigEndian: true)));
            Assert.Equal(1, await first);
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Invalidate_Filter_RemovesExactlyWhatItSelects(string what, InvalidateFilter filter, int expected)
    {
        Assert.NotEmpty(what);
        Assert.Equal(expected, await _cache.Cache.InvalidateAsync(DryRun(filter)));
        Assert.Equal(4, Remaining());
        Assert.Equal(expected, await _cache.Cache.InvalidateAsync(filter));
        Assert.Equal(4 - expected, Remaining());
        Assert.Equal(0, await _cache.Cache.InvalidateAsync(filter));

        await _cache.DisposeAsync();
        _cache = await TestCache.StartAsync(_folder.Path, _cache.Time);
        Assert.Equal(4 - expected, Remaining());
    }

    [Fact]
    public async Task Invalidate_EntryIds_RemovesTheseAndIgnoresUnknownOnes()
    {
        Guid id = (await _cache.LookupAsync("red apples", "", ("user", "u1"), ("model", "m"))).Entry!.EntryId;
        var filter = new InvalidateFilter { EntryIds = [id, id, Guid.NewGuid()] };
        Assert.Equal(1, await _cache.Cache.InvalidateAsync(filter));
        Assert.Null(_cache.Cache.GetEntry("", id));
    }

    [Fact]
    public async Task Invalidate_EntryOfAnotherNamespace_RemovesNothing()
    {
        Guid id = (await _cache.LookupAsync("red apples", "", ("user", "u1"), ("model", "m"))).Entry!.EntryId;
        Assert.Equal(0, await _cache.Cache.InvalidateAsync(new InvalidateFilter { Namespace = "other", EntryIds = [id] }));
        Assert.NotNull(_cache.Cache.GetEntry("", id));
    }

    [Fact]
    public async Task Invalidate_NoCondition_IsRefused()
    {
        await Assert.ThrowsAsync<InvalidRequestException>(() => _cache.Cache.InvalidateAsync(new InvalidateFilter()));
        Assert.Equal(4, Remaining());
    }

    private static IReadOnlyDictionary<string, string> Scope(params (string, string)[] attributes) =>
        TestCache.Scope(attributes);

    private static InvalidateFilter DryRun(InvalidateFilter filter) => new()
    {
        Namespace = filter.Namespace,
        EntryIds = filter.EntryIds,
        Prompt = filter.Prompt,
        Tags = filter.Tags,
        Scope = filter.Scope,
        StoredBefore = filter.StoredBefore,
        EntireNamespace = filter.EntireNamespace,
        DryRun = true,
    };

    private int Remaining() => _cache.Cache.Export("").Count();

    private Task StoreAsync(string text, string[] tags, params (string, string)[] scope) =>
        _cache.Cache.StoreAsync(new StoreCommand
        {
            Prompt = Prompt.FromText(text),
            Response = CachedResponse.FromText("response"),
            Tags = tags,
            Scope = Scope(scope),
        });
}
