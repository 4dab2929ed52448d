using System.Diagnostics;
using SemCache.IndexBench.Indexes;

namespace SemCache.IndexBench.Live;

/// <summary>Adds and removes entries in turns, evenly over time. What it adds was not in the index at that moment.</summary>
internal sealed class Writer(RowIndex index, int rows, LivePlan plan)
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    private readonly Random _random = new(plan.Seed);
    private readonly List<int> _present = [.. Enumerable.Range(0, plan.Entries)];
    private readonly Queue<int> _absent = new(Enumerable.Range(plan.Entries, rows - plan.Entries));

    /// <summary>Writes until it is told to stop.</summary>
    public async Task<WriteFigures> RunAsync(CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        long writes = 0;
        int largest = 0;
        while (!stop.IsCancellationRequested)
        {
            double due = Stopwatch.GetElapsedTime(started).TotalSeconds * 2 * plan.Writes;
            for (; writes < due; writes++)
            {
                if (writes % 2 == 0)
                {
                    AddOne();
                }
                else
                {
                    RemoveOne();
                }
            }

            largest = Math.Max(largest, index.Index.Backlog);
            await Task.Delay(_tick, CancellationToken.None);
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new WriteFigures((writes + 1) / 2 / seconds, writes / 2 / seconds, largest, index.Index.Backlog);
    }

    private void AddOne()
    {
        int row = _absent.Dequeue();
        index.Add(row);
        _present.Add(row);
    }

    private void RemoveOne()
    {
        int place = _random.Next(_present.Count);
        int row = _present[place];
        _present[place] = _present[^1];
        _present.RemoveAt(_present.Count - 1);
        index.Remove(row);
        _absent.Enqueue(row);
    }
}
