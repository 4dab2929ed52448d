using SemCache.Peers.Commands;
using SemCache.Peers.Data;

namespace SemCache.Peers.Peers;

/// <summary>Makes the peers of a run.</summary>
internal static class PeerFactory
{
    /// <summary>Names that <see cref="CreateAsync"/> knows, in the order of their turns.</summary>
    public static IReadOnlyList<string> Names { get; } = [PeerNames.Ours, PeerNames.Hnswlib, PeerNames.Flat, PeerNames.Garnet];

    /// <summary>Makes a peer for a data set.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="data">What it will be filled with.</param>
    /// <param name="garnetEntries">Most entries that Garnet is measured with.</param>
    /// <exception cref="NotMeasuredException">It cannot run on this machine.</exception>
    public static async Task<IPeer> CreateAsync(
        string name, DataSet data, int garnetEntries, CancellationToken cancellation) => name switch
        {
            PeerNames.Ours => new OursPeer(data),
            PeerNames.Hnswlib => await HnswlibPeer.StartAsync(data, cancellation),
            PeerNames.Flat => new FlatPeer(data),
            PeerNames.Garnet => new GarnetPeer(data, garnetEntries),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such peer."),
        };
}
