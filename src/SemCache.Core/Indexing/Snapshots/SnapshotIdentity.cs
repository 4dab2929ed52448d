using SemCache.Core.Storage;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>What a snapshot must agree with to be of any use.</summary>
/// <param name="Embedder">Fingerprint of the embedder that made the vectors.</param>
/// <param name="Log">The log that holds the vectors' records.</param>
/// <param name="Partition">Digest of the partition.</param>
/// <param name="Dimension">Components of a vector.</param>
/// <param name="M">Links of a node above layer 0.</param>
internal readonly record struct SnapshotIdentity(
    UInt128 Embedder, LogIdentity Log, UInt128 Partition, int Dimension, int M);
