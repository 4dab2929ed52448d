namespace SemCache.Core.Storage;

/// <summary>How far a start has come: bytes of the snapshot, then bytes of the log. Safe for concurrent use.</summary>
internal sealed class RecoveryProgress
{
    private double _ofSnapshot;
    private double _ofLog;
    private bool _hasSnapshot;

    /// <summary>Share of what is to be read, 0…1. Snapshot and log count alike, for neither says how long the other takes.</summary>
    public double Share
    {
        get
        {
            double ofLog = Volatile.Read(ref _ofLog);
            return Volatile.Read(ref _hasSnapshot) ? (Volatile.Read(ref _ofSnapshot) + ofLog) / 2 : ofLog;
        }
    }

    /// <summary>So much of the snapshot is read.</summary>
    public void OfSnapshot(long done, long total)
    {
        Volatile.Write(ref _hasSnapshot, true);
        Volatile.Write(ref _ofSnapshot, (double)done / total);
    }

    /// <summary>So much of the log is read.</summary>
    public void OfLog(long done, long total) => Volatile.Write(ref _ofLog, total == 0 ? 1 : (double)done / total);
}
