using SemCache.Core.Prompts;

namespace SemCache.Core.Partitions;

/// <summary>
/// What makes a partition: namespace, scope, and the digest of a conversation's other messages. Compared in full;
/// <see cref="Digest"/> only names it in the entry log.
/// </summary>
internal sealed record PartitionIdentity(string Namespace, CanonicalScope Scope, UInt128 ContextDigest)
{
    /// <summary>The name of this partition in the entry log.</summary>
    public UInt128 Digest()
    {
        using var digest = new DigestBuilder();
        digest.Append(Namespace);
        digest.Append(Scope.Attributes.Length);
        foreach ((string key, string value) in Scope.Attributes)
        {
            digest.Append(key);
            digest.Append(value);
        }

        digest.Append(ContextDigest);
        return digest.ToUInt128();
    }
}
