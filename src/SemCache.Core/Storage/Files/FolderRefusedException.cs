namespace SemCache.Core.Storage;

/// <summary>A folder cannot be used for what was asked. The message is one sentence that names it.</summary>
internal sealed class FolderRefusedException(string message, Exception? inner = null) : Exception(message, inner);
