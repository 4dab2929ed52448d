using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Partitions;

/// <summary>The heap belongs to these tests while they run.</summary>
[CollectionDefinition(nameof(HeapTests), DisableParallelization = true)]
public sealed class HeapTests;

/// <summary>Holds what is accounted for against what the heap has grown by.</summary>
[Collection(nameof(HeapTests))]
public sealed class FootprintTests
{
    private const int Dimension = 256;
    private const int Entries = 50_000;

    private static readonly string[] _tags = ["tag-of-all", "another"];

    [Fact]
    public void Entry_OnTheHeap_IsAsLargeAsAccountedFor()
    {
        Partition partition = TestEntries.New().Partition;
        var kept = new Entry[1000];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = NewEntry(partition, i, []);
        }

        Assert.Equal(Footprint.Entry, (GC.GetAllocatedBytesForCurrentThread() - before) / kept.Length);
    }

    [Fact]
    public void Tags_OnTheHeap_AreAsLargeAsAccountedFor()
    {
        Partition partition = TestEntries.New().Partition;
        long before = GC.GetAllocatedBytesForCurrentThread();
        string[] tags = [new string('a', 3), new string('b', 17), new string('c', 255)];
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(allocated, Footprint.Of(NewEntry(partition, 0, tags)) - Footprint.Entry);
    }

    [Theory]
    [InlineData(1, Entries, false)]
    [InlineData(1, Entries, true)]
    [InlineData(50, Entries, false)]
    [InlineData(2_500, Entries, false)]
    [InlineData(Entries / 2, Entries, false)]
    [InlineData(Entries, Entries, false)]
    public void MemoryOfTheRegistry_OfManyEntries_IsWhatTheHeapHasGrownBy(int partitions, int entries, bool hasGraph)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        float[][] vectors = new ClusteredVectors(1, Dimension, clusters: 50, spread: 1).Take(1000);
        var settings = TestSettings.Of(IndexSettings.Default with
        {
            EfConstruction = 32,
            FlatEntries = hasGraph ? 1000 : entries,
        });
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var registry = new PartitionRegistry(
            new LimitsOptions(),
            new SemCacheMetrics(services.GetRequiredService<IMeterFactory>()),
            new IndexContext(Dimension, new TestVectors(), new IndexMaintenance(1, _ => { })),
            new SegmentUsage(1 << 20),
            _ => settings);
        Fill(registry, partitions, entries, vectors);
        foreach (Partition partition in registry.Partitions)
        {
            while (partition.Index.Maintain(threads: 2))
            {
            }
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(hasGraph ? entries : 0, registry.Partitions.Sum(partition => partition.Index.Linked));
        TestContext.Current.SendDiagnosticMessage(
            $"{partitions} partitions, graph {hasGraph}: {(double)grown / entries:0} B an entry on the heap, "
            + $"{(double)registry.Holdings.Memory.Bytes / entries:0} B accounted for");
        Assert.InRange((double)registry.Holdings.Memory.Bytes / grown, 0.85, 1.15);
        GC.KeepAlive(vectors);
    }

    [Fact]
    public void MemoryOfTheRegistry_WhenAllIsGone_IsNothing()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var settings = TestSettings.Of(IndexSettings.Default with { EfConstruction = 32, FlatEntries = 300 });
        var registry = new PartitionRegistry(
            new LimitsOptions(),
            new SemCacheMetrics(services.GetRequiredService<IMeterFactory>()),
            new IndexContext(Dimension, new TestVectors(), new IndexMaintenance(1, _ => { })),
            new SegmentUsage(1 << 20),
            _ => settings);
        Fill(registry, 3, 2000, new ClusteredVectors(1, Dimension, 10, 1).Take(100));
        Partition[] partitions = [.. registry.Partitions];
        foreach (Partition partition in partitions)
        {
            while (partition.Index.Maintain(threads: 1))
            {
            }

            Assert.True(partition.Index.HasGraph);
            lock (partition.Gate)
            {
                Assert.All(partition.Entries.ToArray(), entry => Assert.True(partition.Remove(entry)));
            }

            registry.RetireIfEmpty(partition);
            // May come later than the partition goes.
            partition.Index.Maintain(threads: 1);
        }

        Assert.Equal(0, registry.Holdings.Memory.Bytes);
        Assert.Equal(0, Assert.Single(registry.Namespaces).Memory.Bytes);
    }

    private static void Fill(PartitionRegistry registry, int partitions, int entries, float[][] vectors)
    {
        for (int i = 0; i < entries; i++)
        {
            var scope = CanonicalScope.Of([KeyValuePair.Create("user", $"user number {i % partitions}")]);
            Partition partition = registry.GetOrAdd(new PartitionIdentity("n", scope, 0));
            string[] tags = i % 2 == 0 ? [] : [.. _tags.Select(tag => new string(tag))];
            lock (partition.Gate)
            {
                partition.Apply(NewEntry(partition, i, tags), vectors[i % vectors.Length]);
            }
        }
    }

    private static Entry NewEntry(Partition partition, int number, string[] tags) => new()
    {
        Id = new Guid(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        TextHash = (UInt128)number,
        Location = new LogLocation(number, 1000),
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.MaxValue,
        Tags = tags,
        Partition = partition,
    };
}
