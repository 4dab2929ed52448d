namespace SemCache.Core.Partitions;

/// <summary>
/// Bytes, of memory or of the log, that something holds. What is added counts for what contains it too. Safe for concurrent use.
/// </summary>
/// <param name="parent">The account of what contains it; null for the whole.</param>
internal sealed class ByteAccount(ByteAccount? parent = null)
{
    private long _bytes;

    /// <summary>Bytes held.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds bytes, or takes away when negative.</summary>
    public void Add(long bytes)
    {
        if (bytes != 0)
        {
            Interlocked.Add(ref _bytes, bytes);
            parent?.Add(bytes);
        }
    }
}

/// <summary>One thing's part of an account: is told what the thing holds now, and adds what has changed.</summary>
/// <remarks>One writer at a time.</remarks>
internal struct AccountedBytes
{
    private long _bytes;

    /// <summary>Bytes that were told last.</summary>
    public readonly long Bytes => _bytes;

    /// <summary>Tells what the thing holds now.</summary>
    public void Set(long bytes, ByteAccount account)
    {
        account.Add(bytes - _bytes);
        _bytes = bytes;
    }
}
