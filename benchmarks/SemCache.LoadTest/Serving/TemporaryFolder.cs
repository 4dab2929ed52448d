namespace SemCache.LoadTest.Serving;

/// <summary>A folder that lives as long as this object.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("semcache-loadtest-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
