using SemCache.Core;

namespace SemCache.StorageBench.Appends;

/// <summary>A folder for one log, gone afterwards.</summary>
internal sealed class LogFolder(string parent) : IDisposable
{
    private readonly DirectoryInfo _folder =
        Directory.CreateDirectory(System.IO.Path.Combine(parent, $"semcache-bench-{Guid.NewGuid():N}"));

    /// <summary>The layout of every log here: the product's own.</summary>
    public static StorageOptions Options { get; } = new();

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
