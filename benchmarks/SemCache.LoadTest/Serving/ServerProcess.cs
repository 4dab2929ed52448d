using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SemCache.LoadTest.Serving;

/// <summary>A server that this tool started as a child process on free ports.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>How long a start may take until it serves.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(10);

    private const int SigTerm = 15;
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pollPause = TimeSpan.FromMilliseconds(5);

    private readonly Process _process;
    private readonly OutputTail _output = new();

    private ServerProcess(Process process, int grpcPort, int httpPort)
    {
        _process = process;
        GrpcAddress = new Uri($"http://127.0.0.1:{grpcPort}");
        HttpAddress = new Uri($"http://127.0.0.1:{httpPort}");
    }

    public Uri GrpcAddress { get; }

    public Uri HttpAddress { get; }

    public int Id => _process.Id;

    /// <summary>What processors have worked for the server so far, in user and kernel mode.</summary>
    /// <exception cref="NotMeasuredException">The server ended by itself.</exception>
    public TimeSpan ProcessorTime
    {
        get
        {
            ThrowIfEnded();
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The <see cref="Stopwatch"/> timestamp right before the process was started.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Starts a server and returns at once; <see cref="WaitUntilReadyAsync"/> waits for it.</summary>
    /// <param name="program">The server's dll.</param>
    /// <param name="storagePath">Where it keeps its entry log.</param>
    /// <param name="options">Options beside that, as <c>--SemCache:Key=value</c>.</param>
    public static ServerProcess Start(FileInfo program, string storagePath, params IEnumerable<string> options)
    {
        (int grpcPort, int httpPort) = FreePorts();
        var start = new ProcessStartInfo("dotnet", [program.FullName, .. options])
        {
            WorkingDirectory = program.DirectoryName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Kestrel__Endpoints__Grpc__Url"] = $"http://127.0.0.1:{grpcPort}";
        start.Environment["Kestrel__Endpoints__Http__Url"] = $"http://127.0.0.1:{httpPort}";
        start.Environment["SemCache__Storage__Path"] = storagePath;

        var server = new ServerProcess(new Process { StartInfo = start }, grpcPort, httpPort);
        server._output.Attach(server._process);
        server.StartedAt = Stopwatch.GetTimestamp();
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits for the first 200 of /readyz.</summary>
    /// <exception cref="NotMeasuredException">The server ended or was not ready in ten minutes.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        while (Stopwatch.GetElapsedTime(StartedAt) < StartPatience)
        {
            ThrowIfEnded();
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(HttpAddress, "/readyz"), cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(_pollPause, cancellation);
        }

        throw new NotMeasuredException($"The server was not ready in {StartPatience}.{_output}");
    }

    /// <summary>What /readyz says, whatever its status.</summary>
    public async Task<string> ReadinessAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.GetAsync(new Uri(HttpAddress, "/readyz"), cancellation);
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    /// <exception cref="NotMeasuredException">The server ended by itself.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
        {
            // Returns when the last line that the server wrote has been read, too.
            _process.WaitForExit();
            throw new NotMeasuredException($"The server ended with exit code {_process.ExitCode}.{_output}");
        }
    }

    /// <summary>Asks the server to end, as a service manager does, and kills it when it does not.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, SigTerm);
            using var patience = new CancellationTokenSource(_stopPatience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"The server did not stop in {_stopPatience} and is killed.");
                await KillAsync();
            }
        }
    }

    /// <summary>Ends the server without any chance to tidy up (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private static (int First, int Second) FreePorts()
    {
        // Both are held before either is released; otherwise the system may give the same one twice.
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
