using System.Collections.Concurrent;

namespace SemCache.Core.Storage;

/// <content>Records that must stand in front of everything that is appended from now on.</content>
internal sealed partial class EntryLog
{
    private readonly ConcurrentQueue<byte[]> _owed = new();
    private readonly Lock _paying = new();

    /// <summary>
    /// Appends records now, or as soon as the log takes any, in front of all others. They are as durable as what is appended
    /// behind them: whoever loses them has lost that too. After <see cref="Recover"/>, before anything is appended.
    /// </summary>
    /// <param name="records">Remove records: they name no partition.</param>
    /// <returns>False when the log does not take them at present.</returns>
    public bool AppendFirst(IEnumerable<byte[]> records)
    {
        foreach (byte[] record in records)
        {
            _owed.Enqueue(record);
        }

        try
        {
            return Status.IsHealthy && TryPay();
        }
        catch (CacheUnavailableException)
        {
            // Whoever appends next is told.
            return false;
        }
    }

    // A record leaves the queue when it is in the log: who finds the queue empty appends behind it.
    private bool TryPay()
    {
        if (_owed.IsEmpty)
        {
            return true;
        }

        lock (_paying)
        {
            while (_owed.TryPeek(out byte[]? record))
            {
                if (!TryEnqueue(record, out _))
                {
                    return false;
                }

                _owed.TryDequeue(out _);
            }

            return true;
        }
    }
}
