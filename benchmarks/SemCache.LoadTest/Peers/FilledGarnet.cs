using System.Net;
using SemCache.LoadTest.Reporting;
using StackExchange.Redis;

namespace SemCache.LoadTest.Peers;

/// <summary>
/// A Garnet server in a process of its own, over the loopback: every response under its prompt as key, and every prompt as an
/// element of a vector set, with the vector that SemCache would give it.
/// </summary>
internal sealed class FilledGarnet : IAsyncDisposable
{
    private const string Vectors = "vectors";
    private const int WritesAtATime = 64;

    // Next to the index's M 16, EfConstruction 200 and EfSearch 128: DiskANN's degree is HNSW's on the lowest layer, 2 M.
    private const int MaxDegree = 32;
    private const int EfConstruction = 200;
    private const int EfSearch = 128;

    private readonly ChildProcess _process;
    private readonly ConnectionMultiplexer[] _connections;
    private readonly ClientEmbedder _embedder;

    private FilledGarnet(ChildProcess process, ConnectionMultiplexer[] connections, ClientEmbedder embedder) =>
        (_process, _connections, _embedder) = (process, connections, embedder);

    /// <summary>Starts a server and stores everything.</summary>
    /// <param name="entries">What is stored.</param>
    /// <param name="connections">Connections to it.</param>
    /// <param name="embedder">Makes the vectors; belongs to the caller.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="NotMeasuredException">Garnet fails.</exception>
    public static async Task<FilledGarnet> StartAsync(
        IReadOnlyList<Question> entries, int connections, ClientEmbedder embedder, CancellationToken cancellation)
    {
        Report.Progress($"Storing {entries.Count:N0} entries in Garnet");
        (ChildProcess process, int port) = await GarnetProcess.StartAsync(cancellation);
        var garnet = new FilledGarnet(process, new ConnectionMultiplexer[connections], embedder);
        try
        {
            await garnet.ConnectAsync(port);
            await garnet.FillAsync(entries, cancellation);
            return garnet;
        }
        catch (Exception problem)
        {
            await garnet.DisposeAsync();
            if (problem is RedisException or TimeoutException)
            {
                throw new NotMeasuredException($"Garnet: {problem.Message}", problem);
            }

            throw;
        }
    }

    /// <summary>The response under a key; null when there is none.</summary>
    public async Task<string?> GetAsync(int lane, string text) => await DatabaseOf(lane).StringGetAsync(text);

    /// <summary>The response under the key that is the nearest element to a text, however far it is; null when there is none.</summary>
    public async Task<string?> FindNearestAsync(int lane, string text, CancellationToken cancellation)
    {
        IDatabase database = DatabaseOf(lane);
        if (await _embedder.EmbedAsync(text, cancellation) is not { } vector)
        {
            return null;
        }

        var nearest = (RedisResult[]?)await database.ExecuteAsync(
            "VSIM", Vectors, "FP32", vector, "COUNT", 1, "EF", EfSearch);
        return nearest is [{ } element, ..] ? await database.StringGetAsync((string?)element) : (string?)null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConnectionMultiplexer connection in _connections.OfType<ConnectionMultiplexer>())
        {
            await connection.DisposeAsync();
        }

        await _process.DisposeAsync();
    }

    private IDatabase DatabaseOf(int lane) => _connections[lane % _connections.Length].GetDatabase();

    private async Task ConnectAsync(int port)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { new IPEndPoint(IPAddress.Loopback, port) },
            AsyncTimeout = (int)TimeSpan.FromMinutes(1).TotalMilliseconds,
        };
        for (int i = 0; i < _connections.Length; i++)
        {
            _connections[i] = await ConnectionMultiplexer.ConnectAsync(options);
        }
    }

    private Task FillAsync(IReadOnlyList<Question> entries, CancellationToken cancellation) => Parallel.ForAsync(
        0,
        entries.Count,
        new ParallelOptions { MaxDegreeOfParallelism = WritesAtATime, CancellationToken = cancellation },
        async (i, token) =>
        {
            IDatabase database = DatabaseOf(i);
            await database.StringSetAsync(entries[i].Text, entries[i].Response);
            if (await _embedder.EmbedAsync(entries[i].Text, token) is { } vector)
            {
                await database.ExecuteAsync(
                    "VADD", Vectors, "FP32", vector, entries[i].Text, "NOQUANT",
                    "EF", EfConstruction, "M", MaxDegree, "XDISTANCE_METRIC", "COSINE");
            }
        });
}
