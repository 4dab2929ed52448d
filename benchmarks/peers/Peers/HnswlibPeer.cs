using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SemCache.Peers.Commands;
using SemCache.Peers.Data;

namespace SemCache.Peers.Peers;

/// <summary>nmslib's hnswlib in a process of its own, which is told what to do in lines and answers in JSON.</summary>
internal sealed class HnswlibPeer : IPeer
{
    private const int M = 16;
    private const int EfConstruction = 200;

    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;

    private HnswlibPeer(DirectoryInfo folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    public string Name => PeerNames.Hnswlib;

    public string Remarks =>
        $"nmslib's hnswlib (libhnswlib-dev), `g++ {HnswlibProgram.Flags}`, float32, inner product, M {M}, efConstruction "
        + $"{EfConstruction}, in a process of its own that times itself; vector + links: components, links of all layers "
        + "and the pointer to the upper ones; all: labels, label map, levels and locks too; churn: a vector is marked deleted, "
        + "the next one added under its label (updatePoint), for it has no removal";

    public bool HasEf => true;

    public int MostEntries => int.MaxValue;

    /// <summary>Compiles and starts it.</summary>
    /// <exception cref="NotMeasuredException">It cannot be compiled or started; the message says what to install.</exception>
    public static async Task<HnswlibPeer> StartAsync(DataSet data, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("semcache-peers-hnswlib-");
        try
        {
            string program = await HnswlibProgram.CompileAsync(folder.FullName, cancellation);
            string vectors = Path.Combine(folder.FullName, "vectors");
            string queries = Path.Combine(folder.FullName, "queries");
            data.Vectors.Write(vectors);
            data.Queries.Write(queries);
            return new HnswlibPeer(
                folder, ChildProcess.Start(program, [vectors, queries, $"{M}", $"{EfConstruction}"]));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async Task<double> BuildAsync(int[] rows, int threads, CancellationToken cancellation)
    {
        string ids = WriteIds("ids", rows);
        return (await AskAsync($"build {ids} {threads}", cancellation))["seconds"];
    }

    public async Task<PeerBytes> BytesAsync(CancellationToken cancellation)
    {
        Dictionary<string, double> bytes = await AskAsync("bytes", cancellation);
        return new PeerBytes(bytes["vectorAndLinks"], bytes["all"]);
    }

    public async Task<int[]> FindAsync(int k, int ef, CancellationToken cancellation)
    {
        string found = Path.Combine(_folder.FullName, "found");
        await AskAsync($"find {k} {ef} {Environment.ProcessorCount} {found}", cancellation);
        return MemoryMarshal.Cast<byte, int>(await File.ReadAllBytesAsync(found, cancellation)).ToArray();
    }

    public async Task<double> TimeAsync(
        int k, int ef, int threads, TimeSpan duration, CancellationToken cancellation)
    {
        Dictionary<string, double> times = await AskAsync(
            string.Create(CultureInfo.InvariantCulture, $"time {k} {ef} {threads} {duration.TotalSeconds}"), cancellation);
        return times["queries"] / times["seconds"];
    }

    public async Task<double> ReplaceAsync(int[] removed, int[] added, int threads, CancellationToken cancellation)
    {
        string gone = WriteIds("removed", removed);
        string come = WriteIds("added", added);
        return (await AskAsync($"replace {gone} {come} {threads}", cancellation))["seconds"];
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string WriteIds(string name, int[] rows)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(rows.AsSpan()));
        return path;
    }

    private async Task<Dictionary<string, double>> AskAsync(string command, CancellationToken cancellation)
    {
        await _process.WriteLineAsync(command, cancellation);
        return Figures(await _process.ReadLineAsync(cancellation));
    }

    private static Dictionary<string, double> Figures(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("error", out JsonElement error)
            ? throw new NotMeasuredException($"hnswlib: {error.GetString()}")
            : json.RootElement.EnumerateObject().ToDictionary(figure => figure.Name, figure => figure.Value.GetDouble());
    }
}
