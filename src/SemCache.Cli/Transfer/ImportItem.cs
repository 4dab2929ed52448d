using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>A line of the imported file on its way to the server.</summary>
internal sealed record ImportItem(long Line, StoreRequest Request);
