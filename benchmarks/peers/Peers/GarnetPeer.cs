using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using SemCache.Peers.Commands;
using SemCache.Peers.Data;
using StackExchange.Redis;

namespace SemCache.Peers.Peers;

/// <summary>Garnet's vector sets (VADD, VSIM, VREM) over the loopback.</summary>
/// <remarks>
/// "Threads" are connections, for Garnet serves a connection on one thread. Where the time of one thread is asked for,
/// one query is under way at a time; otherwise <see cref="Pipelined"/> on every connection.
/// </remarks>
internal sealed class GarnetPeer(DataSet data, int mostEntries) : IPeer
{
    private const string Key = "vectors";
    private const int MaxDegree = 32;
    private const int EfConstruction = 200;
    private const int Pipelined = 32;

    private ChildProcess? _process;
    private ConnectionMultiplexer[] _connections = [];
    private long _emptyBytes;

    public string Name => PeerNames.Garnet;

    public string Remarks =>
        $"vector sets (DiskANN) of Microsoft.Garnet, NOQUANT, COSINE, M {MaxDegree} (DiskANN's degree; HNSW's M 16 allows "
        + $"as many on its lowest layer), EF {EfConstruction}, over the loopback: every query includes a network hop and "
        + $"shares the cores with its client; one core: one query under way at a time; all cores: {Pipelined} under way on "
        + "each of as many connections as cores; bytes: growth of the server's resident memory, everything included";

    public bool HasEf => true;

    public int MostEntries => mostEntries;

    public async Task<double> BuildAsync(int[] rows, int threads, CancellationToken cancellation)
    {
        // A new process, since a dropped set is cleared away later, in the background.
        await DisposeAsync();
        (_process, int port) = await GarnetProcess.StartAsync(cancellation);
        _connections = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ =>
            ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
            {
                EndPoints = { new IPEndPoint(IPAddress.Loopback, port) },
                AsyncTimeout = (int)TimeSpan.FromMinutes(1).TotalMilliseconds,
            })));
        _emptyBytes = _process.ResidentBytes;
        long started = Stopwatch.GetTimestamp();
        await ForEachAsync(rows, threads, AddAsync);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public Task<PeerBytes> BytesAsync(CancellationToken cancellation) =>
        Task.FromResult(new PeerBytes(null, _process!.ResidentBytes - _emptyBytes));

    public async Task<int[]> FindAsync(int k, int ef, CancellationToken cancellation)
    {
        int[] found = new int[data.Queries.Rows * k];
        Array.Fill(found, -1);
        await ForEachAsync([.. Enumerable.Range(0, data.Queries.Rows)], _connections.Length, async (connection, query) =>
        {
            var nearest = (RedisResult[])(await SearchAsync(connection, query, k, ef))!;
            for (int place = 0; place < Math.Min(nearest.Length, k); place++)
            {
                found[(query * k) + place] = BitConverter.ToInt32((byte[])nearest[place]!);
            }
        });
        return found;
    }

    public async Task<double> TimeAsync(
        int k, int ef, int threads, TimeSpan duration, CancellationToken cancellation)
    {
        int callers = threads == 1 ? 1 : threads * Pipelined;
        long total = 0;
        long started = Stopwatch.GetTimestamp();
        await CallAsync(callers, async caller =>
        {
            int query = data.Queries.Rows * caller / callers;
            for (; Stopwatch.GetElapsedTime(started) < duration; query = (query + 1) % data.Queries.Rows)
            {
                await SearchAsync(_connections[caller % threads], query, k, ef);
                Interlocked.Increment(ref total);
            }
        });
        return total / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public async Task<double> ReplaceAsync(int[] removed, int[] added, int threads, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        await ForEachAsync(removed, threads, async (connection, row) =>
            Expect(row, (int)await connection.GetDatabase().ExecuteAsync("VREM", Key, BitConverter.GetBytes(row))));
        await ForEachAsync(added, threads, AddAsync);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConnectionMultiplexer connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _connections = [];
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    private async Task AddAsync(ConnectionMultiplexer connection, int row) => Expect(row, (int)await connection
        .GetDatabase()
        .ExecuteAsync(
            "VADD", Key, "FP32", Blob(data.Vectors.Row(row)), BitConverter.GetBytes(row), "NOQUANT",
            "EF", EfConstruction, "M", MaxDegree, "XDISTANCE_METRIC", "COSINE"));

    private Task<RedisResult> SearchAsync(ConnectionMultiplexer connection, int query, int k, int ef) => connection
        .GetDatabase()
        .ExecuteAsync("VSIM", Key, "FP32", Blob(data.Queries.Row(query)), "COUNT", k, "EF", ef);

    private static byte[] Blob(ReadOnlySpan<float> vector) => MemoryMarshal.AsBytes(vector).ToArray();

    private static void Expect(int row, int changed)
    {
        if (changed != 1)
        {
            throw new NotMeasuredException($"Garnet answered {changed} instead of 1 for row {row}.");
        }
    }

    private async Task ForEachAsync(int[] items, int connections, Func<ConnectionMultiplexer, int, Task> work)
    {
        int next = -1;
        await CallAsync(connections * Pipelined, async caller =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < items.Length;)
            {
                await work(_connections[caller % connections], items[i]);
            }
        });
    }

    private static async Task CallAsync(int callers, Func<int, Task> work)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => work(caller))));
        }
        catch (Exception problem) when (problem is RedisException or TimeoutException)
        {
            throw new NotMeasuredException($"Garnet: {problem.Message}", problem);
        }
    }
}
