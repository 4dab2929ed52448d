using Grpc.Core;
using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>
/// Stores the entries of a file. Several streams work at once, because a durable store waits for a commit that many
/// can share. Of several lines for the same prompt the last one in the file wins.
/// </summary>
internal sealed class Importer(
    ServerConnection connection, ImportSettings settings, ImportLedger ledger, TimeProvider time,
    Action<long, string> warn)
{
    private readonly OpenPrompts _openPrompts = new();
    private readonly PatientStore _patientStore = new(connection, time);

    /// <summary>Imports all lines that the ledger does not hold as settled.</summary>
    /// <param name="input">The file.</param>
    /// <param name="lineDone">Called after each line that was read, by one thread at a time.</param>
    /// <param name="cancellationToken">Stops at once; the ledger says what was acknowledged until then.</param>
    public async Task RunAsync(Stream input, Action<Utf8Line> lineDone, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var streams = Enumerable.Range(0, settings.Streams)
            .Select(_ => new StoreStream(
                connection.Cache.StoreMany(cancellationToken: ended.Token), settings.Window, connection.Timeout))
            .ToArray();
        try
        {
            await Together.RunAsync(
                [
                    cancel => SendAsync(input, streams, lineDone, cancel),
                    .. streams.Select(stream => (Func<CancellationToken, Task>)(
                        cancel => stream.ReceiveAsync(SettleAsync, cancel))),
                ],
                cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            Array.ForEach(streams, stream => stream.Dispose());
        }
    }

    private async Task SendAsync(
        Stream input, StoreStream[] streams, Action<Utf8Line> lineDone, CancellationToken cancellationToken)
    {
        var first = ledger.SettledThrough + 1;
        await foreach (var line in Utf8LineReader.ReadAsync(input, cancellationToken))
        {
            if (line.Number >= first && Read(line) is { } item)
            {
                await _openPrompts.OpenAsync(item.Request, cancellationToken);
                await streams[line.Number % streams.Length].SendAsync(item, cancellationToken);
            }

            lineDone(line);
        }

        foreach (var stream in streams)
        {
            await stream.CompleteAsync();
        }
    }

    /// <summary>What the line asks to store; null when the line needs no store and is settled.</summary>
    private ImportItem? Read(Utf8Line line)
    {
        if (line.Bytes.AsSpan().Trim(" \t\r"u8).IsEmpty)
        {
            ledger.Settle(line.Number, LineFate.Blank);
            return null;
        }

        try
        {
            var entry = EntryLine.Parse(line.Bytes);
            if (EntryToStore.TryMap(entry, settings.NamespaceOverride, time.GetUtcNow(), out var request))
            {
                return new ImportItem(line.Number, request);
            }

            ledger.Settle(line.Number, LineFate.Expired);
        }
        catch (BadLineException e)
        {
            SettleBad(line.Number, e.Message);
        }

        return null;
    }

    private async Task SettleAsync(ImportItem item, StoreManyResponse answer, CancellationToken cancellationToken)
    {
        await JudgeAsync(item, answer, cancellationToken);
        _openPrompts.Close(item.Request);
    }

    private async Task JudgeAsync(ImportItem item, StoreManyResponse answer, CancellationToken cancellationToken)
    {
        if (answer.Error is not { } error)
        {
            SettleStored(item.Line, answer.Stored);
            return;
        }

        var code = (StatusCode)error.Code;
        switch (code)
        {
            case StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition:
                SettleBad(item.Line, error.Message);
                break;
            case StatusCode.ResourceExhausted or StatusCode.Unavailable or StatusCode.Aborted
                or StatusCode.DeadlineExceeded:
                SettleStored(item.Line, await _patientStore.StoreAsync(item.Request, cancellationToken));
                break;
            default:
                throw new RpcException(new Status(code, $"line {item.Line}: {error.Message}"));
        }
    }

    private void SettleStored(long line, StoreResponse stored)
    {
        if (stored.NotAdmitted == NotAdmittedReason.Unspecified)
        {
            ledger.Settle(line, LineFate.Stored);
            return;
        }

        warn(line, $"not admitted: {stored.Message}");
        ledger.Settle(line, LineFate.NotAdmitted);
    }

    private void SettleBad(long line, string message)
    {
        if (settings.Strict)
        {
            throw new PartlyFailedException($"Line {line}: {message.TrimEnd('.')}. The import stopped there (--strict).");
        }

        warn(line, message);
        ledger.Settle(line, LineFate.Bad);
    }
}
