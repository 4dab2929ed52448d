using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>
/// What is kept in memory of an entry: everything that matching needs; prompt and response stay in the entry log.
/// </summary>
/// <remarks>
/// Immutable but for <see cref="Location"/>, <see cref="ReembedAddress"/>, <see cref="IndexSlot"/> and
/// <see cref="IsRemoved"/>, which the partition's gate guards, and <see cref="Hits"/>, <see cref="Rank"/> and
/// <see cref="Mark"/>, which belong to eviction. There are millions: every field counts.
/// </remarks>
internal sealed class Entry
{
    /// <summary>The <see cref="IndexSlot"/> of an entry that can only be matched exactly: its prompt is over the window.</summary>
    public const int NoVector = -1;

    /// <summary>
    /// The <see cref="IndexSlot"/> of an entry whose vector is not in memory yet, or is another model's and still to be made.
    /// </summary>
    public const int AwaitsVector = -2;

    // While the record moves; no address is negative.
    private const long Moving = -1;

    private const float LeastSaving = 1e-12f;
    private const float MostSaving = 1e12f;

    // In halves: whole, it would be aligned to 16 bytes, which costs 8.
    private readonly ulong _textHashUpper;
    private readonly ulong _textHashLower;
    private readonly long _createdTicks;
    private readonly long _expiresTicks;
    private long _address;
    private int _length;
    private ushort _hits;

    public required Guid Id { get; init; }

    public required UInt128 TextHash
    {
        get => new(_textHashUpper, _textHashLower);
        init => (_textHashUpper, _textHashLower) = ((ulong)(value >> 64), (ulong)value);
    }

    /// <summary>
    /// Where the entry's record stands in the log: compaction moves it, under the gate. Readers take no lock and see one or
    /// the other. What they saw may be gone when they read it; then they look again.
    /// </summary>
    public required LogLocation Location
    {
        get
        {
            var spin = default(SpinWait);
            while (true)
            {
                long address = Volatile.Read(ref _address);
                int length = Volatile.Read(ref _length);
                if (address != Moving && address == Volatile.Read(ref _address))
                {
                    return new LogLocation(address, length);
                }

                spin.SpinOnce();
            }
        }

        set
        {
            Volatile.Write(ref _address, Moving);
            Volatile.Write(ref _length, value.Length);
            Volatile.Write(ref _address, value.Address);
        }
    }

    public required DateTimeOffset CreatedAt
    {
        get => new(_createdTicks, TimeSpan.Zero);
        init => _createdTicks = value.UtcTicks;
    }

    public required DateTimeOffset ExpiresAt
    {
        get => new(_expiresTicks, TimeSpan.Zero);
        init => _expiresTicks = value.UtcTicks;
    }

    /// <summary>
    /// What a hit saves, in the unit of its namespace, 1e−12…1e12: what callers claim beyond that is held to it. NaN when it is
    /// not known: the caller did not say, or said nothing above zero.
    /// </summary>
    public float Saving
    {
        get;
        init => field = value > 0 ? Math.Clamp(value, LeastSaving, MostSaving) : float.NaN;
    }
    = float.NaN;

    /// <summary>Times that the entry was served; stops at 65,535. One of two hits at the same moment may not be counted.</summary>
    public int Hits
    {
        get => _hits;
        set => _hits = (ushort)Math.Min(value, ushort.MaxValue);
    }

    /// <summary>What the namespace's policy of eviction remembers beside <see cref="Rank"/>.</summary>
    public byte Mark { get; set; }

    /// <summary>The entry's place in the order of eviction, as its namespace's policy understands it.</summary>
    public double Rank { get; set; }

    /// <summary>Never null; shared when empty.</summary>
    public required string[] Tags { get; init; }

    public required Partition Partition { get; init; }

    /// <summary>
    /// Address of the later record that holds the entry's vector of the present model; 0 when the entry's own does. Guarded
    /// by the partition's gate; a search that reads it meanwhile is content with either.
    /// </summary>
    public long ReembedAddress
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Place in the partition's vector index; negative: <see cref="NoVector"/>, <see cref="AwaitsVector"/>.</summary>
    public int IndexSlot { get; set; } = NoVector;

    /// <summary>Set before the entry leaves the maps: whoever still holds it must not serve it.</summary>
    public bool IsRemoved
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>The entry that a put record brings into being.</summary>
    /// <param name="header">The part of the record that is kept.</param>
    /// <param name="saved">What a hit saves; null when the caller did not say.</param>
    /// <param name="location">Where the record stands.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="partition">Its partition.</param>
    public static Entry Of(
        in PutHeader header, Savings? saved, LogLocation location, string[] tags, Partition partition) => new()
        {
            Id = header.EntryId,
            TextHash = header.TextHash,
            Location = location,
            CreatedAt = header.CreatedAt,
            ExpiresAt = header.ExpiresAt,
            Saving = partition.Namespace.Saving(saved),
            Tags = tags,
            Partition = partition,
        };

    /// <summary>The entry as callers see it.</summary>
    public CachedEntry ToCachedEntry(PutContent content) => new(
        Id,
        Partition.Identity.Namespace,
        Partition.Identity.Scope.ToDictionary(),
        content.Prompt,
        content.Response,
        content.Usage,
        content.Tags,
        CreatedAt,
        ExpiresAt);
}
