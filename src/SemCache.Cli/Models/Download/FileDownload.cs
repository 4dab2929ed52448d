using System.Net;
using System.Net.Http.Headers;

namespace SemCache.Cli.Models.Download;

/// <summary>What is to be had.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Path">Where it goes. Exists only once it is complete and checked.</param>
/// <param name="Size">Bytes, if known.</param>
/// <param name="Sha256">Its hash in hexadecimal, if known.</param>
internal sealed record FileToGet(Uri Address, string Path, long? Size, string? Sha256);

/// <summary>
/// Gets one file: streamed to a part file, continued after a break, retried after failures that may pass, checked
/// before it gets its name.
/// </summary>
internal sealed class FileDownload(MirrorClient mirror, DownloadSettings settings, TimeProvider time)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Gets the file and returns its SHA-256 in lower-case hexadecimal.</summary>
    /// <param name="file">The file.</param>
    /// <param name="progress">Told how many bytes are here.</param>
    /// <param name="cancellationToken">Ends the download; what has come stays for the next one.</param>
    /// <exception cref="DownloadException">The file cannot be had, or is another one.</exception>
    public async Task<string> RunAsync(FileToGet file, Action<long> progress, CancellationToken cancellationToken)
    {
        var part = new PartFile(file.Path);
        while (true)
        {
            var continued = part.Length > 0;
            await FetchAsync(file, part, progress, cancellationToken);
            var hash = await part.HashAsync(cancellationToken);
            if (file.Sha256 is null || hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            {
                part.Complete();
                return hash;
            }

            part.Clear();
            if (!continued)
            {
                throw DownloadException.WrongContent(
                    $"{file.Address} is not the file that was expected: its SHA-256 is {hash} instead of "
                    + $"{file.Sha256}");
            }

            // What was here from an earlier run may have been the wrong half.
            progress(0);
        }
    }

    private async Task FetchAsync(
        FileToGet file, PartFile part, Action<long> progress, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var before = part.Length;
            try
            {
                await AttemptAsync(file, part, progress, cancellationToken);
                return;
            }
            catch (TransientException exception)
            {
                failures = part.Length > before ? 1 : failures + 1;
                if (failures > settings.Retries)
                {
                    throw DownloadException.Unavailable(
                        $"{file.Address} cannot be read, {failures} attempts in a row failed: {exception.Message}");
                }

                await Task.Delay(settings.PauseBefore(failures, exception.RetryAfter), time, cancellationToken);
            }
        }
    }

    private async Task AttemptAsync(
        FileToGet file, PartFile part, Action<long> progress, CancellationToken cancellationToken)
    {
        // Without a hash, only a strong entity tag tells that the rest belongs to what is here.
        if (part.Length > file.Size || (part.Length > 0 && file.Sha256 is null && part.Version is null))
        {
            part.Clear();
        }

        var offset = part.Length;
        progress(offset);
        if (offset == file.Size)
        {
            return;
        }

        using var request = Request(file, part, offset);
        using var response = await mirror.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            if (offset == 0 || response.Content.Headers.ContentRange?.Length != offset)
            {
                part.Clear();
                throw new TransientException("the file there is shorter than what is here of it");
            }

            return;
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            part.Clear();
            offset = 0;
        }
        else if (response.Content.Headers.ContentRange?.From != offset)
        {
            part.Clear();
            throw new TransientException("the answer is another part of the file than was asked for");
        }

        long? total = response.Content.Headers.ContentLength + offset;
        if (file.Size is { } expected && total is { } offered && offered != expected)
        {
            throw DownloadException.WrongContent(
                $"{file.Address} is not the file that was expected: it has {offered} bytes instead of {expected}");
        }

        part.Version = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        await CopyAsync(response, file, part, offset, total, progress, cancellationToken);
    }

    private static HttpRequestMessage Request(FileToGet file, PartFile part, long offset)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, file.Address);
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
            if (part.Version is { } version)
            {
                request.Headers.IfRange = new RangeConditionHeaderValue(version);
            }
        }

        return request;
    }

    private async Task CopyAsync(
        HttpResponseMessage response, FileToGet file, PartFile part, long offset, long? total, Action<long> progress,
        CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var output = part.Append();
        var buffer = new byte[BufferBytes];
        var length = offset;
        while (await mirror.ReadAsync(body, buffer, cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > file.Size)
            {
                throw DownloadException.WrongContent(
                    $"{file.Address} is not the file that was expected: it has more than {file.Size} bytes");
            }

            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress(length);
        }

        output.Flush(flushToDisk: true);
        if (length < (file.Size ?? total))
        {
            throw new TransientException("the answer ended too early");
        }
    }
}
