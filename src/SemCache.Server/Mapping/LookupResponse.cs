namespace SemCache.V1;

/// <content>What the server's marshaller needs to know beside the fields of the contract.</content>
internal sealed partial class LookupResponse
{
    /// <summary>A response that is a text, in place of <see cref="Response"/>: the marshaller writes it as it is.</summary>
    public Core.CachedResponse? StoredText { get; set; }
}
