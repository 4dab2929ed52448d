using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>The operator's own configuration file, named on the command line: <c>--config /etc/semcache.json</c>.</summary>
internal static class ConfigurationFile
{
    private const string Argument = "config";

    /// <exception cref="CacheStartupException">The file does not exist or is no JSON.</exception>
    public static void Add(ConfigurationManager configuration, string[] args)
    {
        string? path = new ConfigurationBuilder().AddCommandLine(args).Build()[Argument];
        if (path is null)
        {
            return;
        }

        try
        {
            // Environment and command line are added again, so that they go on to win over files.
            configuration
                .AddJsonFile(Path.GetFullPath(path), optional: false, reloadOnChange: true)
                .AddEnvironmentVariables()
                .AddCommandLine(args);
        }
        catch (Exception exception) when (exception is FileNotFoundException or InvalidDataException)
        {
            throw new CacheStartupException($"The file {path} (--config) cannot be read: {exception.Message}", exception);
        }
    }
}
