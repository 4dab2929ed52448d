using SemCache.Cli.Models.Download;
using SemCache.Cli.Output;
using SemCache.Core;
using SemCache.Core.Embeddings;

namespace SemCache.Cli.Models;

/// <summary>What a pull did.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Folder">Its folder, in full.</param>
/// <param name="AlreadyThere">Whether the folder was complete before, and nothing was downloaded.</param>
/// <param name="Sha256">The hash of each file.</param>
/// <param name="TrustedOnFirstUse">The files whose hash was not known before, and is now in the manifest.</param>
internal sealed record PulledModel(
    string Model, string Folder, bool AlreadyThere, IReadOnlyDictionary<string, string> Sha256,
    IReadOnlyList<string> TrustedOnFirstUse);

/// <summary>
/// Gets the files of a model. They gather in <c>NAME.part</c>, and the folder gets its name when all of them and the
/// manifest are there: a model's folder is complete or does not exist. Nothing that has a name already is touched.
/// </summary>
internal sealed class ModelPull(FileDownload download, Uri mirror)
{
    private const string WayOut = "Move it away, or pull --into another folder.";

    private long _here;

    /// <summary>Bytes of the model that are here.</summary>
    public long Here => Volatile.Read(ref _here);

    /// <param name="model">The model.</param>
    /// <param name="into">The folder that gets the model's folder.</param>
    /// <param name="acceptUnpinned">Whether files of unknown hash may be had.</param>
    /// <param name="cancellationToken">Ends the pull; the next one goes on from there.</param>
    /// <exception cref="UsageException">The folder is taken, or a hash is not known.</exception>
    /// <exception cref="DownloadException">A file cannot be had, or is another one.</exception>
    public async Task<PulledModel> RunAsync(
        CatalogueModel model, string into, bool acceptUnpinned, CancellationToken cancellationToken)
    {
        var target = Path.GetFullPath(Path.Combine(into, model.Name));
        if (Directory.Exists(target) || File.Exists(target))
        {
            return Existing(model, target);
        }

        Check(model, acceptUnpinned);
        var gathering = target + ".part";
        Directory.CreateDirectory(gathering);
        CheckSpace(model, gathering);
        var sha256 = await GetAsync(model, gathering, cancellationToken);
        await File.WriteAllBytesAsync(
            Path.Combine(gathering, ModelManifest.FileName), model.Manifest(sha256).ToJson(), cancellationToken);
        Directory.Move(gathering, target);
        return new(
            model.Name, target, AlreadyThere: false, sha256,
            [.. model.Files.Where(file => file.Sha256 is null).Select(file => file.Name)]);
    }

    private static PulledModel Existing(CatalogueModel model, string target)
    {
        try
        {
            var manifest = ModelManifest.Load(target);
            if (manifest.Name == model.Name && model.Files.All(file => Matches(manifest, file)))
            {
                return new(model.Name, target, AlreadyThere: true, manifest.Sha256, []);
            }

            throw new UsageException($"{target} is another model ({manifest.Name}, {manifest.Source}). {WayOut}");
        }
        catch (CacheStartupException exception)
        {
            throw new UsageException($"{target} exists, but is no sound model: {exception.Message} {WayOut}");
        }
    }

    private static bool Matches(ModelManifest manifest, CatalogueFile file) =>
        manifest.Sha256.TryGetValue(file.Name, out var hash)
        && (file.Sha256 is null || hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase));

    // Trust on first use is trust in the way: it needs the user's word, and a way that nobody can tamper with.
    private void Check(CatalogueModel model, bool acceptUnpinned)
    {
        if (model.IsPinned)
        {
            return;
        }

        var files = string.Join(", ", model.Files.Where(file => file.Sha256 is null).Select(file => file.Name));
        if (!acceptUnpinned)
        {
            throw new UsageException(
                $"The hash of {files} of {model.Name} is not known, so nothing can tell whether the right file comes. "
                + "With --accept-unpinned it is taken as it comes, and its hash is written down.");
        }

        if (mirror.Scheme != Uri.UriSchemeHttps && !mirror.IsLoopback)
        {
            throw new UsageException(
                $"The hash of {files} of {model.Name} is not known: it needs a mirror with https, not {mirror}.");
        }
    }

    private static void CheckSpace(CatalogueModel model, string folder)
    {
        var needed = model.Files.Sum(file => file.Size ?? 0)
            - new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < needed)
        {
            throw new IOException(
                $"{model.Name} needs {Humanized.Bytes(needed)} more, but {folder} has {Humanized.Bytes(free)} free.");
        }
    }

    private async Task<Dictionary<string, string>> GetAsync(
        CatalogueModel model, string folder, CancellationToken cancellationToken)
    {
        Dictionary<string, string> sha256 = [];
        var before = 0L;
        foreach (var file in model.Files)
        {
            var path = Path.Combine(folder, file.Name);
            sha256[file.Name] = await SoundHashAsync(path, file, cancellationToken) ?? await download.RunAsync(
                new(Address(model, file), path, file.Size, file.Sha256),
                bytes => Volatile.Write(ref _here, before + bytes),
                cancellationToken);
            before += new FileInfo(path).Length;
        }

        return sha256;
    }

    // What an earlier run got is kept. A file of another version, pulled before the catalogue changed, is not.
    private static async Task<string?> SoundHashAsync(
        string path, CatalogueFile file, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var hash = await FileHash.OfAsync(path, cancellationToken);
        if (file.Sha256 is null || hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            return hash;
        }

        File.Delete(path);
        return null;
    }

    private Uri Address(CatalogueModel model, CatalogueFile file) =>
        new($"{mirror.AbsoluteUri.TrimEnd('/')}/{model.AddressOf(file)}");
}
