using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

public sealed class RecordCodecTests
{
    private readonly RecordCodec _codec = new(secret: 42);

    private readonly PutHeader _header = new(
        UInt128.MaxValue - 7,
        Guid.NewGuid(),
        123,
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(0x40000001)]
    [InlineData(-1)]
    [InlineData(3)]
    public void Decode_MoreThingsThanBytes_IsRefusedWithoutRoomForThem(int count)
    {
        byte[] remove = _codec.EncodeRemove(1, [Guid.NewGuid(), Guid.NewGuid()]);
        AssertRefused(remove, remove.Length - (2 * 16) - sizeof(int));
        byte[] reembed = _codec.EncodeReembed(1, Guid.NewGuid(), new StoredVector(1, new float[] { 1 }));
        AssertRefused(reembed, RecordCodec.VectorInReembed);

        void AssertRefused(byte[] record, int offset)
        {
            BitConverter.TryWriteBytes(record.AsSpan(offset), count);
            Assert.Throws<ArgumentOutOfRangeException>(
                () => RecordCodec.Decode(record, new LogLocation(64, record.Length), new RecordingSink()));
        }
    }

    [Fact]
    public void Put_RoundTrip_KeepsEverything()
    {
        var content = new PutContent(
            Prompt.FromConversation([new Message("system", "be brief"), new Message("user", "ü€𝄞")]),
            new CachedResponse(new byte[] { 0, 255, 1 }, IsText: false, "application/x"),
            new Usage("m", 1, 2, 0.5, TimeSpan.FromSeconds(3), TimeSpan.FromTicks(7), "stop"),
            ["a", "ß"]);
        float[] vector = [0.5f, -1, float.Epsilon];

        byte[] record = _codec.EncodePut(_header, new StoredVector(77, vector), content);
        var sink = new RecordingSink();
        RecordCodec.Decode(record, new LogLocation(64, record.Length), sink);
        PutContent decoded = RecordCodec.DecodePutContent(record);

        Assert.True(_codec.IsValid(record));
        (PutHeader header, UInt128 fingerprint, float[] values, string[] tags) = Assert.Single(sink.Puts);
        Assert.Equal(_header, header);
        Assert.Equal((UInt128)77, fingerprint);
        Assert.Equal(vector, values);
        Assert.Equal(content.Usage!.Saved, Assert.Single(sink.Saved));
        Assert.Equal(content.Tags, tags);
        Assert.Equal(content.Prompt.Messages, decoded.Prompt.Messages);
        Assert.Equal(content.Response.Body.ToArray(), decoded.Response.Body.ToArray());
        Assert.Equal(content.Response.ContentType, decoded.Response.ContentType);
        Assert.False(decoded.Response.IsText);
        Assert.Equal(content.Usage, decoded.Usage);
        Assert.Equal(content.Tags, decoded.Tags);
    }

    [Fact]
    public void Remove_RoundTrip_KeepsTheIds()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid()];
        var sink = new RecordingSink();
        RecordCodec.Decode(_codec.EncodeRemove(5, ids), default, sink);
        Assert.Equal(ids, Assert.Single(sink.Removes));
    }

    [Fact]
    public void Partition_RoundTrip_KeepsTheIdentity()
    {
        var identity = new PartitionIdentity("ns", CanonicalScope.Of([new("k", "v"), new("a", "")]), 9);
        var sink = new RecordingSink();
        RecordCodec.Decode(_codec.EncodePartition(identity.Digest(), identity), default, sink);
        Assert.Equal(identity, Assert.Single(sink.Identities));
    }

    [Fact]
    public void IsValid_AnyBitFlipped_IsFalse()
    {
        byte[] record = _codec.EncodeRemove(5, [Guid.NewGuid()]);
        for (int bit = 0; bit < record.Length * 8; bit++)
        {
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(_codec.IsValid(record), $"bit {bit}");
            record[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(_codec.IsValid(record));
    }

    [Fact]
    public void IsValid_RecordOfAnotherLog_IsFalse() =>
        Assert.False(_codec.IsValid(new RecordCodec(secret: 43).EncodeRemove(5, [Guid.NewGuid()])));

    [Fact]
    public void LargestRecordBytes_OfTheLargestPut_IsEnough()
    {
        var limits = new LimitsOptions
        {
            MaxPromptBytes = 1000,
            MaxMessages = 50,
            MaxResponseBytes = 3000,
            MaxTags = 20,
            MaxTagBytes = 30,
        };
        var content = new PutContent(
            Prompt.FromConversation([.. Enumerable.Repeat(new Message(new string('r', 10), new string('c', 10)), 50)]),
            CachedResponse.FromText(new string('x', 3000), new string('t', 256)),
            new Usage(new string('m', 256), 1, 1, 1, default, default, new string('f', 256)),
            [.. Enumerable.Repeat(new string('t', 30), 20)]);
        byte[] record = _codec.EncodePut(_header, new StoredVector(1, new float[4096]), content);
        Assert.InRange(record.Length, 1, RecordCodec.LargestRecordBytes(limits) - LogScanner.HeaderBytes);
    }
}
