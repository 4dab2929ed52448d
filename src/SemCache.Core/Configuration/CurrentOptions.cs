using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Core.Matching.Guards;

namespace SemCache.Core.Configuration;

/// <summary>
/// The options in force. Follows the configuration while the server runs; a change that does not validate is logged
/// and the last sound options stay in force, so that a typing error in a file never stops lookups.
/// </summary>
/// <remarks>
/// Immutable snapshots behind one volatile reference: a reader takes one and needs no lock. Who replaces it holds
/// <see cref="_gate"/>, so that a reload beside <see cref="Use"/> cannot bring back options without the model.
/// </remarks>
internal sealed class CurrentOptions : IDisposable
{
    private readonly IConfiguration _section;
    private readonly InstalledGuards _guards;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();
    private ModelManifest? _model;
    private volatile Snapshot _current;

    /// <exception cref="CacheStartupException">The options hold mistakes; the message lists them all.</exception>
    public CurrentOptions(IConfiguration section, InstalledGuards guards, ILogger<CurrentOptions> logger)
    {
        _section = section;
        _guards = guards;
        _logger = logger;
        _current = Read();
        _subscription = ChangeToken.OnChange(section.GetReloadToken, Reload);
    }

    /// <summary>Raised after changed options have come into force.</summary>
    public event Action? Changed;

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

    /// <summary>Fills from the model what namespaces leave open, from now on.</summary>
    /// <exception cref="CacheStartupException">
    /// An option does not go with the model; the message lists all that do not.
    /// </exception>
    public void Use(ModelManifest model)
    {
        lock (_gate)
        {
            _model = model;
            _current = Read();
        }
    }

    public void Dispose() => _subscription.Dispose();

    private Snapshot Read()
    {
        var options = new SemCacheOptions();
        try
        {
            // A misspelt key must not be taken for the default.
            _section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            throw new CacheStartupException(
                $"The configuration cannot be read: {BindingProblem.Describe(_section, exception)}.", exception);
        }

        IReadOnlyList<string> mistakes = SemCacheOptionsValidator.Validate(options, _guards, _model);
        return mistakes.Count == 0
            ? new Snapshot(options, _guards, _model)
            : throw new CacheStartupException("The configuration is wrong: " + string.Join("; ", mistakes) + ".");
    }

    private void Reload()
    {
        try
        {
            lock (_gate)
            {
                _current = Read();
            }

            Log.OptionsReloaded(_logger);
            Changed?.Invoke();
        }
        catch (CacheStartupException exception)
        {
            Log.OptionsRejected(_logger, exception.Message);
        }
    }

    private sealed class Snapshot(SemCacheOptions options, InstalledGuards guards, ModelManifest? model)
    {
        public SemCacheOptions Options { get; } = options;

        public NamespaceSettings Defaults { get; } = NamespaceSettings.Resolve(
            null, options.NamespaceDefaults, guards, model);

        public Dictionary<string, NamespaceSettings> Namespaces { get; } = options.Namespaces.ToDictionary(
            pair => pair.Key,
            pair => NamespaceSettings.Resolve(pair.Value, options.NamespaceDefaults, guards, model),
            StringComparer.OrdinalIgnoreCase);
    }
}
