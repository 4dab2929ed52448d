using SemCache.Core.Partitions;

namespace SemCache.Core.Tests.Partitions;

public sealed class EntryIdsTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_WithinAMillisecondAndWithTheClockSetBack_Grows()
    {
        var ids = new EntryIds();
        Guid[] made = [.. Enumerable.Range(0, 10_000).Select(i => ids.Next(_now.AddMilliseconds(-i)))];
        Assert.Equal(made.Order(), made);
        Assert.Equal(made.Length, made.Distinct().Count());
    }

    [Fact]
    public void Next_AfterFollow_IsGreaterThanWhatExists()
    {
        Guid existing = new EntryIds().Next(_now.AddDays(1));
        var ids = new EntryIds();
        ids.Follow(existing);
        ids.Follow(new EntryIds().Next(_now));
        Assert.True(ids.Next(_now) > existing);
    }
}
