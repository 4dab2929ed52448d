namespace SemCache.Cli;

/// <summary>A strict import met a bad line. The message says which line and what is wrong with it.</summary>
internal sealed class PartlyFailedException(string message) : Exception(message);
