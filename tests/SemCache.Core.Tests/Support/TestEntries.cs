using System.Numerics.Tensors;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Support;

/// <summary>Entries and vectors for tests that need no log.</summary>
internal static class TestEntries
{
    private static readonly Partition _partition = new(
        new CacheNamespace("test", () => TestSettings.Of(IndexSettings.Default), new Holdings()),
        new PartitionIdentity("test", CanonicalScope.Empty, 0),
        0,
        new IndexContext(32, new TestVectors(), new IndexMaintenance(1, _ => { })),
        new SegmentUsage(1 << 20));

    private static long _lastAddress;

    /// <summary>An entry whose vector has an address of its own.</summary>
    public static Entry New(DateTimeOffset createdAt = default) => New(0, createdAt);

    /// <summary>An entry for the text with this hash.</summary>
    public static Entry WithText(UInt128 textHash) => New(textHash, default);

    public static float[] RandomVector(Random random, int dimension)
    {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            vector[i] = random.NextSingle() - 0.5f;
        }

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    private static Entry New(UInt128 textHash, DateTimeOffset createdAt) => new()
    {
        Id = Guid.NewGuid(),
        TextHash = textHash,
        Location = new LogLocation(Interlocked.Increment(ref _lastAddress), 0),
        CreatedAt = createdAt,
        ExpiresAt = DateTimeOffset.MaxValue,
        Tags = [],
        Partition = _partition,
    };
}
