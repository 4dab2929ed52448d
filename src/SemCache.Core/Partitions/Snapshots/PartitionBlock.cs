using SemCache.Core.Prompts;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>
/// Partitions in a block, one after the other until its end:
/// <code>
/// text  namespace           u128  context digest
/// i32   attributes          …     key and value as texts, of each
/// i32   what a hit saves: the unit that the entries' savings are in
/// i32   how victims are chosen: what the entries' ranks mean
/// i32   entries
/// i64   address of the latest definition in the log; −1 for none
/// </code>
/// A text is an i32, its length, and as many bytes of UTF-8. The order of all of them in the file is their numbering.
/// </summary>
internal static class PartitionBlock
{
    public static void Write(BlockBuffer buffer, Partition partition, int entries)
    {
        PartitionIdentity identity = partition.Identity;
        buffer.Text(identity.Namespace);
        buffer.UInt128(identity.ContextDigest);
        buffer.Int32(identity.Scope.Attributes.Length);
        foreach ((string key, string value) in identity.Scope.Attributes)
        {
            buffer.Text(key);
            buffer.Text(value);
        }

        buffer.Int32((int)partition.Namespace.SavingAtFirst);
        buffer.Int32((int)partition.Namespace.Eviction);
        buffer.Int32(entries);
        buffer.Int64(partition.DefinedAt);
    }

    /// <summary>Reads a block whose checksum is right.</summary>
    public static void Read(ReadOnlyMemory<byte> payload, List<SavedPartition> partitions)
    {
        var reader = new RecordReader(payload);
        while (!reader.IsAtEnd)
        {
            string name = reader.Text();
            UInt128 contextDigest = reader.UInt128();
            var attributes = new KeyValuePair<string, string>[reader.Count(2 * RecordReader.LeastBytesOfText)];
            for (int i = 0; i < attributes.Length; i++)
            {
                attributes[i] = new KeyValuePair<string, string>(reader.Text(), reader.Text());
            }

            var identity = new PartitionIdentity(name, CanonicalScope.Of(attributes), contextDigest);
            partitions.Add(new SavedPartition(
                identity, (SavingUnit)reader.Int32(), (EvictionPolicy)reader.Int32(), reader.Int32(), reader.Int64()));
        }
    }
}

/// <summary>A partition in a snapshot.</summary>
/// <param name="Identity">Which.</param>
/// <param name="Saving">The unit that its entries' savings are in.</param>
/// <param name="Eviction">How victims are chosen: what its entries' ranks mean.</param>
/// <param name="Entries">How many entries of it the snapshot holds.</param>
/// <param name="DefinedAt">Address of its latest definition in the log; −1 for none.</param>
internal readonly record struct SavedPartition(
    PartitionIdentity Identity, SavingUnit Saving, EvictionPolicy Eviction, int Entries, long DefinedAt);
