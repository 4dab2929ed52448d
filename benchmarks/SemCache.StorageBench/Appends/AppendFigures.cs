using SemCache.Peers.Measuring;

namespace SemCache.StorageBench.Appends;

/// <summary>One way's figures, a value a round.</summary>
internal sealed class WaySamples
{
    /// <summary>Durable appends a second.</summary>
    public Samples PerSecond { get; } = new();

    /// <summary>99th percentile of their latency, in milliseconds.</summary>
    public Samples P99 { get; } = new();

    public void Add(WriterFigures figures)
    {
        PerSecond.Add(figures.PerSecond);
        P99.Add(figures.P99);
    }
}

/// <summary>The three ways with one number of writers and one size of responses.</summary>
/// <param name="Writers">Writers at the same time.</param>
/// <param name="ResponseBytes">Bytes of a response.</param>
/// <param name="RecordBytes">Bytes of its record: with prompt, vector and header.</param>
/// <param name="Raw">FasterLog by itself.</param>
/// <param name="Log">The entry log.</param>
/// <param name="Store">The engine's whole store.</param>
internal sealed record AppendFigures(
    int Writers, int ResponseBytes, int RecordBytes, WaySamples Raw, WaySamples Log, WaySamples Store)
{
    /// <summary>Appends of the entry log for each of FasterLog's: median over the rounds.</summary>
    public double? LogToRaw => Log.PerSecond.RatioTo(Raw.PerSecond);

    /// <summary>Stores for each append of FasterLog: median over the rounds.</summary>
    public double? StoreToRaw => Store.PerSecond.RatioTo(Raw.PerSecond);
}
