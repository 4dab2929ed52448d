namespace SemCache.Cli.Options;

/// <summary>A scope as the command line gives it: <c>key=value</c>, any number of times.</summary>
internal static class ScopePairs
{
    /// <summary>Reads the pairs. A value may contain <c>=</c> and may be empty; a key may come only once.</summary>
    public static bool TryParse(
        IEnumerable<string> pairs, out Dictionary<string, string> scope, out string problem)
    {
        scope = [];
        problem = "";
        foreach (var pair in pairs)
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            if (separator <= 0)
            {
                problem = $"--scope must be key=value, not '{pair}'.";
                return false;
            }

            if (!scope.TryAdd(pair[..separator], pair[(separator + 1)..]))
            {
                problem = $"--scope has the key '{pair[..separator]}' twice.";
                return false;
            }
        }

        return true;
    }
}
