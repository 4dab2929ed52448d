using System.Net;

namespace SemCache.Cli.Models.Download;

/// <summary>Asks a mirror for files: one attempt, every failure told apart by whether it may pass.</summary>
internal sealed class MirrorClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;

    /// <param name="proxy">The proxy to use; null takes the one of the environment, if any.</param>
    /// <param name="timeout">Longest wait for an answer, and for the next bytes of it.</param>
    /// <param name="time">The clock.</param>
    public MirrorClient(Uri? proxy, TimeSpan timeout, TimeProvider time)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = timeout };
        if (proxy is not null)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        // A whole model may take hours; what counts is that bytes keep coming.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("semcache");
        _http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
        _timeout = timeout;
        _time = time;
    }

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    /// <exception cref="TransientException">No answer, or one that may be another one soon.</exception>
    /// <exception cref="DownloadException">Another attempt would fail in the same way.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await WithinTimeout(
            token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent
            or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        using (response)
        {
            throw Problem(response, request.RequestUri!);
        }
    }

    /// <summary>Reads the next bytes of an answer; 0 at its end.</summary>
    /// <exception cref="TransientException">The connection broke or went silent.</exception>
    public Task<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken) =>
        WithinTimeout(token => body.ReadAsync(buffer, token).AsTask(), cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> WithinTimeout<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientException($"no bytes for {_timeout.TotalSeconds:0.##} s (--timeout)");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError
            is HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            or HttpRequestError.UserAuthenticationError or HttpRequestError.VersionNegotiationError)
        {
            throw DownloadException.Unavailable(exception.GetBaseException().Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new TransientException(exception.GetBaseException().Message);
        }
    }

    private Exception Problem(HttpResponseMessage response, Uri asked)
    {
        var status = (int)response.StatusCode;
        var answer = $"{status} {response.ReasonPhrase}".TrimEnd();
        return status switch
        {
            408 or 429 or >= 500 => new TransientException($"the answer is {answer}", RetryAfter(response)),
            401 or 403 => DownloadException.Refused(
                $"{asked} may not be read ({answer}); does the mirror ask for a login?"),
            404 or 410 => DownloadException.Refused(
                $"{asked} does not exist ({answer}); is the mirror's address right, and does it have this model?"),
            407 => DownloadException.Refused($"The proxy asks for a login ({answer}): http://user:password@host:port"),
            // The client follows redirects, but never from HTTPS to HTTP, and not without end.
            >= 300 and < 400 => DownloadException.Refused(
                $"{asked} redirects to {response.Headers.Location}, which is not followed ({answer})"),
            _ => DownloadException.Refused($"{asked} cannot be read: the answer is {answer}"),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };
}
