using System.CommandLine;

namespace SemCache.Peers.Commands;

/// <summary>Runs the command line and turns what went wrong into one line and an exit code.</summary>
/// <remarks>0: measured. 2: could not be measured.</remarks>
internal static class CommandRunner
{
    public const int Measured = 0;
    private const int NotMeasured = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Long enough for child processes to end and for their folders to be deleted.
            ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
        };
        try
        {
            ParseResult options = root.Parse(args);
            int code = await options.InvokeAsync(configuration);
            return options.Errors.Count == 0 ? code : NotMeasured;
        }
        catch (PeersException failure)
        {
            return Fail(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("Interrupted.");
        }
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return NotMeasured;
    }
}
