using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core.Storage;

/// <summary>
/// The records of the entry log as bytes, little-endian:
/// <code>
/// 0   u64  checksum: XXH3-64 of everything behind it, seeded with the log's secret
/// 8   u8   format version
/// 9   u8   record type
/// 10  …    the type's fields in the order of the Encode methods below
/// </code>
/// The secret keeps a caller from storing a response that a search behind damaged bytes could take for a record.
/// </summary>
internal sealed partial class RecordCodec(long secret)
{
    private const byte FormatVersion = 1;
    private const int ChecksumBytes = sizeof(ulong);
    private const int PrefixBytes = ChecksumBytes + 2;
    private const int MaxVectorBytes = Embeddings.ModelManifest.MaxDimension * sizeof(float);

    // Fixed fields, lengths of blocks, model, content type and finish reason: all far below this.
    private const int FixedAllowance = 4096;

    /// <summary>Where the length of a put record's vector stands in the record; its components follow.</summary>
    public const int VectorInPut = PrefixBytes + (4 * 16) + (2 * sizeof(long));

    /// <summary>As <see cref="VectorInPut"/>, of a record of another model's vector.</summary>
    public const int VectorInReembed = PrefixBytes + (3 * 16);

    private const byte TextPrompt = 0;
    private const byte ConversationPrompt = 1;

    /// <summary>The largest record that requests within the limits can make.</summary>
    public static long LargestRecordBytes(LimitsOptions limits)
    {
        const int perBlock = 2 * sizeof(int);
        long put = limits.MaxPromptBytes + ((long)limits.MaxMessages * perBlock) + limits.MaxResponseBytes
            + (limits.MaxTags * ((long)limits.MaxTagBytes + perBlock)) + MaxVectorBytes;
        long partition = limits.MaxScopeBytes + ((long)limits.MaxScopeAttributes * perBlock);
        return Math.Max(put, partition) + FixedAllowance;
    }

    /// <summary>Whether these bytes are a record that this log wrote, whole and unchanged.</summary>
    public bool IsValid(ReadOnlySpan<byte> record) =>
        record.Length >= PrefixBytes
        && BinaryPrimitives.ReadUInt64LittleEndian(record) == Checksum(record)
        && record[ChecksumBytes] == FormatVersion;

    public byte[] EncodePartition(UInt128 partition, PartitionIdentity identity)
    {
        ArrayBufferWriter<byte> buffer = Begin(RecordType.Partition, sizeHint: 256);
        var writer = new RecordWriter(buffer);
        writer.UInt128(partition);
        writer.Text(identity.Namespace);
        writer.UInt128(identity.ContextDigest);
        writer.Int32(identity.Scope.Attributes.Length);
        foreach ((string key, string value) in identity.Scope.Attributes)
        {
            writer.Text(key);
            writer.Text(value);
        }

        return Seal(buffer);
    }

    public byte[] EncodePut(in PutHeader header, in StoredVector vector, PutContent content)
    {
        ArrayBufferWriter<byte> buffer = Begin(
            RecordType.Put, 1024 + (vector.Values.Length * sizeof(float)) + content.Response.Body.Length);
        var writer = new RecordWriter(buffer);
        writer.UInt128(header.Partition);
        writer.Guid(header.EntryId);
        writer.UInt128(header.TextHash);
        writer.Int64(header.CreatedAt.UtcTicks);
        writer.Int64(header.ExpiresAt.UtcTicks);
        writer.UInt128(vector.Fingerprint);
        writer.Vector(vector.Values.Span);
        WriteTags(writer, content.Tags);
        WritePrompt(writer, content.Prompt);
        WriteResponse(writer, content.Response);
        WriteUsage(writer, content.Usage);
        return Seal(buffer);
    }

