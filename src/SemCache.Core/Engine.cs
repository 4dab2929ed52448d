using SemCache.Core.Embeddings;
using SemCache.Core.Indexing;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Partitions;
using SemCache.Core.Requests.Turns;
using SemCache.Core.Storage;

namespace SemCache.Core;

/// <summary>The parts of a cache that has been started: they exist together or not at all.</summary>
internal sealed record Engine(
    Embedder Embedder,
    Verifier? Verifier,
    InstalledGuards Guards,
    EntryLog Log,
    PartitionRegistry Registry,
    RecallProbe Probe,
    TurnQueue Turns)
{
    /// <summary>Where the guards that the verifier was trained with stand among the installed ones, in its order.</summary>
    public int[] VerifierGuards { get; } = [.. Verifier?.Manifest.Guards.Select(Guards.IndexOf) ?? []];

    /// <summary>Prompt, response, usage and tags of an entry; null when its record is damaged.</summary>
    public PutContent? Read(Entry entry) =>
        Registry.Holdings.HotResponses.TryGet(entry, out PutContent? hot) ? hot
        : Log.Read(entry) is { } record ? RecordCodec.DecodePutContent(record)
        : null;

    /// <summary>The entry as a hit returns it. From now on the entry is worth more, and what its record holds is kept at hand.</summary>
    public CachedEntry Serve(Entry entry, PutContent content)
    {
        entry.Partition.Namespace.Policy.Hit(entry);
        Registry.Holdings.HotResponses.Add(entry, content);
        return entry.ToCachedEntry(content);
    }
}
