namespace SemCache.StorageBench.Appends;

/// <summary>What `appends` measures.</summary>
/// <param name="Writers">Numbers of writers.</param>
/// <param name="ResponseBytes">Sizes of responses, measured with each number of writers.</param>
/// <param name="Seconds">How long a way is measured in a round.</param>
/// <param name="Rounds">Rounds.</param>
/// <param name="Folder">Where folders for logs are made.</param>
internal sealed record AppendPlan(int[] Writers, int[] ResponseBytes, int Seconds, int Rounds, string Folder);
