using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;

namespace SemCache.Benchmarks;

/// <summary>A Garnet server on a free port of the loopback, in a process of its own: this program, started again.</summary>
internal static class GarnetProcess
{
    private const string Ready = "ready";

    // Garnet keeps vectors in its log and would drop what does not fit.
    private const string LogMemory = "8g";

    /// <summary>Starts a server and returns when it listens.</summary>
    public static async Task<(ChildProcess Process, int Port)> StartAsync(CancellationToken cancellation)
    {
        int port = FreePort();
        ChildProcess process = ChildProcess.Start(
            "dotnet",
            [typeof(GarnetProcess).Assembly.Location, GarnetCommand.Name, port.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            string line;
            do
            {
                line = await process.ReadLineAsync(cancellation);
            }
            while (line != Ready);

            return (process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the child process does: serves until its standard input is closed.</summary>
    public static void Serve(int port)
    {
        using var server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            EnableVectorSetPreview = true,
            LogMemorySize = LogMemory,
            QuietMode = true,
        });
        server.Start();
        Console.WriteLine(Ready);
        while (Console.In.Read() >= 0)
        {
            // Whatever comes is no command; only the end counts.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
