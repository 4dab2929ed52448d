namespace SemCache.Core.Tests.Support;

/// <summary>A folder of its own for one test, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("semcache-test-").FullName;

    /// <summary>The first file of the entry log.</summary>
    public string FirstSegment => System.IO.Path.Combine(Path, "entries.log.0");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
