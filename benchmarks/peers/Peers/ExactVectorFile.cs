using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Peers.Data;

namespace SemCache.Peers.Peers;

/// <summary>
/// Vectors in a file, read back one at a time, as the server reads them from its entry log. For entries of
/// <see cref="RowEntry"/>.
/// </summary>
internal sealed class ExactVectorFile : IExactVectors, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly int _bytes;

    public ExactVectorFile(VectorTable vectors)
    {
        _bytes = vectors.Dimension * sizeof(float);
        _file = File.OpenHandle(
            Path.Combine(Path.GetTempPath(), $"semcache-peers-{Guid.NewGuid():N}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            FileOptions.DeleteOnClose);
        for (int row = 0; row < vectors.Rows; row++)
        {
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(vectors.Row(row)), (long)row * _bytes);
        }
    }

    public bool TryRead(Entry entry, Span<float> vector) =>
        RandomAccess.Read(_file, MemoryMarshal.AsBytes(vector), (long)RowEntry.RowOf(entry) * _bytes) == _bytes;

    public void Dispose() => _file.Dispose();
}
