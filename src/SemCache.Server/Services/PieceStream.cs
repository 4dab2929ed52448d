using Google.Protobuf;

namespace SemCache.Server.Services;

/// <summary>
/// Cuts what is written to it into pieces that fit into a message. Holds one piece and writes no faster than it is taken.
/// </summary>
/// <param name="send">Sends a piece, whose bytes are good until it returns.</param>
internal sealed class PieceStream(Func<ByteString, Task> send) : Stream
{
    /// <summary>Bytes of a piece: far below the 4 MiB that clients of gRPC take by default.</summary>
    public const int PieceBytes = 256 * 1024;

    private readonly byte[] _piece = new byte[PieceBytes];
    private int _filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int count = Math.Min(buffer.Length, PieceBytes - _filled);
            buffer[..count].CopyTo(_piece.AsMemory(_filled));
            _filled += count;
            buffer = buffer[count..];
            if (_filled == PieceBytes)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Sends what is there.</summary>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            await send(UnsafeByteOperations.UnsafeWrap(_piece.AsMemory(0, _filled)));
            _filled = 0;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("What is sent is waited for.");

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
