using System.Diagnostics;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core;

/// <content>Removing entries.</content>
public sealed partial class SemanticCache
{
    /// <summary>
    /// Removes the entries that a filter selects; returns how many, when their removal is as durable as a store.
    /// </summary>
    /// <exception cref="InvalidRequestException">A field is not allowed; nothing was removed.</exception>
    /// <exception cref="LimitReachedException">The device of the log is full.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping, or its log cannot be written.</exception>
    public async Task<long> InvalidateAsync(InvalidateFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using Activity? activity = SemCacheMetrics.Activities.StartActivity("invalidate");
        Engine engine = Require();
        string ns = _validator.Namespace(filter.Namespace);
        _validator.Invalidation(filter);
        var selection = new Selection(
            filter,
            _validator.Scope(filter.Scope),
            filter.Prompt is { } prompt ? _validator.Prompt(prompt) : null,
            _validator.Tags(filter.Tags),
            _time.GetUtcNow());
        ILookup<Partition, Entry> selected = (engine.Registry.FindNamespace(ns) is { } owner ? selection.Of(owner) : [])
            .ToLookup(entry => entry.Partition);
        if (filter.DryRun)
        {
            return selected.Sum(entries => (long)entries.Count());
        }

        long count = 0;
        foreach (IGrouping<Partition, Entry> entries in selected)
        {
            foreach (Entry[] chunk in entries.Chunk(Removal.MaxIdsPerRecord))
            {
                count += await Removal.RemoveAsync(engine.Log, entries.Key, chunk, cancellationToken)
                    .ConfigureAwait(false);
            }

            engine.Registry.RetireIfEmpty(entries.Key);
        }

        // Also for what others have removed or replaced: it was not found, so it must not be found after a restart either.
        await engine.Log.WaitDurableAsync(cancellationToken).ConfigureAwait(false);
        if (count > 0)
        {
            // Only names that hold entries become a tag: anybody can invent others.
            _metrics.Invalidated(ns, count);
        }

        return count;
    }

    /// <summary>An invalidation's conditions in canonical form.</summary>
    private sealed class Selection(
        InvalidateFilter filter, CanonicalScope scope, CanonicalPrompt? prompt, string[] tags, DateTimeOffset now)
    {
        public IEnumerable<Entry> Of(CacheNamespace owner) => Candidates(owner).Where(IsSelected);

        // The narrowest source of entries that the conditions allow.
        private IEnumerable<Entry> Candidates(CacheNamespace owner)
        {
            if (filter.EntryIds.Count > 0)
            {
                return filter.EntryIds.Distinct().Select(owner.Find).OfType<Entry>();
            }

            IEnumerable<Partition> partitions = owner.Partitions.Select(pair => pair.Value);
            return prompt is null
                ? partitions.Where(IsInScope).SelectMany(partition => partition.Entries)
                : partitions.Where(IsInScope).Select(partition => partition.Find(prompt.TextHash)).OfType<Entry>();
        }

        private bool IsInScope(Partition partition) => partition.Identity.Scope.Contains(scope);

        private bool IsSelected(Entry entry) =>
            !entry.IsRemoved
            && entry.ExpiresAt > now
            && IsInScope(entry.Partition)
            && (prompt is null || (entry.TextHash == prompt.TextHash
                && entry.Partition.Identity.ContextDigest == prompt.ContextDigest))
            && (tags.Length == 0 || entry.Tags.AsSpan().ContainsAny(tags))
            && (filter.StoredBefore is not { } time || entry.CreatedAt < time);
    }
}
