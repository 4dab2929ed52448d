using System.Buffers.Binary;
using SemCache.Core.Partitions;

namespace SemCache.Core.Storage;

/// <content>Whether bytes can be a record, without hashing them: for a search behind damaged bytes.</content>
internal sealed partial class RecordCodec
{
    // A record with more is left to its checksum: a walk must cost less than that.
    private const int MostBlocksWalked = 64;
    private const int UsageBeforeReason = (5 * sizeof(long)) + sizeof(int);

    /// <summary>
    /// Whether the version, the type and the lengths inside fit the bytes, to the last one. True for every record that this
    /// program writes. Costs a few steps, whatever the bytes are.
    /// </summary>
    public static bool CanBe(ReadOnlySpan<byte> record)
    {
        if (record.Length < PrefixBytes || record[ChecksumBytes] != FormatVersion)
        {
            return false;
        }

        return (RecordType)record[ChecksumBytes + 1] switch
        {
            RecordType.Partition => CanBePartition(record),
            RecordType.Put => CanBePut(record),
            RecordType.Remove => CanBeRemove(record),
            RecordType.Reembed => TryVector(record, VectorInReembed, out int end) && end == record.Length,
            _ => false,
        };
    }

    private static bool CanBePartition(ReadOnlySpan<byte> record)
    {
        int position = PrefixBytes + 16;
        if (!TryBlocks(record, 1, ref position, out _))
        {
            return false;
        }

        position += 16;
        return TryCount(record, ref position, out int attributes)
            && TryBlocks(record, 2L * attributes, ref position, out bool isTold)
            && (!isTold || position == record.Length);
    }

    private static bool CanBeRemove(ReadOnlySpan<byte> record)
    {
        int position = PrefixBytes + 16;
        return TryCount(record, ref position, out int ids) && ids <= Removal.MaxIdsPerRecord && position + (16L * ids) == record.Length;
    }

    private static bool CanBePut(ReadOnlySpan<byte> record)
    {
        const int createdAt = PrefixBytes + (3 * 16);
        if (!TryVector(record, VectorInPut, out int position)
            || !IsTime(record[createdAt..])
            || !IsTime(record[(createdAt + sizeof(long))..])
            || !TryCount(record, ref position, out int tags)
            || !TryBlocks(record, tags, ref position, out bool isTold))
        {
            return false;
        }

        return !isTold || CanBeContent(record, position);
    }

    // Prompt, response and usage.
    private static bool CanBeContent(ReadOnlySpan<byte> record, int position)
    {
        if (!TryFlag(record, ref position, out bool isConversation))
        {
            return false;
        }

        int messages = 0;
        if ((isConversation && !TryCount(record, ref position, out messages))
            || !TryBlocks(record, isConversation ? 2L * messages : 1, ref position, out bool isTold))
        {
            return false;
        }

        return !isTold
            || (TryFlag(record, ref position, out _)
                && TryBlocks(record, 2, ref position, out _)
                && TryFlag(record, ref position, out bool hasUsage)
                && (!hasUsage || TryUsage(record, ref position))
                && position == record.Length);
    }

    private static bool TryUsage(ReadOnlySpan<byte> record, ref int position)
    {
        if (!TryBlocks(record, 1, ref position, out _) || record.Length - position < UsageBeforeReason)
        {
            return false;
        }

        position += UsageBeforeReason - sizeof(int);
        return TryBlocks(record, 1, ref position, out _);
    }

    private static bool TryVector(ReadOnlySpan<byte> record, int position, out int end)
    {
        end = position;
        if (!TryCount(record, ref end, out int components) || components > Embeddings.ModelManifest.MaxDimension)
        {
            return false;
        }

        end += components * sizeof(float);
        return end <= record.Length;
    }

    // Steps over blocks. Too many are left alone, and where the record goes on is not told.
    private static bool TryBlocks(ReadOnlySpan<byte> record, long count, ref int position, out bool isTold)
    {
        isTold = count <= MostBlocksWalked;
        if (!isTold)
        {
            return count * sizeof(int) <= record.Length - position;
        }

        for (; count > 0; count--)
        {
            if (!TryCount(record, ref position, out int length) || length > record.Length - position)
            {
                return false;
            }

            position += length;
        }

        return true;
    }

    private static bool TryFlag(ReadOnlySpan<byte> record, ref int position, out bool isSet)
    {
        isSet = position < record.Length && record[position] == 1;
        return position < record.Length && record[position++] <= 1;
    }

    private static bool TryCount(ReadOnlySpan<byte> record, ref int position, out int count)
    {
        count = 0;
        if (position > record.Length - sizeof(int))
        {
            return false;
        }

        count = BinaryPrimitives.ReadInt32LittleEndian(record[position..]);
        position += sizeof(int);
        return count >= 0;
    }

    private static bool IsTime(ReadOnlySpan<byte> ticks) =>
        BinaryPrimitives.ReadInt64LittleEndian(ticks) is >= 0 and var time && time <= DateTime.MaxValue.Ticks;
}
