using System.Security.Cryptography;

namespace SemCache.Core.Storage.Backup;

/// <summary>Reads a captured file once, from its beginning to its end, and hashes it on the way.</summary>
internal sealed class SourceStream(CapturedFile file) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>SHA-256 of what was read so far, in lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override bool CanRead => true;

    // The archive takes the length from a stream only if it can seek; it does not.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Content.Length;

    public override long Position
    {
        get => file.Content.Position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="CacheUnavailableException">The file cannot be read.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = file.Content.Read(buffer);
            _hash.AppendData(buffer[..read]);
            return read;
        }
        catch (IOException exception)
        {
            // Not an I/O error of the connection that the archive goes to.
            throw new CacheUnavailableException($"{file.Name} cannot be read: {exception.Message}", exception);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<int>(Read(buffer.Span));
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