    public byte[] EncodeRemove(UInt128 partition, ReadOnlySpan<Guid> entryIds)
    {
        ArrayBufferWriter<byte> buffer = Begin(RecordType.Remove, 64 + (entryIds.Length * 16));
        var writer = new RecordWriter(buffer);
        writer.UInt128(partition);
        writer.Int32(entryIds.Length);
        foreach (Guid entryId in entryIds)
        {
            writer.Guid(entryId);
        }

        return Seal(buffer);
    }

    public byte[] EncodeReembed(UInt128 partition, Guid entryId, in StoredVector vector)
    {
        ArrayBufferWriter<byte> buffer = Begin(RecordType.Reembed, 128 + (vector.Values.Length * sizeof(float)));
        var writer = new RecordWriter(buffer);
        writer.UInt128(partition);
        writer.Guid(entryId);
        writer.UInt128(vector.Fingerprint);
        writer.Vector(vector.Values.Span);
        return Seal(buffer);
    }

    /// <summary>Hands a valid record to <paramref name="sink"/>.</summary>
    public static void Decode(ReadOnlyMemory<byte> record, LogLocation location, IRecordSink sink)
    {
        var reader = new RecordReader(record[PrefixBytes..]);
        switch ((RecordType)record.Span[ChecksumBytes + 1])
        {
            case RecordType.Partition:
                sink.Partition(reader.UInt128(), ReadIdentity(ref reader), location);
                break;
            case RecordType.Put:
                PutHeader header = ReadPutHeader(ref reader);
                UInt128 fingerprint = reader.UInt128();
                ReadOnlySpan<float> vector = reader.Vector();
                string[] tags = ReadTags(ref reader);
                SkipPrompt(ref reader);
                SkipResponse(ref reader);
                sink.Put(header, fingerprint, vector, tags, ReadUsage(ref reader)?.Saved, location);
                break;
            case RecordType.Remove:
                UInt128 partition = reader.UInt128();
                var entryIds = new Guid[reader.Count(leastBytes: 16)];
                for (int i = 0; i < entryIds.Length; i++)
                {
                    entryIds[i] = reader.Guid();
                }

                sink.Remove(partition, entryIds);
                break;
            case RecordType.Reembed:
                sink.Reembed(reader.UInt128(), reader.Guid(), reader.UInt128(), reader.Vector(), location);
                break;
            default:
                throw new InvalidDataException($"Record type {record.Span[ChecksumBytes + 1]} is unknown.");
        }
    }

    /// <summary>The content of a valid put record. The response's body is a slice of <paramref name="record"/>.</summary>
    public static PutContent DecodePutContent(ReadOnlyMemory<byte> record)
    {
        var reader = new RecordReader(record[PrefixBytes..]);
        _ = ReadPutHeader(ref reader);
        _ = reader.UInt128();
        reader.SkipVector();
        string[] tags = ReadTags(ref reader);
        Prompt prompt = ReadPrompt(ref reader);
        return new PutContent(prompt, ReadResponse(ref reader), ReadUsage(ref reader), tags);
    }

    /// <summary>The vector of a valid put or reembed record.</summary>
    public static StoredVector DecodeVector(byte[] record)
    {
        bool isPut = (RecordType)record[ChecksumBytes + 1] == RecordType.Put;
        var reader = new RecordReader(record.AsMemory((isPut ? VectorInPut : VectorInReembed) - 16));
        return new StoredVector(reader.UInt128(), reader.Vector().ToArray());
    }

    private static ArrayBufferWriter<byte> Begin(RecordType type, int sizeHint)
    {
        var buffer = new ArrayBufferWriter<byte>(sizeHint);
        var writer = new RecordWriter(buffer);
        writer.Int64(0);
        writer.Byte(FormatVersion);
        writer.Byte((byte)type);
        return buffer;
    }

    private byte[] Seal(ArrayBufferWriter<byte> buffer)
    {
        byte[] record = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(record, Checksum(record));
        return record;
    }

    private ulong Checksum(ReadOnlySpan<byte> record) => XxHash3.HashToUInt64(record[ChecksumBytes..], secret);

