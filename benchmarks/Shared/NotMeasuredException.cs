namespace SemCache.Benchmarks;

/// <summary>Nothing, or a part less, could be measured, for a reason that whoever started the tool can remove.</summary>
internal sealed class NotMeasuredException(string message, Exception? inner = null) : Exception(message, inner);
