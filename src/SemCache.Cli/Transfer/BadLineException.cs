namespace SemCache.Cli.Transfer;

/// <summary>A line does not hold an entry. The message says what is wrong with it.</summary>
internal sealed class BadLineException(string message) : Exception(message);
