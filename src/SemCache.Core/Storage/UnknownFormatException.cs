namespace SemCache.Core.Storage;

/// <summary>A log is of a format that this program does not know, and is sound for all it can tell.</summary>
internal sealed class UnknownFormatException(string message) : CacheStartupException(message);
