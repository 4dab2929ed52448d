using System.CommandLine;

namespace SemCache.IndexBench.Commands;

/// <summary>Runs the command line and turns what went wrong into one line and an exit code.</summary>
/// <remarks>0: measured. 1: measured, and the index was wrong. 2: could not be measured.</remarks>
internal static class CommandRunner
{
    public const int Right = 0;
    public const int Wrong = 1;
    private const int NotMeasured = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Long enough for large files of vectors to be deleted and for child processes to end.
            ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
        };
        try
        {
            ParseResult options = root.Parse(args);
            int code = await options.InvokeAsync(configuration);
            return options.Errors.Count == 0 ? code : NotMeasured;
        }
        catch (IndexBenchException failure)
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
