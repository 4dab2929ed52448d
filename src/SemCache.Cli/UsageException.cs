namespace SemCache.Cli;

/// <summary>The caller asked for something that makes no sense. The message is a sentence for the caller.</summary>
internal sealed class UsageException(string message) : Exception(message);
