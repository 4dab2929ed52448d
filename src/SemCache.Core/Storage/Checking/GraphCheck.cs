using System.Globalization;
using SemCache.Core.Indexing;
using SemCache.Core.Indexing.Snapshots;

namespace SemCache.Core.Storage.Checking;

/// <summary>Reads every saved graph and holds it against the log. A graph that is not sound costs a start time, no entry.</summary>
/// <remarks>One graph is in memory at a time.</remarks>
internal sealed class GraphCheck(string folder, LogIdentity log, long logTail, EntryBook book, Findings findings)
{
    private const string Extension = ".graph";

    private readonly string _path = Path.Combine(folder, GraphSnapshots.FolderName);

    /// <summary>Graphs that are sound.</summary>
    public int Run(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_path))
        {
            return 0;
        }

        int sound = 0;
        foreach (string file in Directory.EnumerateFiles(_path).Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = "graphs/" + Path.GetFileName(file);
            if (!file.EndsWith(Extension, StringComparison.Ordinal)
                || !System.UInt128.TryParse(
                    Path.GetFileNameWithoutExtension(file), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out UInt128 partition))
            {
                findings.Note(name, "no saved graph has this name; not read", bytes: new FileInfo(file).Length);
                continue;
            }

            sound += IsSound(file, name, partition) ? 1 : 0;
        }

        return sound;
    }

    private bool IsSound(string path, string name, UInt128 partition)
    {
        long before = findings.Problems;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Span<byte> header = stackalloc byte[SnapshotHeader.Bytes];
            int read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            file.Position = 0;
            SnapshotIdentity told = SnapshotHeader.IdentityIn(header, log) with { Partition = partition };
            GraphSnapshot snapshot = GraphSnapshot.Read(file, told, logTail, IndexSettings.Default.EfConstruction);
            foreach (string problem in snapshot.Graph.Validate())
            {
                findings.Problem(name, problem);
            }

            CheckOrigins(name, snapshot, told);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            findings.Problem(name, $"of no use: {exception.Message}", bytes: new FileInfo(path).Length);
        }

        return findings.Problems == before;
    }

    private void CheckOrigins(string name, GraphSnapshot snapshot, in SnapshotIdentity told)
    {
        if (book.Dimensions.TryGetValue(told.Embedder, out int dimension) && dimension > 0 && dimension != told.Dimension)
        {
            findings.Problem(name, $"its vectors have {told.Dimension} components, those of its embedder in the log {dimension}");
        }

        HashSet<ulong> present =
            [.. book.Find(told.Partition)?.Entries.Values.Select(entry => RowOrigin.Of(entry.Id)) ?? []];
        var seen = new HashSet<ulong>();
        (int gone, int twice, int unlinked) = (0, 0, 0);
        for (int slot = 0; slot < snapshot.Origins.Length; slot++)
        {
            ulong origin = snapshot.Origins[slot];
            if (origin != RowOrigin.None)
            {
                twice += seen.Add(origin) ? 0 : 1;
                unlinked += snapshot.Graph.IsLinked(slot) ? 0 : 1;
                gone += present.Contains(origin) ? 0 : 1;
            }
        }

        Report(twice, "entries have more than one row");
        Report(unlinked, "rows are of an entry but not linked");
        if (gone > 0)
        {
            findings.Note(name, $"{gone} of {seen.Count} rows are of entries that were replaced or removed since; a start takes them out");
        }

        void Report(int count, string what)
        {
            if (count > 0)
            {
                findings.Problem(name, $"{count} {what}");
            }
        }
    }
}
