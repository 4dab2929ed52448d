using SemCache.Peers.Commands;

namespace SemCache.Peers.Peers;

/// <summary>Compiles the C++ side of <see cref="HnswlibPeer"/> for this machine.</summary>
internal static class HnswlibProgram
{
    private const string Hint = "hnswlib needs a compiler and its header: apt-get install g++ libhnswlib-dev.";

    /// <summary>How it is compiled; said in the report.</summary>
    public const string Flags = "-O3 -march=native -std=c++17 -pthread";

    /// <summary>Compiles it into a folder and returns the program.</summary>
    /// <exception cref="NotMeasuredException">Compiler or header is missing, or the source does not compile.</exception>
    public static async Task<string> CompileAsync(string folder, CancellationToken cancellation)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "hnswlib", "hnswlib_peer.cpp");
        string program = Path.Combine(folder, "hnswlib_peer");
        ChildProcess compiler;
        try
        {
            compiler = ChildProcess.Start("g++", [.. Flags.Split(' '), "-o", program, source]);
        }
        catch (NotMeasuredException problem)
        {
            throw new NotMeasuredException(Hint, problem);
        }

        await using (compiler)
        {
            (int exitCode, string errors) = await compiler.WaitAsync(cancellation);
            return exitCode == 0 ? program
                : throw new NotMeasuredException(
                    errors.Contains("hnswlib/hnswlib.h: No such file", StringComparison.Ordinal)
                        ? Hint
                        : $"{Path.GetFileName(source)} does not compile:{errors}");
        }
    }
}
