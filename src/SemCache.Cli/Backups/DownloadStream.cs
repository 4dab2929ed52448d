using Grpc.Core;
using SemCache.Cli.Transfer;
using SemCache.V1;

namespace SemCache.Cli.Backups;

/// <summary>A backup as it comes from the server: whoever reads it has every byte written to a file before.</summary>
internal sealed class DownloadStream(IAsyncStreamReader<BackupResponse> pieces, TimeSpan timeout, Stream file) : Stream
{
    private ReadOnlyMemory<byte> _piece;
    private long _received;
    private long _total;

    /// <summary>Bytes received so far. Any thread may ask.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>About how many bytes will come; 0 before the first. Any thread may ask.</summary>
    public long Total => Volatile.Read(ref _total);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_piece.IsEmpty)
        {
            if (!await pieces.MoveNextAsync(timeout, cancellationToken))
            {
                return 0;
            }

            _piece = pieces.Current.Data.Memory;
            await file.WriteAsync(_piece, cancellationToken);
            Volatile.Write(ref _total, pieces.Current.TotalBytes);
            Volatile.Write(ref _received, _received + _piece.Length);
        }

        int count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("What comes from the server is waited for.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
