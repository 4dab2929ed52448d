using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.IndexBench.Partitions;

/// <summary>Scopes as services send them: every tenant has a system prompt of its own.</summary>
internal static class TenantScopes
{
    private const string Namespace = "support";

    public static PartitionIdentity Of(int tenant) => new(
        Namespace,
        CanonicalScope.Of(
        [
            // Every request brings strings of its own; none is shared.
            KeyValuePair.Create(Copy("model"), Copy("gpt-4o-mini")),
            KeyValuePair.Create(Copy("temperature"), Copy("0.2")),
            KeyValuePair.Create(
                Copy("system_prompt"),
                $"You answer questions of the customers of shop {tenant:D6}. Be brief and polite, and never guess."),
        ]),
        ContextDigest: 0);

    private static string Copy(string text) => new(text.AsSpan());
}
