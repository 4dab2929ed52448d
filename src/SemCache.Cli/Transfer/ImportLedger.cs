namespace SemCache.Cli.Transfer;

/// <summary>
/// What became of each line of an import. Lines settle out of order, since several streams carry them;
/// <see cref="SettledThrough"/> is the last line up to which none is open. All members may be called by any thread.
/// </summary>
internal sealed class ImportLedger(long alreadySettled)
{
    private readonly Lock _gate = new();

    /// <summary>Settled lines behind the first open one: at most as many as are in flight.</summary>
    private readonly HashSet<long> _ahead = [];

    private long _settledThrough = alreadySettled;
    private ImportFigures _figures;

    public long SettledThrough
    {
        get
        {
            lock (_gate)
            {
                return _settledThrough;
            }
        }
    }

    public ImportFigures Figures
    {
        get
        {
            lock (_gate)
            {
                return _figures;
            }
        }
    }

    public void Settle(long line, LineFate fate)
    {
        lock (_gate)
        {
            _figures = _figures.Plus(fate);
            _ahead.Add(line);
            while (_ahead.Remove(_settledThrough + 1))
            {
                _settledThrough++;
            }
        }
    }
}
