using Microsoft.Win32.SafeHandles;

namespace SemCache.Core.Storage;

/// <summary>Reads from a segment's file, as <see cref="RandomAccess.Read(SafeFileHandle, Span{byte}, long)"/> does. Tests put one that fails in its place.</summary>
/// <param name="file">The file.</param>
/// <param name="buffer">Receives bytes.</param>
/// <param name="offset">Where in the file they begin.</param>
/// <returns>How many were read; 0 at the end.</returns>
internal delegate int SegmentRead(SafeFileHandle file, Span<byte> buffer, long offset);
