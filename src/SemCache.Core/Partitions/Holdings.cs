using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>What all namespaces hold together.</summary>
internal sealed class Holdings
{
    /// <summary>Bytes of memory that entries and partitions take.</summary>
    public ByteAccount Memory { get; } = new();

    /// <summary>Bytes that the entries' records take in the log.</summary>
    public ByteAccount Disk { get; } = new();

    /// <summary>Responses that were served lately.</summary>
    public HotResponses HotResponses { get; } = new();
}
