using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Storage;

public sealed class RecordShapeTests
{
    private static readonly RecordCodec _codec = new(secret: 42);

    [Fact]
    public void CanBe_EveryKindOfRecord_IsTrue() => Assert.All(Records(), record => Assert.True(RecordCodec.CanBe(record)));

    [Fact]
    public void CanBe_OneByteMoreOrLess_IsFalse() => Assert.All(Records().Where(IsWalkedToTheEnd), record =>
    {
        Assert.False(RecordCodec.CanBe(record.AsSpan(0, record.Length - 1)));
        Assert.False(RecordCodec.CanBe([.. record, 0]));
    });

    [Theory]
    [InlineData(8, 2)] // another version
    [InlineData(9, 0)]
    [InlineData(9, 5)]
    public void CanBe_OfAnotherVersionOrType_IsFalse(int position, byte value) => Assert.All(Records(), record =>
    {
        record[position] = value;
        Assert.False(RecordCodec.CanBe(record));
    });

    [Fact]
    public void CanBe_AnyBytes_NeverThrows()
    {
        var random = new Random(5);
        foreach (byte[] record in Records())
        {
            for (int i = 0; i < 2000; i++)
            {
                byte[] changed = [.. record];
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                {
                    int at = random.Next(9, Math.Min(changed.Length, 400));
                    changed[at] = (byte)random.Next(256);
                }

                _ = RecordCodec.CanBe(changed.AsSpan(0, random.Next(changed.Length + 1)));
            }
        }
    }

    // More tags, messages or attributes than are worth a walk are left to the checksum.
    private static bool IsWalkedToTheEnd(byte[] record) => record.Length < 700;

    private static IEnumerable<byte[]> Records()
    {
        var usage = new Usage("m", 1, 2, 0.5, TimeSpan.FromSeconds(3), TimeSpan.FromTicks(7), "stop");
        Prompt text = Prompt.FromText("ü€𝄞");
        var body = new CachedResponse(new byte[] { 0, 255, 1 }, IsText: false, "application/x");
        yield return Put(new float[3], new PutContent(text, body, usage, ["a", "ß"]));
        yield return Put([], new PutContent(text, CachedResponse.FromText("r"), null, []));
        yield return Put([], new PutContent(Conversation(2), body, usage, []));
        yield return Put(new float[4096], new PutContent(Conversation(400), body, null, []));
        yield return Put([], new PutContent(text, body, usage, [.. Enumerable.Range(0, 200).Select(i => $"tag {i}")]));
        yield return Partition(0);
        yield return Partition(3);
        yield return Partition(300);
        yield return _codec.EncodeRemove(5, [Guid.NewGuid(), Guid.NewGuid()]);
        yield return _codec.EncodeRemove(5, new Guid[Removal.MaxIdsPerRecord]);
        yield return _codec.EncodeReembed(5, Guid.NewGuid(), new StoredVector(7, new float[5]));
        yield return _codec.EncodeReembed(5, Guid.NewGuid(), new StoredVector(7, default));
    }

    private static byte[] Put(float[] vector, PutContent content) => _codec.EncodePut(
        new PutHeader(1, Guid.NewGuid(), 3, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue), new StoredVector(77, vector), content);

    private static Prompt Conversation(int messages) =>
        Prompt.FromConversation([.. Enumerable.Range(0, messages).Select(i => new Message("user", $"message {i}"))]);

    private static byte[] Partition(int attributes)
    {
        CanonicalScope scope = CanonicalScope.Of(
            [.. Enumerable.Range(0, attributes).Select(i => new KeyValuePair<string, string>($"key {i}", "value"))]);
        return _codec.EncodePartition(9, new PartitionIdentity("ns", scope, 9));
    }
}
