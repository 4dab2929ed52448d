namespace SemCache.Core.Storage;

/// <summary>Where a record stands in the entry log.</summary>
/// <param name="Address">Logical address, in bytes from the beginning of the log's first segment.</param>
/// <param name="Length">Bytes of the record.</param>
internal readonly record struct LogLocation(long Address, int Length);
