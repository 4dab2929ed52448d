using System.Buffers.Binary;
using System.IO.Hashing;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Indexing.Snapshots;

/// <summary>A snapshot with anything wrong is refused with a reason; the index then does without.</summary>
public sealed class DamagedSnapshotTests
{
    private const int Count = 300;
    private const int HeaderBytes = 96;
    private const int Stride = 64;
    private const int NodeBytes = 14;

    private static readonly byte[] _sound = SavedIndex.Filled(Count).Save();

    // Where sections begin, and behind the last the end of the file: each ends with its checksum.
    private static readonly int[] _sections = Sections();

    private static int Nodes => _sections[3] + 32;

    private static int Links => _sections[4];

    [Fact]
    public void Read_AnyByteChanged_IsRefused()
    {
        for (int at = 0; at < _sound.Length; at += at < HeaderBytes || IsNearEdge(at) ? 1 : 41)
        {
            byte[] damaged = [.. _sound];
            damaged[at] ^= (byte)(1 << (at % 8));
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void Read_CutOff_IsRefused()
    {
        for (int length = 0; length < _sound.Length; length += length < HeaderBytes || IsNearEdge(length) ? 1 : 97)
        {
            AssertRefused(_sound[..length]);
        }
    }

    [Fact]
    public void Read_TooLong_IsRefused() => Assert.Contains(
        "its header says", AssertRefused([.. _sound, 0]), StringComparison.Ordinal);

    [Fact]
    public void Read_SectionsOfAnotherSnapshot_AreRefused()
    {
        byte[] other = SavedIndex.Filled(Count, seed: 2).Save();
        for (int section = 1; section <= 3; section++)
        {
            byte[] mixed = [.. _sound];
            other.AsSpan(_sections[section - 1].._sections[section]).CopyTo(mixed.AsSpan(_sections[section - 1]));
            AssertRefused(mixed);
        }
    }

    [Fact]
    public void Read_Garbage_IsRefused()
    {
        byte[] garbage = new byte[10_000];
        new Random(1).NextBytes(garbage);
        Assert.Contains("no snapshot", AssertRefused(garbage), StringComparison.Ordinal);
        Assert.Contains("no snapshot", AssertRefused(new byte[10_000]), StringComparison.Ordinal);
        Assert.Contains("less than a header", AssertRefused([]), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherVersion_IsRefused()
    {
        byte[] other = [.. _sound];
        other[8] = 3;
        Assert.Contains("format version 3", AssertRefused(other), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfSomethingElse_IsRefused()
    {
        SnapshotIdentity own = SavedIndex.Identity;
        Assert.Contains("another model", AssertRefused(_sound, own with { Embedder = 1 }), StringComparison.Ordinal);
        Assert.Contains(
            "another log", AssertRefused(_sound, own with { Log = LogIdentity.Of(1) }), StringComparison.Ordinal);
        Assert.Contains("another partition", AssertRefused(_sound, own with { Partition = 8 }), StringComparison.Ordinal);
        Assert.Contains("not 41", AssertRefused(_sound, own with { Dimension = 41 }), StringComparison.Ordinal);
        Assert.Contains("configured is 5", AssertRefused(_sound, own with { M = 5 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CoversMoreThanTheLog_IsRefused()
    {
        byte[] snapshot = SavedIndex.Filled(Count).Save(coveredUntil: 1000);
        Assert.NotNull(SavedIndex.Read(snapshot, logTail: 1000));
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => SavedIndex.Read(snapshot, logTail: 999));
        Assert.Contains("1000, but the log ends at 999", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Checksums are right, but what they seal makes no sense.</summary>
    [Fact]
    public void Read_ImpossibleGraph_IsRefused()
    {
        Assert.NotNull(SavedIndex.Read(Sealed(_ => { })));
        Assert.Contains("lead nowhere", AssertRefused(Sealed(Int32(Links, Count))), StringComparison.Ordinal);
        Assert.Contains("lead nowhere", AssertRefused(Sealed(Int32(Links, -2))), StringComparison.Ordinal);
        Assert.Contains("lead nowhere", AssertRefused(Sealed(Int32(_sections[5], Count))), StringComparison.Ordinal);
        Assert.Contains("slot 0 is not possible", AssertRefused(Sealed(Int32(Nodes + 8, Count))), StringComparison.Ordinal);
        Assert.Contains("slot 0 is not possible", AssertRefused(Sealed(Int32(Nodes + 8, -2))), StringComparison.Ordinal);
        Assert.Contains("slot 1 is not", AssertRefused(Sealed(b => b[Nodes + NodeBytes + 12] = 16)), StringComparison.Ordinal);
        Assert.Contains("other layers", AssertRefused(Sealed(b => b[Nodes + 12]++)), StringComparison.Ordinal);
        Assert.Contains("entry point", AssertRefused(Sealed(Int32(_sections[3], Count))), StringComparison.Ordinal);
        Assert.Contains("entry point", AssertRefused(Sealed(Int32(_sections[3] + 4, 9))), StringComparison.Ordinal);
        Assert.Contains("it counts", AssertRefused(Sealed(Int32(_sections[3] + 24, 9))), StringComparison.Ordinal);
        Assert.Contains("bytes, but", AssertRefused(Sealed(Int32(68, 0))), StringComparison.Ordinal);
        Assert.Contains("bytes, but", AssertRefused(Sealed(Int32(68, Count + 1))), StringComparison.Ordinal);
        Assert.Contains("bytes, but", AssertRefused(Sealed(Int32(72, -1))), StringComparison.Ordinal);
        Assert.Contains(
            "not linked but has links", AssertRefused(Sealed(Unlink(LowestOnLayer0()))), StringComparison.Ordinal);
    }

    [Fact]
    public void Maintain_AfterARefusal_BuildsTheGraphAnew()
    {
        SavedIndex before = SavedIndex.Filled(Count);
        byte[] damaged = before.Save();
        damaged[damaged.Length / 2] ^= 1;
        SavedIndex after = before.Restarted();
        Assert.Throws<InvalidDataException>(() => after.TryLoad(damaged));
        after.AssertEqualsBruteForce(20);
        after.MaintainAll();
        Assert.Equal(Count, after.Index.Validate().Linked);
        after.AssertFindsExactlyItsEntries();
        after.AssertEqualsBruteForce(20);
    }

    private static string AssertRefused(byte[] snapshot, SnapshotIdentity? wanted = null) =>
        Assert.Throws<InvalidDataException>(() => SavedIndex.Read(snapshot, wanted)).Message;

    private static bool IsNearEdge(int at) => _sections.Any(edge => Math.Abs(edge - at) <= sizeof(ulong));

    private static int[] Sections()
    {
        int upperLists = (int)BinaryPrimitives.ReadInt64LittleEndian(_sound.AsSpan(72));
        int[] lengths =
        [
            Count * Stride, Count * sizeof(float), Count * sizeof(ulong), 32 + (Count * NodeBytes),
            Count * 2 * SavedIndex.M * sizeof(int), upperLists * SavedIndex.M * sizeof(int),
        ];
        int at = HeaderBytes;
        return [at, .. lengths.Select(length => at += length + sizeof(ulong))];
    }

    private static Action<byte[]> Int32(int at, int value) =>
        bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);

    // One node less, and counted so.
    private static Action<byte[]> Unlink(int slot) => bytes =>
    {
        bytes[Nodes + (slot * NodeBytes) + 13] = 0;
        Int32(_sections[3] + 24, Count - 1)(bytes);
    };

    private static int LowestOnLayer0() =>
        Enumerable.Range(0, Count).First(slot => _sound[Nodes + (slot * NodeBytes) + 12] == 0);

    private static byte[] Sealed(Action<byte[]> change)
    {
        byte[] bytes = [.. _sound];
        change(bytes);
        var hash = new XxHash3(SavedIndex.Identity.Log.Seed);
        int start = 0;
        foreach (int end in _sections)
        {
            hash.Append(bytes.AsSpan(start..(end - sizeof(ulong))));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(end - sizeof(ulong)), hash.GetCurrentHashAsUInt64());
            start = end;
        }

        return bytes;
    }
}
