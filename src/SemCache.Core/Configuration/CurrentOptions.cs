using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Configuration;

/// <summary>
/// The options in force. Follows the configuration while the server runs; a change that does not validate is logged
/// and the last sound options stay in force, so that a typing error in a file never stops lookups.
/// </summary>
/// <remarks>Immutable snapshots behind one volatile reference: a reader takes one and needs no lock.</remarks>
internal sealed class CurrentOptions : IDisposable
{
    private readonly IConfiguration _section;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;
    private volatile Snapshot _current;

    /// <exception cref="CacheStartupException">The options hold mistakes; the message lists them all.</exception>
    public CurrentOptions(IConfiguration section, ILogger<CurrentOptions> logger)
    {
        _section = section;
        _logger = logger;
        _current = new Snapshot(Read(section));
        _subscription = ChangeToken.OnChange(section.GetReloadToken, Reload);
    }

    /// <summary>The options as bound at start or at the last sound change.</summary>
    public SemCacheOptions Value => _current.Options;

    /// <summary>The resolved options of one namespace. One dictionary read.</summary>
    public NamespaceSettings Namespace(string name)
    {
        Snapshot current = _current;
        return current.Namespaces.TryGetValue(name, out NamespaceSettings? own) ? own : current.Defaults;
    }

    /// <summary>Every namespace that has options of its own.</summary>
    public IReadOnlyDictionary<string, NamespaceSettings> ConfiguredNamespaces => _current.Namespaces;

    /// <summary>The resolved options of a namespace that has none of its own.</summary>
    public NamespaceSettings Defaults => _current.Defaults;

    public void Dispose() => _subscription.Dispose();

    private static SemCacheOptions Read(IConfiguration section)
    {
        var options = new SemCacheOptions();
        try
        {
            // A misspelt key must not be taken for the default.
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            throw new CacheStartupException($"The configuration cannot be read: {exception.Message}", exception);
        }

        IReadOnlyList<string> mistakes = SemCacheOptionsValidator.Validate(options);
        return mistakes.Count == 0
            ? options
            : throw new CacheStartupException("The configuration is wrong: " + string.Join("; ", mistakes) + ".");
    }

    private void Reload()
    {
        try
        {
            _current = new Snapshot(Read(_section));
            Log.OptionsReloaded(_logger);
        }
        catch (CacheStartupException exception)
        {
            Log.OptionsRejected(_logger, exception.Message);
        }
    }

    private sealed class Snapshot(SemCacheOptions options)
    {
        public SemCacheOptions Options { get; } = options;

        public NamespaceSettings Defaults { get; } = NamespaceSettings.Resolve(null, options.NamespaceDefaults);

        public Dictionary<string, NamespaceSettings> Namespaces { get; } = options.Namespaces.ToDictionary(
            pair => pair.Key,
            pair => NamespaceSettings.Resolve(pair.Value, options.NamespaceDefaults),
            StringComparer.OrdinalIgnoreCase);
    }
}
