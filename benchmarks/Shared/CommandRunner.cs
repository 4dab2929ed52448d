using System.CommandLine;

namespace SemCache.Benchmarks;

/// <summary>Runs the command line of a measuring tool and turns what went wrong into one line and an exit code.</summary>
/// <remarks>0: measured. 1: measured, and what was measured was wrong. 2: could not be measured.</remarks>
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
            // Long enough for child processes to stop cleanly, and for their folders and large files to be deleted.
            ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
        };
        try
        {
            ParseResult options = root.Parse(args);
            int code = await options.InvokeAsync(configuration);
            return options.Errors.Count == 0 ? code : NotMeasured;
        }
        catch (NotMeasuredException failure)
        {
            return Fail(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail("Interrupted.");
        }
    }

    /// <summary>Says why nothing could be measured.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return NotMeasured;
    }
}
