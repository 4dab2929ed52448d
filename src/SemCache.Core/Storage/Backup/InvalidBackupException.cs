namespace SemCache.Core.Storage.Backup;

/// <summary>A backup cannot be used. The message begins with the file in question and says what is wrong with it.</summary>
internal sealed class InvalidBackupException(string message, Exception? inner = null) : Exception(message, inner);
