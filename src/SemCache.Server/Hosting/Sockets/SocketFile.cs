using System.Net.Sockets;
using SemCache.Core;

namespace SemCache.Server.Hosting.Sockets;

/// <summary>The file of a socket, held by a lock beside it: of two servers with the same path one is refused.</summary>
/// <remarks>
/// The lock's file stays: were it removed, one process could hold a file that is gone while another locks the next.
/// </remarks>
internal sealed class SocketFile : IDisposable
{
    private const string LockSuffix = ".lock";

    // ENXIO: what opening a socket's file says on Linux. No other file that can be opened for writing says so.
    private const int NoSuchDevice = 6;

    private readonly SocketEndpoint _endpoint;
    private readonly FileStream _lock;

    private SocketFile(SocketEndpoint endpoint, FileStream @lock)
    {
        _endpoint = endpoint;
        _lock = @lock;
    }

    /// <summary>Claims the path until this object is disposed of, or the process ends.</summary>
    /// <exception cref="CacheStartupException">Another process has it, or no file can be made there.</exception>
    public static SocketFile Take(SocketEndpoint endpoint)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        string path = endpoint.Path + LockSuffix;
        try
        {
            return new SocketFile(endpoint, new FileStream(path, options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CacheStartupException(
                $"The socket {endpoint.Path} ({endpoint.Key}) is in use by another process, or cannot be made: {exception.Message} "
                + "Stop that, or name another path.",
                exception);
        }
    }

    /// <summary>Removes the file that a process which is gone has left behind.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="CacheStartupException">A process listens there, or the file is no socket.</exception>
    public bool RemoveStale()
    {
        if (!Path.Exists(_endpoint.Path))
        {
            return false;
        }

        if (!IsSocket())
        {
            throw Refused("is a file of another kind: it is not touched. Remove it, or name another path");
        }

        if (IsAnswered())
        {
            throw Refused("is in use by another process: stop that, or name another path");
        }

        try
        {
            File.Delete(_endpoint.Path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused($"was left behind and cannot be removed: {exception.Message}", exception);
        }
    }

    /// <summary>A bound socket that does not listen yet: nobody can connect before the mode is set.</summary>
    /// <exception cref="CacheStartupException">The socket cannot be made.</exception>
    public Socket Bind()
    {
        Socket socket = NewSocket();
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(_endpoint.Path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_endpoint.Path, _endpoint.Mode);
            }

            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw Refused($"cannot be made: {exception.Message}", exception);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    // Refused by the kernel means that nobody listens. Non-blocking: a queue that is full is an answer too.
    private bool IsAnswered()
    {
        using Socket socket = NewSocket();
        socket.Blocking = false;
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(_endpoint.Path));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    // A connection to an ordinary file is refused just as one to a stale socket. Opened for both ways: a pipe does not wait then.
    private bool IsSocket()
    {
        try
        {
            File.OpenHandle(_endpoint.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (IOException exception)
        {
            return exception.HResult == NoSuchDevice;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Refused($"is there already and cannot be opened: {exception.Message}", exception);
        }
    }

    private CacheStartupException Refused(string why, Exception? inner = null) =>
        new($"The socket {_endpoint.Path} ({_endpoint.Key}) {why}.", inner);
}
