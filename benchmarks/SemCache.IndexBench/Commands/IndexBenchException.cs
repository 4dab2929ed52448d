namespace SemCache.IndexBench.Commands;

/// <summary>Nothing could be measured, for a reason that whoever started the bench can remove.</summary>
internal sealed class IndexBenchException(string message) : Exception(message);
