using SemCache.Core;
using SemCache.Core.Embeddings;

namespace SemCache.Cli.Models;

/// <summary>A model that is on this machine.</summary>
/// <param name="Folder">Its folder, in full.</param>
/// <param name="Manifest">What its manifest says; null when the manifest cannot be read.</param>
/// <param name="Problem">Why the manifest cannot be read.</param>
internal sealed record InstalledModel(string Folder, ModelManifest? Manifest, string? Problem)
{
    /// <summary>The name to call it by: that of its folder.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>Bytes of all its files.</summary>
    public long Size =>
        new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}

/// <summary>
/// Where models are: a folder of the operator's with one folder a model, and the one beside the program.
/// </summary>
internal sealed class ModelsFolder(string path)
{
    public const string Default = "models";

    private readonly string _own = System.IO.Path.GetFullPath(path);
    private readonly string _shipped = System.IO.Path.Combine(AppContext.BaseDirectory, Default);

    /// <summary>All models, by name. One of the operator's hides one of the same name beside the program.</summary>
    public IReadOnlyList<InstalledModel> List() =>
    [
        .. new[] { _own, _shipped }
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(IsModel)
            .Select(Read)
            .DistinctBy(model => model.Name, StringComparer.OrdinalIgnoreCase)
            .OrderBy(model => model.Name, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>
    /// The folder of a model that is named by its folder's path, or by its name in the models' folder.
    /// </summary>
    /// <exception cref="UsageException">There is none.</exception>
    public string Find(string nameOrFolder, Catalogue catalogue)
    {
        var places = new[] { Environment.CurrentDirectory, _own, _shipped };
        var folders = places.Select(place => System.IO.Path.GetFullPath(nameOrFolder, place));
        if (folders.FirstOrDefault(IsModel) is { } found)
        {
            return System.IO.Path.TrimEndingDirectorySeparator(found);
        }

        throw new UsageException(catalogue.Find(nameOrFolder) is { } known
            ? $"The model {known.Name} is not in {_own}; get it with: semcache model pull {known.Name}"
            : $"There is no model {nameOrFolder}: it is no folder with a {ModelManifest.FileName}, not in {_own}, and "
                + "not one of those that semcache model list shows.");
    }

    public static bool IsModel(string folder) => File.Exists(System.IO.Path.Combine(folder, ModelManifest.FileName));

    private static InstalledModel Read(string folder)
    {
        try
        {
            return new(folder, ModelManifest.Parse(System.IO.Path.Combine(folder, ModelManifest.FileName)), null);
        }
        catch (CacheStartupException exception)
        {
            return new(folder, null, exception.Message);
        }
    }
}
