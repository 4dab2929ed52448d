using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SemCache.Cli.Transfer;

/// <summary>Splits a stream into lines of bytes, so that one undecodable line does not spoil the others.</summary>
internal static class Utf8LineReader
{
    private const int BufferSize = 256 * 1024;

    public static async IAsyncEnumerable<Utf8Line> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferSize, leaveOpen: true));
        var number = 0L;
        var offset = 0L;
        var completed = false;
        while (!completed)
        {
            // A read from a terminal cannot be cancelled, only abandoned.
            var result = await reader.ReadAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
            var buffer = result.Buffer;
            completed = result.IsCompleted;
            while (TryTakeLine(ref buffer, completed, out var line, out var taken))
            {
                offset += taken;
                yield return new Utf8Line(++number, line, offset);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync();
    }

    private static bool TryTakeLine(
        ref ReadOnlySequence<byte> buffer, bool completed, out byte[] line, out long taken)
    {
        var end = buffer.PositionOf((byte)'\n');
        if (end is null && (!completed || buffer.IsEmpty))
        {
            (line, taken) = ([], 0);
            return false;
        }

        var bytes = end is { } found ? buffer.Slice(0, found) : buffer;
        line = bytes.ToArray();
        taken = line.Length + (end is null ? 0 : 1);
        buffer = buffer.Slice(taken);
        return true;
    }
}
