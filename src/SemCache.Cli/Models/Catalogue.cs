using System.Text.Json;
using System.Text.Json.Serialization;

namespace SemCache.Cli.Models;

/// <summary>The encoders that this program knows by name: <c>models/catalogue.json</c>.</summary>
internal sealed record Catalogue
{
    private const string Resource = "catalogue.json";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public required IReadOnlyList<CatalogueModel> Models { get; init; }

    /// <summary>The catalogue that comes with the program.</summary>
    public static Catalogue Load()
    {
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program lacks its resource {Resource}.");
        return JsonSerializer.Deserialize<Catalogue>(stream, _json)
            ?? throw new InvalidOperationException($"The resource {Resource} is empty.");
    }

    /// <summary>The model of a name, in any case; null when there is none.</summary>
    public CatalogueModel? Find(string name) =>
        Models.FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
