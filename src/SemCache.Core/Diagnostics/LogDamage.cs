namespace SemCache.Core.Diagnostics;

/// <summary>
/// What of the entry log a start could not read. Entries that stood there are lost. So are removals: what they removed may be
/// served again.
/// </summary>
/// <param name="MissingSegments">Files that are not there.</param>
/// <param name="Ranges">Stretches between whole records that are none.</param>
/// <param name="Bytes">Bytes in these stretches.</param>
public readonly record struct LogDamage(long MissingSegments, int Ranges, long Bytes)
{
    /// <summary>Whether there is any.</summary>
    public bool IsAny => MissingSegments > 0 || Ranges > 0;
}
