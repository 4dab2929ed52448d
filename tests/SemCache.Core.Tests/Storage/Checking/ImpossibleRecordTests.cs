using System.Runtime.InteropServices;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Storage.Checking;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage.Checking;

/// <summary>Records with right checksums that no sound server writes.</summary>
public sealed class ImpossibleRecordTests
{
    private const long SegmentBytes = 1 << 20;

    private static readonly PartitionIdentity _identity = new("tenant", CanonicalScope.Empty, 0);
    private static readonly float[] _vector = TestEntries.RandomVector(new Random(1), 16);

    private readonly RecordCodec _codec = new(7);
    private readonly List<Finding> _findings = [];
    private readonly EntryBook _book;
    private long _address = 64;

    public ImpossibleRecordTests()
    {
        _book = new EntryBook(SegmentBytes, new Findings(_findings.Add));
        Take(_codec.EncodePartition(_identity.Digest(), _identity));
    }

    [Fact]
    public void Take_SoundPut_IsFine()
    {
        Take(Put("a prompt"));
        Assert.Empty(_findings);
        Assert.True(Assert.Single(_book.Entries).IsSound);
    }

    [Fact]
    public void Take_SameEntryAgain_HasMoved()
    {
        Guid id = Guid.NewGuid();
        Take(Put("a prompt", id: id));
        long address = _address;
        Take(Put("a prompt", id: id));
        Assert.Empty(_findings);
        Assert.Equal(address, Assert.Single(_book.Entries).Location.Address);
    }

    [Fact]
    public void Take_IdOfAnotherEntry_IsAProblemAtItsAddress()
    {
        Guid id = Guid.NewGuid();
        Take(Put("a prompt", id: id));
        AssertProblem(Put("another prompt", id: id), "already");
    }

    [Fact]
    public void Take_ExpiredBeforeItWasMade_IsAProblem() =>
        AssertProblem(Put("a prompt", lifetime: TimeSpan.FromDays(-1)), "expires");

    [Fact]
    public void Take_HashOfAnotherPrompt_IsAProblem() => AssertProblem(Put("a prompt", hash: 5), "another prompt");

    [Fact]
    public void Take_PromptThatIsEmpty_IsAProblem() => AssertProblem(Put(" "), "cannot be stored");

    [Fact]
    public void Take_VectorOfAnotherDimension_IsAProblem()
    {
        Take(Put("a prompt"));
        AssertProblem(Put("another prompt", vector: TestEntries.RandomVector(new Random(1), 8)), "8 components");
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(float.NaN)]
    public void Take_VectorNotOfUnitLength_IsAProblem(float factor) =>
        AssertProblem(Put("a prompt", vector: [.. _vector.Select(value => value * factor)]), "unit length");

    [Fact]
    public void Take_NameThatIsNotThePartitions_IsAProblem() => AssertProblem(_codec.EncodePartition(5, _identity), "digest");

    [Theory]
    [InlineData(9)] // a type that does not exist
    [InlineData(3)] // a put that says that it is a remove
    [InlineData(1)] // a put that says that it names a partition
    public void Take_RecordOfAnotherType_IsAProblem(byte type)
    {
        byte[] record = Put("a prompt");
        record[9] = type;
        AssertProblem(record, type == 9 ? "type 9" : "cannot be read");
    }

    private void AssertProblem(byte[] record, string text)
    {
        long address = _address;
        Take(record);
        Finding problem = Assert.Single(_findings);
        Assert.Equal((FindingKind.Problem, "entries.log.0", address), (problem.Kind, problem.File, problem.Address));
        Assert.Contains(text, problem.Text, StringComparison.Ordinal);
    }

    private void Take(byte[] record)
    {
        _book.Take(record, new LogLocation(_address, record.Length));
        _address += LogScanner.AlignedLength(record.Length);
    }

    private byte[] Put(
        string prompt, Guid? id = null, TimeSpan? lifetime = null, UInt128? hash = null, float[]? vector = null)
    {
        DateTimeOffset now = CheckedFolder.Now;
        var header = new PutHeader(
            _identity.Digest(),
            id ?? Guid.NewGuid(),
            hash ?? Hash128.OfContent(MemoryMarshal.AsBytes(prompt.AsSpan())),
            now,
            now + (lifetime ?? TimeSpan.FromDays(1)));
        return _codec.EncodePut(
            header,
            new StoredVector(1, vector ?? _vector),
            new PutContent(Prompt.FromText(prompt), CachedResponse.FromText("r"), null, []));
    }
}
