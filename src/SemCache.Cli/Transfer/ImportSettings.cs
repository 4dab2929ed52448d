namespace SemCache.Cli.Transfer;

/// <summary>How an import works.</summary>
/// <param name="NamespaceOverride">Where all entries go; null leaves each in the namespace that its line names.</param>
/// <param name="Strict">Stop at the first bad line.</param>
/// <param name="Streams">StoreMany calls at once.</param>
/// <param name="Window">Unanswered items a stream may have.</param>
internal sealed record ImportSettings(string? NamespaceOverride, bool Strict, int Streams, int Window);
