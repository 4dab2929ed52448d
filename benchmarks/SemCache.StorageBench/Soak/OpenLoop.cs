using System.Diagnostics;
using Grpc.Core;
using SemCache.LoadTest.Serving;
using SemCache.StorageBench.Figures;
using SemCache.V1;

namespace SemCache.StorageBench.Soak;

/// <summary>
/// Sends lookups and stores at fixed rates, whether or not earlier ones are answered: a server that stands still for a
/// moment meets all the calls of that moment.
/// </summary>
internal sealed class OpenLoop(ServerConnections connections, string inNamespace, ChurnKeys keys, int lookups, int stores)
{
    private const int MostInFlight = 20_000;
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);

    private int _inFlight;
    private int _sent;
    private int _wrong;
    private int _refused;

    /// <summary>Exact hits.</summary>
    public Latencies ExactHits { get; } = new();

    /// <summary>All other lookups: they are embedded and searched for.</summary>
    public Latencies OtherLookups { get; } = new();

    /// <summary>Stores.</summary>
    public Latencies Stores { get; } = new();

    /// <summary>How late calls were sent: this side's own delay, which is in no other figure.</summary>
    public Latencies Lateness { get; } = new();

    /// <summary>Exact hits with the response of another prompt.</summary>
    public int Wrong => _wrong;

    /// <summary>Calls that the server refused.</summary>
    public int Refused => _refused;

    /// <summary>Sends for so long, and waits for the answers.</summary>
    /// <exception cref="NotMeasuredException">The server is too slow for the rates.</exception>
    public async Task RunAsync(TimeSpan duration, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        (long sentLookups, long sentStores) = (0, 0);
        for (TimeSpan now = TimeSpan.Zero; now < duration; now = Stopwatch.GetElapsedTime(begin))
        {
            for (; sentLookups < now.TotalSeconds * lookups; sentLookups++)
            {
                Send(TimeSpan.FromSeconds((double)sentLookups / lookups), begin, LookupAsync(keys.NextToLookUp(), cancellation));
            }

            for (; sentStores < now.TotalSeconds * stores; sentStores++)
            {
                Send(TimeSpan.FromSeconds((double)sentStores / stores), begin, StoreAsync(keys.NextToStore(), cancellation));
            }

            if (Volatile.Read(ref _inFlight) > MostInFlight)
            {
                throw new NotMeasuredException($"{MostInFlight} calls are unanswered: lower --lookups or --stores.");
            }

            await Task.Delay(_tick, cancellation);
        }

        while (Volatile.Read(ref _inFlight) > 0)
        {
            await Task.Delay(_tick, cancellation);
        }
    }

    private void Send(TimeSpan due, long begin, Task call)
    {
        Lateness.Record(Stopwatch.GetElapsedTime(begin) - due);
        Interlocked.Increment(ref _inFlight);
        _ = call.ContinueWith(
            _ => Interlocked.Decrement(ref _inFlight),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task LookupAsync(int key, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            LookupResponse answer = await Next().Cache.LookupAsync(
                Requests.Lookup(inNamespace, keys.Prompt(key)), cancellationToken: cancellation);
            bool isExact = answer.Outcome == Outcome.ExactHit;
            (isExact ? ExactHits : OtherLookups).Record(Stopwatch.GetElapsedTime(start));
            if (isExact && answer.Response.Text != keys.Response(key))
            {
                Interlocked.Increment(ref _wrong);
            }
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private async Task StoreAsync(int key, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await Next().Cache.StoreAsync(
                Requests.Store(inNamespace, keys.Prompt(key), keys.Response(key)), cancellationToken: cancellation);
            Stores.Record(Stopwatch.GetElapsedTime(start));
        }
        catch (RpcException) when (!cancellation.IsCancellationRequested)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private ServerConnection Next() => connections.For((int)((uint)Interlocked.Increment(ref _sent) % int.MaxValue));
}
