using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.LoadTest.Restart;

namespace SemCache.IndexBench.Partitions;

/// <summary>Puts one layout into the memory of this process and measures it. Once a process.</summary>
internal static class LayoutMemory
{
    private static readonly NamespaceSettings _settings = PlainSettings.Of(EvictionPolicy.Cost);

    public static async Task<MemoryFigures> MeasureAsync(
        PartitionPlan plan, Layout layout, CancellationToken cancellation)
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using var maintenance = new IndexMaintenance(Environment.ProcessorCount, static _ => { });
        var registry = new PartitionRegistry(
            new LimitsOptions(),
            new SemCacheMetrics(services.GetRequiredService<IMeterFactory>()),
            new IndexContext(plan.Dimension, new Unread(), maintenance),
            new SegmentUsage(new StorageOptions().SegmentSize),
            static _ => _settings);
        (long managed, long resident) = await SettledAsync(cancellation);
        Fill(registry, plan, layout, cancellation);
        (long managedAfter, long residentAfter) = await SettledAsync(cancellation);
        var figures = new MemoryFigures(
            managedAfter - managed, residentAfter - resident, registry.Partitions.Sum(partition => partition.Index.Bytes));
        GC.KeepAlive(registry);
        return figures;
    }

    private static void Fill(PartitionRegistry registry, PartitionPlan plan, Layout layout, CancellationToken cancellation)
    {
        var entries = new TenantEntries(plan.Dimension);
        for (int tenant = 0; tenant < plan.Partitions; tenant++)
        {
            cancellation.ThrowIfCancellationRequested();
            Partition partition = registry.GetOrAdd(TenantScopes.Of(layout == Layout.Many ? tenant : 0));
            entries.Apply(tenant, plan.EntriesEach, partition);
        }

        while (layout == Layout.OneGraph
            && registry.Partitions.Count(partition => partition.Index.Maintain(Environment.ProcessorCount)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static async Task<(long Managed, long Resident)> SettledAsync(CancellationToken cancellation)
    {
        // The second returns to the system what the first let go of.
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetTotalMemory(forceFullCollection: true),
            await ResidentMemory.SettledAsync(Environment.ProcessId, cancellation));
    }

    /// <summary>Nobody searches here.</summary>
    private sealed class Unread : IExactVectors
    {
        public bool TryRead(Entry entry, Span<float> vector) =>
            throw new NotSupportedException("The vectors are kept nowhere.");
    }
}
