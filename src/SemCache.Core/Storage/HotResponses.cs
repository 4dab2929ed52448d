using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <summary>
/// What the records of entries hold that were served lately, so that serving them again reads nothing from the log. Bounded
/// in bytes.
/// </summary>
/// <remarks>
/// Only what is served comes in: candidates that guards have to read, 32 of a lookup, do not push it out. Reading one that is
/// here counts as use of it. An add lets go of a few others at most; what is still too much, <see cref="Trim"/> takes.
/// Safe for concurrent use.
/// </remarks>
internal sealed class HotResponses
{
    // No response takes more than one part in so many.
    private const int LargestShare = 16;
    private const int TrimmedAnAdd = 8;
    private const int TrimmedAtATime = 64;

    // Objects, the place in the cache, and the cache's own tables.
    private const int Overhead = 340;

    private long _budget;
    private long _bytes;
    private volatile ConcurrentLru<Entry, PutContent>? _responses;

    /// <summary>Bytes of memory held.</summary>
    public long Bytes => Math.Max(0, Interlocked.Read(ref _bytes));

    /// <summary>Responses held.</summary>
    public int Count => _responses?.Count ?? 0;

    /// <summary>Sets how many bytes may be held, from now on; zero for none. One caller at a time.</summary>
    public void SetBudget(long bytes)
    {
        if (bytes == _budget)
        {
            return;
        }

        // What bounds it is the bytes: as many responses as could fit are allowed.
        long most = Math.Min(bytes / Overhead, Array.MaxLength / 4);
        if (most < 3)
        {
            Volatile.Write(ref _budget, 0);
            Replace(null);
            return;
        }

        Volatile.Write(ref _budget, bytes);
        Replace(new ConcurrentLru<Entry, PutContent>((int)most));
    }

    /// <summary>What an entry's record holds, if it is here.</summary>
    public bool TryGet(Entry entry, [NotNullWhen(true)] out PutContent? content)
    {
        content = null;
        return _responses is { } responses && responses.TryGet(entry, out content);
    }

    /// <summary>Keeps what a record holds whose entry was served.</summary>
    public void Add(Entry entry, PutContent content)
    {
        if (_responses is not { } responses || responses.TryGet(entry, out _))
        {
            return;
        }

        long bytes = BytesOf(content);
        long budget = Volatile.Read(ref _budget);
        if (bytes > budget / LargestShare)
        {
            return;
        }

        // Of the record, only the response: the rest of its bytes would be held with it. The tags are the entry's.
        CachedResponse response = content.Response with { Body = content.Response.Body.ToArray() };
        PutContent kept = content with { Response = response, Tags = entry.Tags };
        if (responses.GetOrAdd(entry, static (_, added) => added, kept) == kept)
        {
            Interlocked.Add(ref _bytes, bytes);
            if (entry.IsRemoved)
            {
                responses.TryRemove(entry);
            }

            for (int i = 0; i < TrimmedAnAdd && Bytes > budget; i++)
            {
                responses.Policy.Eviction.Value!.Trim(1);
            }
        }
    }

    /// <summary>Lets go of what belongs to an entry that is removed.</summary>
    public void Remove(Entry entry) => _responses?.TryRemove(entry);

    /// <summary>Lets go of what is too much.</summary>
    public void Trim()
    {
        while (_responses is { Count: > 0 } responses && Bytes > Volatile.Read(ref _budget))
        {
            responses.Policy.Eviction.Value!.Trim(Math.Min(TrimmedAtATime, responses.Count));
        }
    }

    private static long BytesOf(PutContent content)
    {
        long bytes = Overhead + content.Response.Body.Length;
        if (content.Prompt.Messages is not { } messages)
        {
            return bytes + Footprint.Of(content.Prompt.Text!);
        }

        foreach (Message message in messages)
        {
            bytes += Footprint.Of(message.Role) + Footprint.Of(message.Content) + Footprint.Message;
        }

        return bytes;
    }

    private void Replace(ConcurrentLru<Entry, PutContent>? responses)
    {
        ConcurrentLru<Entry, PutContent>? before = _responses;
        if (responses is not null)
        {
            responses.Events.Value!.ItemRemoved += (_, removed) => Interlocked.Add(ref _bytes, -BytesOf(removed.Value!));
        }

        _responses = responses;
        before?.Clear();
    }
}
