using System.CommandLine;
using Grpc.Core;

namespace SemCache.LoadTest.Commands;

/// <summary>Runs the command line and turns what went wrong into one line and an exit code.</summary>
/// <remarks>0: measured. 1: measured, and the server gave wrong answers. 2: could not be measured.</remarks>
internal static class CommandRunner
{
    public const int Right = 0;
    public const int WrongAnswers = 1;
    private const int NotMeasured = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Long enough for a child server to stop cleanly and for its folder to be deleted.
            ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
        };
        try
        {
            ParseResult options = root.Parse(args);
            int code = await options.InvokeAsync(configuration);
            return options.Errors.Count == 0 ? code : NotMeasured;
        }
        catch (LoadTestException failure)
        {
            return Fail(failure.Message);
        }
        catch (RpcException failure)
        {
            return Fail($"The server answered {failure.StatusCode}: {failure.Status.Detail}");
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