    private static PutHeader ReadPutHeader(ref RecordReader reader) => new(
        reader.UInt128(),
        reader.Guid(),
        reader.UInt128(),
        new DateTimeOffset(reader.Int64(), TimeSpan.Zero),
        new DateTimeOffset(reader.Int64(), TimeSpan.Zero));

    private static PartitionIdentity ReadIdentity(ref RecordReader reader)
    {
        string name = reader.Text();
        UInt128 contextDigest = reader.UInt128();
        var attributes = new KeyValuePair<string, string>[reader.Count(leastBytes: 2 * sizeof(int))];
        for (int i = 0; i < attributes.Length; i++)
        {
            attributes[i] = new KeyValuePair<string, string>(reader.Text(), reader.Text());
        }

        return new PartitionIdentity(name, CanonicalScope.Of(attributes), contextDigest);
    }

    private static void WriteTags(RecordWriter writer, string[] tags)
    {
        writer.Int32(tags.Length);
        foreach (string tag in tags)
        {
            writer.Text(tag);
        }
    }

    private static string[] ReadTags(ref RecordReader reader)
    {
        int count = reader.Count(leastBytes: sizeof(int));
        if (count == 0)
        {
            return [];
        }

        var tags = new string[count];
        for (int i = 0; i < count; i++)
        {
            tags[i] = reader.Text();
        }

        return tags;
    }

    private static void WritePrompt(RecordWriter writer, Prompt prompt)
    {
        if (prompt.Messages is not { } messages)
        {
            writer.Byte(TextPrompt);
            writer.Text(prompt.Text!);
            return;
        }

        writer.Byte(ConversationPrompt);
        writer.Int32(messages.Count);
        foreach (Message message in messages)
        {
            writer.Text(message.Role);
            writer.Text(message.Content);
        }
    }

    private static Prompt ReadPrompt(ref RecordReader reader)
    {
        if (reader.Byte() == TextPrompt)
        {
            return Prompt.FromText(reader.Text());
        }

        var messages = new Message[reader.Count(leastBytes: 2 * sizeof(int))];
        for (int i = 0; i < messages.Length; i++)
        {
            messages[i] = new Message(reader.Text(), reader.Text());
        }

        return Prompt.FromConversation(messages);
    }

    private static void SkipPrompt(ref RecordReader reader)
    {
        int texts = reader.Byte() == TextPrompt ? 1 : 2 * reader.Int32();
        for (int i = 0; i < texts; i++)
        {
            _ = reader.Block();
        }
    }

    private static void WriteResponse(RecordWriter writer, CachedResponse response)
    {
        writer.Byte(response.IsText ? (byte)1 : (byte)0);
        writer.Text(response.ContentType);
        writer.Block(response.Body.Span);
    }

    private static CachedResponse ReadResponse(ref RecordReader reader)
    {
        bool isText = reader.Byte() == 1;
        string contentType = reader.Text();
        return new CachedResponse(reader.Block(), isText, contentType);
    }

    private static void SkipResponse(ref RecordReader reader)
    {
        _ = reader.Byte();
        _ = reader.Block();
        _ = reader.Block();
    }

    private static void WriteUsage(RecordWriter writer, Usage? usage)
    {
        writer.Byte(usage is null ? (byte)0 : (byte)1);
        if (usage is null)
        {
            return;
        }

        writer.Text(usage.Model);
        writer.Int64(usage.PromptTokens);
        writer.Int64(usage.CompletionTokens);
        writer.Double(usage.Cost);
        writer.Int64(usage.Latency.Ticks);
        writer.Int64(usage.TimeToFirstToken.Ticks);
        writer.Text(usage.FinishReason);
    }

    private static Usage? ReadUsage(ref RecordReader reader) =>
        reader.Byte() == 0
            ? null
            : new Usage(
                reader.Text(),
                reader.Int64(),
                reader.Int64(),
                reader.Double(),
                TimeSpan.FromTicks(reader.Int64()),
                TimeSpan.FromTicks(reader.Int64()),
                reader.Text());
}
