using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>
/// A configuration file: <c>appsettings.json</c>, or the operator's own, named on the command line as
/// <c>--config /etc/semcache.json</c>. Watched: a change is applied at once; a file that has gone or is no JSON any more
/// is logged, and what it said last stays in force.
/// </summary>
internal sealed partial class ConfigurationFile(string path) : IConfigurationSource
{
    private const string Argument = "config";
    private const string Shipped = "appsettings.json";

    private static readonly TimeSpan _timeToFinishWriting = TimeSpan.FromMilliseconds(250);

    private readonly string _path = path;
    private ILogger? _logger;

    /// <summary>
    /// Takes over <c>appsettings.json</c> beside the program, and adds the file that the command line names, if any.
    /// </summary>
    /// <exception cref="CacheStartupException">A file does not exist or is no JSON.</exception>
    public static IReadOnlyList<ConfigurationFile> AddAll(ConfigurationManager configuration, string[] args)
    {
        List<ConfigurationFile> files = [];
        IList<IConfigurationSource> sources = configuration.Sources;
        if (sources.OfType<JsonConfigurationSource>().FirstOrDefault(source => source.Path == Shipped) is { } shipped)
        {
            var file = new ConfigurationFile(Path.Combine(AppContext.BaseDirectory, Shipped));
            Guard(file._path, () => sources[sources.IndexOf(shipped)] = file);
            files.Add(file);
        }

        if (new ConfigurationBuilder().AddCommandLine(args).Build()[Argument] is { } path)
        {
            // Environment and command line are added again, so that they go on to win over files.
            var file = new ConfigurationFile(Path.GetFullPath(path));
            IConfigurationBuilder builder = configuration;
            Guard(
                $"{file._path} (--{Argument})",
                () => builder.Add(file).AddEnvironmentVariables().AddCommandLine(args));
            files.Add(file);
        }

        return files;
    }

    /// <summary>Where changes that cannot be read are reported to; before this there was no logger.</summary>
    public void LogTo(ILogger logger) => _logger = logger;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(this);

    private static void Guard(string name, Action add)
    {
        try
        {
            add();
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new CacheStartupException(
                $"The configuration file {name} cannot be read: {exception.Message}", exception);
        }
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or FormatException or JsonException;

    private Dictionary<string, string?> Read()
    {
        using FileStream stream = File.OpenRead(_path);
        using var parsed = (ConfigurationRoot)new ConfigurationBuilder().AddJsonStream(stream).Build();
        return parsed.AsEnumerable()
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
    }

    [LoggerMessage(120, LogLevel.Error, "The changed file {Path} is ignored, what it said last stays in force: {Problem}")]
    private static partial void ChangeIgnored(ILogger logger, string path, string problem);

    // The framework's own provider of files empties itself when it cannot read a change, and tells nobody.
    private sealed class Provider : ConfigurationProvider, IDisposable
    {
        private readonly ConfigurationFile _file;
        private readonly PhysicalFileProvider _folder;
        private readonly IDisposable _subscription;

        public Provider(ConfigurationFile file)
        {
            _file = file;
            Data = file.Read();
            _folder = new PhysicalFileProvider(Path.GetDirectoryName(file._path)!);
            _subscription = ChangeToken.OnChange(
                () => _folder.Watch(Path.GetFileName(file._path)), () => _ = ReloadAsync());
        }

        public void Dispose()
        {
            _subscription.Dispose();
            _folder.Dispose();
        }

        private async Task ReloadAsync()
        {
            await Task.Delay(_timeToFinishWriting);
            try
            {
                Data = _file.Read();
            }
            catch (Exception exception) when (IsUnreadable(exception))
            {
                if (_file._logger is { } logger)
                {
                    ChangeIgnored(logger, _file._path, exception.Message);
                }

                return;
            }

            OnReload();
        }
    }
}
