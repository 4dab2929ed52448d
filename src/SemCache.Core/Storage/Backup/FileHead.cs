using Microsoft.Win32.SafeHandles;

namespace SemCache.Core.Storage.Backup;

/// <summary>
/// The first bytes of a file that others may go on to write or delete. Its length is fixed when it is opened.
/// </summary>
internal sealed class FileHead : Stream
{
    private readonly SafeFileHandle _file;
    private long _position;

    /// <param name="file">The file; closed with this.</param>
    /// <param name="most">Bytes to read of it; fewer if it is shorter.</param>
    public FileHead(SafeFileHandle file, long most)
    {
        _file = file;
        Length = Math.Min(most, RandomAccess.GetLength(file));
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="EndOfStreamException">The file was cut meanwhile.</exception>
    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, Length - _position);
        if (wanted <= 0)
        {
            return 0;
        }

        int read = RandomAccess.Read(_file, buffer[..wanted], _position);
        _position += read;
        return read > 0 ? read : throw new EndOfStreamException("a segment became shorter while it was read");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
