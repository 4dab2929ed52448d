using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>What all namespaces hold together.</summary>
internal sealed class Holdings
{
    /// <summary>Bytes of memory that entries and partitions take.</summary>
    public ByteAccount Memory { get; } = new();

    /// <summary>Responses that were served lately.</summary>
    public HotResponses HotResponses { get; } = new();
}
