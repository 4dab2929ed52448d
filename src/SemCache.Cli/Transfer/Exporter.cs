using System.Text;
using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>Writes the entries of a namespace, one line each.</summary>
internal sealed class Exporter(ServerConnection connection)
{
    private const int BufferSize = 64 * 1024;

    private long _written;

    /// <summary>Entries written so far. Any thread may ask.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Appends the entries to the output. What was received is written also after an interruption.</summary>
    public async Task RunAsync(ExportEntriesRequest request, Stream output, CancellationToken cancellationToken)
    {
        using var call = connection.Admin.ExportEntries(request, cancellationToken: cancellationToken);
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), BufferSize, leaveOpen: true)
        {
            NewLine = "\n",
        };
        while (await call.ResponseStream.MoveNextAsync(connection.Timeout, cancellationToken))
        {
            await writer.WriteLineAsync(EntryLine.Format(call.ResponseStream.Current.Entry));
            Volatile.Write(ref _written, _written + 1);
        }
    }
}
