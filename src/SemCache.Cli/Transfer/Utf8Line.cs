namespace SemCache.Cli.Transfer;

/// <summary>A line of a file.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Bytes">The line without its end.</param>
/// <param name="EndOffset">Offset of the first byte behind the line and its end.</param>
internal readonly record struct Utf8Line(long Number, byte[] Bytes, long EndOffset);
