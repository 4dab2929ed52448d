namespace SemCache.Cli.Models;

/// <summary>A row of the list of models.</summary>
/// <param name="Name">The name to call it by.</param>
/// <param name="Installed">Whether it is on this machine.</param>
/// <param name="InUse">Whether the configuration names it.</param>
/// <param name="Pinned">Whether the hash of each of its files is known before it is pulled.</param>
/// <param name="SizeBytes">Bytes of its files; null when not known.</param>
/// <param name="Problem">Why its manifest cannot be read; null when it can.</param>
/// <param name="Folder">Where it is, when it is on this machine.</param>
internal sealed record ModelListing(
    string Name, bool Installed, bool InUse, bool Pinned, long? SizeBytes, int? Dimension, int? Window,
    string? Languages, string? Licence, string? Source, string? Description, string? Notes, string? Problem,
    string? Folder)
{
    /// <summary>Joins what is here, first, with what else the catalogue knows, in its order.</summary>
    /// <param name="catalogue">The models that can be pulled.</param>
    /// <param name="installed">The models that are here.</param>
    /// <param name="inUse">The folder that the configuration names, in full; null when it names none.</param>
    public static IReadOnlyList<ModelListing> Create(
        Catalogue catalogue, IReadOnlyList<InstalledModel> installed, string? inUse) =>
    [
        .. installed.Select(model => Of(model, catalogue.Find(model.Name), model.Folder == inUse)),
        .. catalogue.Models
            .Where(known => installed.All(model => catalogue.Find(model.Name) != known))
            .Select(Of),
    ];

    private static ModelListing Of(InstalledModel model, CatalogueModel? known, bool inUse) => new(
        model.Name, Installed: true, inUse, Pinned: true, model.Size, model.Manifest?.Dimension, model.Manifest?.Window,
        known?.Languages, model.Manifest?.Licence, model.Manifest?.Source, known?.Description, known?.Notes,
        model.Problem, model.Folder);

    private static ModelListing Of(CatalogueModel known) => new(
        known.Name, Installed: false, InUse: false, known.IsPinned, known.Size, known.Dimension, known.Window,
        known.Languages, known.Licence, $"{known.Repository}@{known.Revision}", known.Description, known.Notes,
        Problem: null, Folder: null);
}
