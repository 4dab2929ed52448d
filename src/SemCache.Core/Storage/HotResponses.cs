using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <summary>
/// What the records of entries hold that were served lately, so that serving them again reads nothing from the log. Bounded
/// in bytes, exactly: what is let go of is held by nothing here.
/// </summary>
/// <remarks>
/// <para>
/// Only what is served comes in: candidates that guards have to read, 32 of a lookup, do not push it out. Reading one that is
/// here counts as use of it, and takes no lock.
/// </para>
/// <para>
/// What goes is chosen by SIEVE (Zhang et al., "SIEVE is Simpler than LRU: an Efficient Turn-Key Eviction Algorithm for Web
/// Caches", NSDI 2024): a hand moves from the oldest to the newest, spares once what was used since it passed, and takes the
/// first that was not. Departing from the paper, it takes what it has come to after so many looks, so that an add is quick.
/// </para>
/// </remarks>
internal sealed class HotResponses
{
    // No response takes more than one part in so many.
    private const int LargestShare = 16;
    private const int MostLooks = 64;

    // Objects, and the place in the dictionary.
    private const int Overhead = 340;

    // Changes are made under the lock.
    private readonly ConcurrentDictionary<Entry, Node> _nodes = new(concurrencyLevel: 1, capacity: 31);
    private readonly Lock _gate = new();
    private Node? _oldest;
    private Node? _newest;
    private Node? _hand;
    private int _count;
    private long _budget;
    private long _bytes;

    /// <summary>Bytes of memory held.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Responses held.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Sets how many bytes may be held, from now on; zero for none.</summary>
    public void SetBudget(long bytes)
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _budget, bytes);
            Trim();
        }
    }

    /// <summary>What an entry's record holds, if it is here.</summary>
    public bool TryGet(Entry entry, [NotNullWhen(true)] out PutContent? content)
    {
        if (!_nodes.TryGetValue(entry, out Node? node))
        {
            content = null;
            return false;
        }

        node.WasUsed = true;
        content = node.Content;
        return true;
    }

    /// <summary>Keeps what a record holds whose entry was served.</summary>
    public void Add(Entry entry, PutContent content)
    {
        long bytes = BytesOf(content);
        if (bytes > Interlocked.Read(ref _budget) / LargestShare || _nodes.ContainsKey(entry))
        {
            return;
        }

        // Of the record, only the response: the rest of its bytes would be held with it. The tags are the entry's.
        CachedResponse response = content.Response with { Body = content.Response.Body.ToArray() };
        var node = new Node(entry, content with { Response = response, Tags = entry.Tags }, bytes);
        lock (_gate)
        {
            // An entry is marked as removed before it is removed from here.
            if (!entry.IsRemoved && _nodes.TryAdd(entry, node))
            {
                Link(node);
                Trim();
            }
        }
    }

    /// <summary>Lets go of what belongs to an entry that is removed.</summary>
    public void Remove(Entry entry)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(entry, out Node? node))
            {
                Drop(node);
            }
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

    private void Trim()
    {
        while (_bytes > _budget && _oldest is not null)
        {
            Node node = _hand ?? _oldest;
            for (int look = 1; node.WasUsed && look < MostLooks; look++)
            {
                node.WasUsed = false;
                node = node.Newer ?? _oldest;
            }

            _hand = node;
            Drop(node);
        }
    }

    private void Link(Node node)
    {
        node.Older = _newest;
        if (_newest is null)
        {
            _oldest = node;
        }
        else
        {
            _newest.Newer = node;
        }

        _newest = node;
        _count++;
        Interlocked.Add(ref _bytes, node.Bytes);
    }

    private void Drop(Node node)
    {
        _nodes.TryRemove(node.Entry, out _);
        _hand = _hand == node ? node.Newer : _hand;
        _oldest = _oldest == node ? node.Newer : _oldest;
        _newest = _newest == node ? node.Older : _newest;
        if (node.Older is not null)
        {
            node.Older.Newer = node.Newer;
        }

        if (node.Newer is not null)
        {
            node.Newer.Older = node.Older;
        }

        _count--;
        Interlocked.Add(ref _bytes, -node.Bytes);
    }

    /// <summary>A response with its place between an older and a newer one.</summary>
    private sealed class Node(Entry entry, PutContent content, long bytes)
    {
        private volatile bool _wasUsed;

        public Entry Entry { get; } = entry;

        public PutContent Content { get; } = content;

        public long Bytes { get; } = bytes;

        public Node? Older { get; set; }

        public Node? Newer { get; set; }

        /// <summary>Whether it was read since the hand passed it.</summary>
        public bool WasUsed
        {
            get => _wasUsed;
            set
            {
                // What everybody reads is not to be written by everybody.
                if (_wasUsed != value)
                {
                    _wasUsed = value;
                }
            }
        }
    }
}
