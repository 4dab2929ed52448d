namespace SemCache.LoadTest.Commands;

/// <summary>Nothing could be measured, for a reason that whoever started the tool can remove.</summary>
internal sealed class LoadTestException(string message, Exception? inner = null) : Exception(message, inner);
