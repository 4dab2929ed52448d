using System.Collections;
using System.Globalization;
using System.Reflection;
using SemCache.Core.Indexing;

namespace SemCache.Core.Configuration;

/// <summary>Describes the options in force as configuration keys and values.</summary>
internal static class EffectiveOptions
{
    private const string Mask = "***";

    // No option is a secret today; whatever is called like one is masked the day it is added.
    private static readonly string[] _secretNames = ["Secret", "Password", "Token", "Key", "Credential"];

    /// <param name="options">The options.</param>
    /// <param name="automatic">What the server has chosen, by key, for options that are not set.</param>
    public static IReadOnlyDictionary<string, string> Describe(
        CurrentOptions options, IReadOnlyDictionary<string, long> automatic)
    {
        var described = new SortedDictionary<string, string>(StringComparer.Ordinal);
        SemCacheOptions value = options.Value;
        Add(described, nameof(value.Model), value.Model);
        Add(described, nameof(value.Storage), value.Storage);
        Add(described, nameof(value.Limits), value.Limits);
        Add(described, nameof(value.Index), value.Index);
        Add(described, nameof(value.NamespaceDefaults), options.Defaults);
        foreach ((string name, NamespaceSettings settings) in options.ConfiguredNamespaces)
        {
            Add(described, $"{nameof(value.Namespaces)}:{name}", settings);
        }

        foreach ((string key, long chosen) in automatic)
        {
            described[key] = string.Create(CultureInfo.InvariantCulture, $"automatic: {chosen}");
        }

        return described;
    }

    private static void Add(SortedDictionary<string, string> described, string prefix, object group)
    {
        foreach (PropertyInfo property in group.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string key = $"{prefix}:{property.Name}";
            switch (property.GetValue(group))
            {
                case IReadOnlyDictionary<string, bool> switches:
                    foreach ((string name, bool isOn) in switches)
                    {
                        described[$"{key}:{name}"] = Show(isOn);
                    }

                    break;
                case IndexSettings index:
                    Add(described, key, index);
                    break;
                case var value:
                    bool isSecret = _secretNames.Any(name => property.Name.EndsWith(name, StringComparison.Ordinal));
                    described[key] = isSecret ? Mask : Show(value);
                    break;
            }
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "",
        // What no namespace comes to stands for no limit.
        long.MaxValue => "none",
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object>()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
